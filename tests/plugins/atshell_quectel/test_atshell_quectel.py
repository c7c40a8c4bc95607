"""The facts of the four Quectel manuals that tell the models apart."""

from __future__ import annotations

import pytest

from atshell.catalog.load import load_manuals
from atshell.catalog.lookup import Catalog, Entry
from atshell.catalog.model import Parameter, Topic
from atshell.catalog.profile import Profile, meets
from atshell_quectel.plugin import atshell_manuals

CATALOG = Catalog(load_manuals(atshell_manuals()))
MODELS = {
    "quectel-bc35g-bc28-bc95r2-cmdmp": ["BC35-G", "BC28", "BC95 R2.0"],
    "quectel-bc26-bc20-cmdmp": ["BC26", "BC20"],
    "quectel-bc260y-self-registration": ["BC260Y-CN"],
    "quectel-bc25-bc32-self-registration": ["BC25", "BC25-B5", "BC25-B8", "BC32", "BC32-B8"],
}


def entry(name: str, model: str) -> Entry:
    found = CATALOG.find(name, Profile(CATALOG.model(model).model))
    assert found is not None
    return found


def parameter(name: str, wanted: str, model: str) -> Parameter:
    return next(one for one in entry(name, model).command.parameters if one.name == wanted)


def procedure(model: str, operator: str) -> Topic:
    pages = CATALOG.topics("self-registration", Profile(model))
    (found,) = (page.topic for page in pages if page.topic.facts["operator"] == operator)
    return found


def test_every_manual_has_its_models() -> None:
    assert {one.id: [model.model for model in one.models] for one in CATALOG.manuals} == MODELS
    assert {one.id: [command.command for command in one.commands] for one in CATALOG.manuals} == {
        "quectel-bc35g-bc28-bc95r2-cmdmp": ["AT+DMPCONFIG"],
        "quectel-bc26-bc20-cmdmp": ["AT+QDMPCFG", "AT+QDMPCFGEX"],
        "quectel-bc260y-self-registration": ["AT+QSREGENABLE", "AT+QDMPCFG", "AT+QDMPCFGEX"],
        "quectel-bc25-bc32-self-registration": ["AT+QSELFREGISTER", "AT+QDMPCFG", "AT+QDMPCFGEX"],
    }


@pytest.mark.parametrize("name", ["BC95 R2.0", "bc95", "BC95R2.0", "BC95-R2.0"])
def test_bc95_is_known_by_more_than_one_name(name: str) -> None:
    assert CATALOG.model(name).model == "BC95 R2.0"


@pytest.mark.parametrize(
    ("command", "model", "names"),
    [
        ("AT+DMPCONFIG", "BC28", "dmMode serverIp serverPort updatePeriod appkey password ifType tmIMEI"),
        ("AT+QDMPCFG", "BC20", "dmMode serverIp serverPort updatePeriod appkey password tmlType tmlIMEI"),
        ("AT+QDMPCFG", "BC260Y", "DM_Mode serverIP server_Port update_Period APPkey password tmlType tmIMEI"),
        ("AT+QDMPCFG", "BC32", "DM_mode server_IP server_port update_period APP_key password tml_type tml_IMEI"),
    ],
)
def test_each_manual_keeps_its_own_spelling(command: str, model: str, names: str) -> None:
    found = [one.name for one in entry(command, model).command.parameters]
    assert found[0] == "type"
    assert found[1:9] == names.split()


def test_bc95_has_its_own_default_and_rule() -> None:
    for model, period, optional in (("BC35-G", 86400, True), ("BC28", 86400, True), ("BC95 R2.0", 900, False)):
        assert parameter("AT+DMPCONFIG", "updatePeriod", model).default == period
        assert parameter("AT+DMPCONFIG", "serverIp", model).optional is optional
        assert parameter("AT+DMPCONFIG", "serverPort", model).optional is optional
        assert any(one.send == ["AT+DMPCONFIG=1, , ,300"] for one in entry("+DMPCONFIG", model).command.examples) is (
            optional
        )
    assert parameter("AT+DMPCONFIG", "updatePeriod", "BC95").range == (300, 4294966)


def test_only_one_kind_of_firmware_talks_to_cmdmp() -> None:
    when = entry("AT+DMPCONFIG", "BC28").command.when
    assert meets(when, Profile("BC28", "BC28JAR01A10_ONT"))
    assert not meets(when, Profile("BC28", "BC28JAR01A10"))


def test_what_the_manuals_say_of_times_and_storage() -> None:
    for model in ("BC26", "BC260Y-CN", "BC25"):
        for command in ("AT+QDMPCFG", "AT+QDMPCFGEX"):
            found = entry(command, model).command
            assert (found.max_response_ms, found.persistent, found.needs_reboot) == (300, True, True)
    assert parameter("AT+QDMPCFG", "server_port", "BC25").range == (1000, 65535)
    assert parameter("AT+QDMPCFG", "server_Port", "BC260Y").range == (1, 65535)


def test_the_lengths_of_what_cmdmp_is_told() -> None:
    for model in ("BC26", "BC260Y-CN", "BC25"):
        told = [one for one in entry("AT+QDMPCFGEX", model).command.parameters if one.quoted]
        assert [one.max_length for one in told] == [255, 19, 19, 19, 19, 47, 47, 47, 7, 19, 47, 19, 255]
        assert [one.when["type"][0] for one in told] == [0, 1, 2, 2, 2, 2, 3, 3, 4, 4, 4, 4, 5]


@pytest.mark.parametrize(
    ("model", "firmware", "on"),
    [
        ("BC25", "BC25PAR01A04", 1),
        ("BC25", "BC25PAR01A05", 0),
        ("BC25", "BC25PAR01A10", 0),
        ("BC25", "BC25PAR01A03_BT", 1),
        ("BC25", "BC25PAR01A04_BT", 0),
        ("BC25-B5", "BC25B5PAR01A04", 1),
        ("BC25-B5", "BC25B5PAR01A05", 0),
        ("BC25-B8", "BC25B8PAR01A05", 1),
        ("BC25-B8", "BC25B8PAR01A06", 0),
        ("BC32", "BC32RAR01A03", 1),
        ("BC32", "BC32RAR01A04", 0),
        ("BC32-B8", "BC32B8RAR01A01", 1),
        ("BC32-B8", "BC32B8RAR02A01", 0),
    ],
)
def test_the_firmware_decides_whether_self_registration_is_on(model: str, firmware: str, on: int) -> None:
    mode = parameter("AT+QSELFREGISTER", "mode", model)
    assert mode.default is None
    profile = Profile(model, firmware)
    assert [default.value for default in mode.defaults if meets(default.when, profile)] == [on]


def test_the_operators_of_each_model() -> None:
    others = {"BC25": ["cmcc", "ctcc", "cucc"], "BC25-B5": ["ctcc"], "BC260Y-CN": ["ctcc", "cmcc"]}
    for model in CATALOG.models():
        assert model.operators == others.get(model.model, ["cmcc"])


def test_after_an_upgrade_the_answer_may_be_3() -> None:
    asked, answered = (one for one in entry("AT+QSREGENABLE", "BC260Y").command.parameters if one.name == "mode")
    assert (list(asked.values), list(answered.values)) == (["0", "1"], ["0", "1", "3"])
    assert meets(answered.values["3"].when, Profile("BC260Y-CN", "BC260YCNAAR01A04"))
    assert not meets(answered.values["3"].when, Profile("BC260Y-CN", "BC260YCNAAR01A03"))


@pytest.mark.parametrize(
    ("model", "operator", "section", "facts"),
    [
        ("BC25", "ctcc", "2.1", {"resends": 4, "intervals_s": [3, 6, 12, 24], "rounds": 2, "round_pause_s": 3600}),
        ("BC25", "cucc", "2.2", {"resends": 4, "rounds": 2, "round_pause_s": 3600, "update_s": 30 * 86400}),
        ("BC32", "cmcc", "2.3", {"resends": 4, "intervals_s": [2, 4, 8, 16], "total_s": 30, "update_s": 86400}),
        ("BC260Y-CN", "ctcc", "2.1", {"rounds": 2, "round_pause_s": 3600}),
        ("BC260Y-CN", "cmcc", "2.2", {"resends": 5, "intervals_s": [2, 4, 8, 16, 32, 64], "total_s": 128}),
        ("BC28", "cmcc", "2.1", {"update_s": 86400}),
        ("BC95 R2.0", "cmcc", "2.1", {"update_s": 900}),
    ],
)
def test_the_self_registration_procedures(
    model: str, operator: str, section: str, facts: dict[str, int | list[int]]
) -> None:
    found = procedure(model, operator)
    assert found.section == section
    assert {name: found.facts[name] for name in facts} == facts


def test_what_deep_sleep_does_to_them() -> None:
    """BC25 manual 2.1.4, 2.2.4 and 2.3.2, BC260Y-CN manual 2.1.4 and 2.2.4."""
    said = {
        key: procedure(*key).facts["asleep"]
        for key in (("BC25", "ctcc"), ("BC25", "cucc"), ("BC25", "cmcc"), ("BC260Y-CN", "ctcc"), ("BC260Y-CN", "cmcc"))
    }
    assert list(said.values()) == ["wakes", "wakes", "left out", "left out", "wakes"]


def test_the_procedures_that_a_model_has_are_those_of_its_operators() -> None:
    for model in (one for one in CATALOG.models() if one.model in MODELS["quectel-bc25-bc32-self-registration"]):
        pages = CATALOG.topics("self-registration", Profile(model.model))
        assert {page.topic.facts["operator"] for page in pages} == set(model.operators)


@pytest.mark.parametrize(
    ("code", "bc28", "bc25"),
    [
        ("50", "incorrect parameters", "execution failed"),
        ("51", "command implemented but disabled at present", None),
        ("52", "command aborted by the user", "option not supported"),
        ("53", None, "invalid parameter"),
        ("500", "unknown error", "unknown error"),
    ],
)
def test_the_same_code_means_another_thing(code: str, bc28: str | None, bc25: str | None) -> None:
    for model, meaning in (("BC28", bc28), ("BC25", bc25), ("BC26", None)):
        known = CATALOG.error(code, Profile(model))
        assert (known[1].en if known else None) == meaning


def test_the_tables_are_whole() -> None:
    tables = {one.id: list(one.errors) for one in CATALOG.manuals}
    general = [300, 301, 302, 303, 304, 305, *range(310, 319), 320, 321, 322, 330, 331, 332, 340, 500]
    assert tables == {
        "quectel-bc35g-bc28-bc95r2-cmdmp": [str(code) for code in (3, 4, 23, 30, 50, 51, 52, 159, *general)],
        "quectel-bc26-bc20-cmdmp": [],
        "quectel-bc260y-self-registration": [],
        "quectel-bc25-bc32-self-registration": [str(code) for code in (3, 4, 23, 30, 50, 52, 53, 159, *general)],
    }


def test_a_private_key_is_a_secret_everywhere() -> None:
    secret = {
        (model.model, one.name)
        for model in CATALOG.models()
        for found in CATALOG.entries(Profile(model.model))
        for one in found.command.parameters
        if one.secret
    }
    assert secret == {(model.model, "password") for model in CATALOG.models()}
