"""What the OneMO manual (LwM2M manual 4.4.0) says of the platforms: how they behave, which hosts they have.

Of the login examples in chapter 5, OneNET alone has a bootstrap server. It observes every instance, discovers every
object and reads Device; Yanfei observes; CTWing and Huawei Cloud observe resource 0 of object 19's instance 0, which
carries the data upwards.
"""

from __future__ import annotations

from atshell_lwm2m.endpoint.habits import Habits
from atshell_lwm2m.endpoint.world import Known

DEFAULT_HOST = "nbiotbt.heclouds.com"
"""Where AT+MIPLCREATE without parameters leads (section 3.1: OneNET's main platform, by bootstrap)."""
BOOTSTRAP_HOSTS = (DEFAULT_HOST, "183.230.40.39", "183.230.40.149")
SERVER_HOSTS = (
    "nbiotacc.heclouds.com",
    "183.230.40.40",
    "221.229.214.202",
    "dmp-coap.cuiot.cn",
    "iot-coaps.cn-north-4.myhuaweicloud.com",
)
"""Sections 4.6, 4.7 and 5.1 to 5.7."""
DATA_OBJECT, UPWARDS = 19, "/19/0/0"

_DATA = Habits(bootstrap=False, observe=True, instead={DATA_OBJECT: UPWARDS})
HABITS = {
    "onenet": Habits(bootstrap=True, observe=True, discover=True, read_device=True),
    "ctwing": _DATA,
    "yanfei": Habits(bootstrap=False, observe=True),
    "huawei": _DATA,
}
KNOWN = Known(HABITS, BOOTSTRAP_HOSTS, SERVER_HOSTS)
