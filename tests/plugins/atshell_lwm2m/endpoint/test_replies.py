from __future__ import annotations

from atshell_lwm2m.endpoint.exchange import Reply
from atshell_lwm2m.endpoint.registration import Registration
from atshell_lwm2m.endpoint.replies import reply_fields


def test_replies():
    fields = reply_fields(Reply("2.05", b"\xe4\x16\x76abcd", 11542), "/3200/0")
    assert fields["value"] == "abcd"
    assert fields["resources"][0]["path"] == "/3200/0/5750"
    assert reply_fields(Reply("2.05", b"</3200/0>", 40), "/3200")["links"] == ["/3200/0"]
    assert reply_fields(Reply("2.05", b"23", 0), "/3200/0/5501")["value"] == 23
    assert reply_fields(Reply("4.04", b"who?"), "/3200/0") == {"ok": False, "code": "4.04", "text": "who?"}
    assert reply_fields(Reply("2.04"), "/3200/0") == {"ok": True, "code": "2.04"}
    broken = reply_fields(Reply("2.05", b"\xe4\x16", 11542), "/3200/0")
    assert (broken["ok"], broken["payload"]) == (False, "e416")
    assert reply_fields(Reply("2.05", b"?", 999), "/3200/0")["payload"] == "3f"


def test_values_are_remembered_of_the_client():
    client = Registration("name", "location", ("h", 1))
    pack = b'[{"n":"/3/0/9","v":95},{"n":"/3303/0/5700","v":20.5}]'
    fields = reply_fields(Reply("2.05", pack, 110), "", client)
    assert [one["value"] for one in fields["resources"]] == [95, 20.5]
    assert "value" not in fields
    assert client.values == {"/3/0/9": 95, "/3303/0/5700": 20.5}
