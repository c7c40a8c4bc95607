"""Who registers, when, and how often: every model with every operator, through years that are turned by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from atshell.emulator.storage import Storage, StorageFailure

from .conftest import CATALOG, CHANGED, CREATED, INTERNAL, LOCATION, Bench, MakeBench, obliging, piggybacked, silent
from .schedules import BY_NAME, DAY, HOUR, SCHEDULES, Schedule

THOUSAND_DAYS = 1000 * DAY


def state(module: Bench) -> int:
    name = "AT+DMPCONFIG" if "+DMPCONFIG" in module.module.handlers else "AT+QDMPCFG"
    answer, ok = module.ask(f"{name}=6")
    assert ok == "OK"
    return int(answer.rpartition(",")[2])


def switched_on(bench: MakeBench, schedule: Schedule, state: Path | None = None, **more: object) -> Bench:
    """A module that has just joined the network; its sky has seen nothing yet."""
    module = bench(schedule.model, schedule.firmware, state, operator=schedule.operator, **more)
    if schedule.model == "BC260Y-CN" and schedule.operator == "ctcc":
        assert module.ask("AT+QSREGENABLE=1") == ["OK"]
        module.clock.advance(0)
        module.reboot()
    return module


def times(module: Bench) -> list[float]:
    """Since the first packet."""
    first = module.sky.times[0] if module.sky.sent else 0.0
    return [round(time - first, 3) for time in module.sky.times]


class Deaf:
    """A server that takes the packet of one number only: of each message, or of all packets."""

    def __init__(self, number: int, *, each: bool = True) -> None:
        self.number = number
        self.each = each
        self.mid = b""
        self.heard = 0

    def __call__(self, data: bytes) -> bytes | None:
        self.heard = self.heard + 1 if not self.each or data[2:4] == self.mid else 1
        self.mid = data[2:4]
        return obliging(data) if self.heard == self.number else None


@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
def test_a_thousand_days_with_a_server_that_answers(bench: MakeBench, schedule: Schedule) -> None:
    module = switched_on(bench, schedule, server=obliging)
    days = 1000
    module.clock.advance(days * DAY)
    expected = [0.0]
    if schedule.update is not None:
        expected += [schedule.update * number for number in range(1, int(days * DAY / schedule.update) + 1)]
    assert times(module) == expected[: len(module.sky.sent)]
    assert len(module.sky.sent) in (len(expected), len(expected) - 1)  # what falls due at the very end
    assert len({data[2:4] for _, data in module.sky.sent}) == min(len(module.sky.sent), 1 << 16)
    if schedule.operator == "cmcc":
        assert state(module) == 11


@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
def test_a_thousand_days_with_nobody(bench: MakeBench, schedule: Schedule) -> None:
    module = switched_on(bench, schedule)
    module.clock.advance(THOUSAND_DAYS)
    assert times(module) == schedule.in_vain
    assert len({data for _, data in module.sky.sent}) == schedule.rounds  # a resend is the same message
    if schedule.operator == "cmcc":
        assert state(module) == 8
    module.reboot()
    module.clock.advance(THOUSAND_DAYS)
    assert len(module.sky.sent) == 2 * len(schedule.in_vain)


@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
def test_a_thousand_days_with_a_server_that_hears_the_third_packet(bench: MakeBench, schedule: Schedule) -> None:
    module = switched_on(bench, schedule, server=Deaf(3))
    days = 1000 if schedule.update != 900 else 20
    module.clock.advance(days * DAY)
    third = schedule.packets[2]
    expected = schedule.packets[:3]
    if schedule.update is not None:
        # China Unicom's update counts from the last success, CMDMP's keeps the beat of the first.
        beat = schedule.update + (third if schedule.operator == "cucc" else 0)
        for number in range(int(days * DAY / beat)):
            start = third + schedule.update + number * beat
            expected += [start + packet for packet in schedule.packets[:3]]
    seen = times(module)
    assert seen == [time for time in expected if time <= seen[-1]]
    assert expected[-1] - seen[-1] <= (schedule.update or 0)


@pytest.mark.parametrize("name", ["BC25 ctcc", "BC25 cucc", "BC260Y-CN ctcc"])
def test_a_round_that_fails_is_followed_by_two_an_hour_apart(bench: MakeBench, name: str) -> None:
    schedule = BY_NAME[name]
    module = switched_on(bench, schedule, server=Deaf(12, each=False))
    module.clock.advance(DAY)
    assert times(module) == schedule.in_vain[:12]


@pytest.mark.parametrize("name", ["BC25 ctcc", "BC25 cucc", "BC260Y-CN ctcc"])
def test_only_firmware_and_card_that_are_new_are_reported(bench: MakeBench, name: str, tmp_path: Path) -> None:
    schedule = BY_NAME[name]
    module = switched_on(bench, schedule, tmp_path, server=obliging)
    module.clock.advance(HOUR)
    module.reboot()
    module.power_cycle()
    module.clock.advance(HOUR)
    assert len(module.sky.sent) == 1
    module.end()

    again = bench(schedule.model, schedule.firmware, tmp_path, operator=schedule.operator, server=obliging)
    again.clock.advance(HOUR)
    assert again.sky.sent == []
    again.end()

    newer = f"{schedule.firmware or 'BC260YCNAAR01A04'}9"
    updated = bench(schedule.model, newer, tmp_path, operator=schedule.operator, server=obliging)
    updated.ask("AT+QSELFREGISTER=1")  # later firmware has it off by default
    updated.clock.advance(1)
    updated.reboot()
    updated.clock.advance(HOUR)
    assert len(updated.sky.sent) == 1


def test_another_card_is_reported(bench: MakeBench) -> None:
    module = switched_on(bench, BY_NAME["BC25 ctcc"], server=obliging)
    module.clock.advance(1)
    iccid = json.loads(module.sky.sent[0][1][8:].partition(b"\xff")[2])["iccid"]
    module.device.identity = type(module.device.identity)(iccid="89860300000000000001")
    module.clock.advance(HOUR)
    assert len(module.sky.sent) == 1  # nobody looks while it runs
    module.reboot()
    assert len(module.sky.sent) == 2
    assert json.loads(module.sky.sent[1][1][8:].partition(b"\xff")[2])["iccid"] == "89860300000000000001" != iccid


def test_what_was_refused_is_reported_again(bench: MakeBench) -> None:
    schedule = BY_NAME["BC25 ctcc"]
    module = switched_on(bench, schedule, server=lambda data: piggybacked(data, INTERNAL))
    module.clock.advance(DAY)
    assert times(module) == [0, HOUR, 2 * HOUR]
    module.sky.server = obliging
    module.reboot()
    module.reboot()
    assert len(module.sky.sent) == 4


def test_a_memory_that_is_worn_out(bench: MakeBench, monkeypatch: pytest.MonkeyPatch) -> None:
    module = switched_on(bench, BY_NAME["BC25 ctcc"], server=obliging)

    def fail(self: Storage, changes: object) -> None:
        raise StorageFailure("no space left on device")

    monkeypatch.setattr(Storage, "write", fail)
    module.clock.advance(1)
    module.reboot()
    assert len(module.sky.sent) == 2


@pytest.mark.parametrize("model", [model.model for model in CATALOG.models()])
@pytest.mark.parametrize("operator", ["cmcc", "ctcc", "cucc"])
def test_a_model_has_nothing_to_do_with_other_operators(bench: MakeBench, model: str, operator: str) -> None:
    known = BY_NAME.get(f"{model} {operator}")
    firmware = next((one.firmware for one in SCHEDULES if one.model == model and one.firmware), "")
    module = bench(model, firmware, operator=operator, server=obliging)
    for line in ("AT+QSREGENABLE=1", "AT+QSELFREGISTER=1"):
        module.ask(line)
    module.clock.advance(1)
    module.reboot()
    assert bool(module.sky.sent) is (known is not None)
    assert (operator in CATALOG.model(model).operators) is (known is not None)


@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
def test_a_reboot_in_the_middle_of_a_round_begins_again(bench: MakeBench, schedule: Schedule) -> None:
    module = switched_on(bench, schedule)
    module.clock.advance(schedule.packets[2] + 1)
    before = len(module.sky.sent)
    module.sky.server = obliging
    module.reboot()
    assert len(module.sky.sent) == before + 1
    if schedule.operator == "cmcc":
        assert state(module) == 6
    module.clock.advance(HOUR / 5)
    assert len(module.sky.sent) == before + 1  # nothing is left of the round before
    module.device.power(False)
    module.clock.advance(THOUSAND_DAYS)
    assert len(module.sky.sent) == before + 1


@pytest.mark.parametrize("name", [name for name in BY_NAME if name.startswith(("BC25", "BC32"))])
def test_bc25_and_bc32_do_nothing_unless_it_is_switched_on(bench: MakeBench, name: str) -> None:
    module = switched_on(bench, BY_NAME[name], server=obliging)
    module.clock.advance(1)
    assert len(module.sky.sent) == 1
    module.ask("AT+QSELFREGISTER=0")
    module.device.storage.write({"reported": None})
    module.reboot()
    assert len(module.sky.sent) == 1
    module.ask("AT+QSELFREGISTER=1")
    module.reboot()
    assert len(module.sky.sent) == 2


@pytest.mark.parametrize("name", [name for name in BY_NAME if name.endswith("cmcc")])
def test_no_module_registers_where_access_is_forbidden(bench: MakeBench, name: str) -> None:
    module = switched_on(bench, BY_NAME[name], server=obliging)
    command = "AT+DMPCONFIG" if "+DMPCONFIG" in module.module.handlers else "AT+QDMPCFG"
    module.ask(f"{command}=0,0")
    module.reboot()  # the first registration was before it
    before = len(module.sky.sent)
    module.clock.advance(10 * DAY)
    assert (state(module), len(module.sky.sent)) == (0, before)
    module.ask(f"{command}=5,0")
    module.reboot()
    assert (state(module), len(module.sky.sent)) == (6, before + 1)


def test_an_upgraded_bc260y_goes_on(bench: MakeBench, tmp_path: Path) -> None:
    """BC260Y-CN manual 3.2.1: what reads 3 still counts."""
    before = bench("BC260Y-CN", "BC260YCNAAR01A03", tmp_path, operator="ctcc", server=obliging)
    before.ask("AT+QSREGENABLE=1")
    before.reboot()
    assert len(before.sky.sent) == 1
    before.end()
    after = bench("BC260Y-CN", "BC260YCNAAR01A04", tmp_path, operator="ctcc", server=obliging)
    after.clock.advance(1)
    assert after.ask("AT+QSREGENABLE?") == ["+QSREGENABLE: 3", "OK"]
    assert len(after.sky.sent) == 1  # other firmware


def test_firmware_without_cmdmp_is_silent(bench: MakeBench) -> None:
    module = bench("BC28", "BC28JAR01A10", server=obliging)
    module.clock.advance(DAY)
    assert module.sky.sent == []


def test_a_module_waits_for_a_network(bench: MakeBench) -> None:
    module = bench("BC28", server=obliging)
    module.device.radio.cover(False)
    module.clock.advance(DAY)
    assert (state(module), module.sky.sent) == (0, [])
    module.device.radio.cover(True)
    module.wait()
    assert (state(module), len(module.sky.sent)) == (6, 1)
    module.device.radio.cover(False)
    module.device.radio.cover(True)
    module.wait()
    assert len(module.sky.sent) == 1  # once a boot


# --- Deep sleep ---


@pytest.mark.parametrize("name", ["BC25 cmcc", "BC32 cmcc", "BC25-B8 cmcc"])
def test_an_update_that_falls_into_deep_sleep_is_left_out(bench: MakeBench, name: str) -> None:
    """BC25 manual 2.3.2."""
    module = switched_on(bench, BY_NAME[name], server=obliging)
    module.clock.advance(DAY / 2)
    module.module.sleep()
    module.clock.advance(DAY)
    module.module.wake()
    assert (state(module), times(module)) == (9, [0])  # it has outlived its lifetime
    module.clock.advance(DAY)
    assert (state(module), times(module)) == (6, [0, 2 * DAY])
    assert b"ep=" in module.sky.sent[1][1]  # and so it registers anew


@pytest.mark.parametrize("name", ["BC260Y-CN cmcc", "BC28 cmcc", "BC26 cmcc", "BC25 cucc"])
def test_an_update_ends_deep_sleep(bench: MakeBench, name: str) -> None:
    """BC260Y-CN manual 2.2.4; the others say nothing."""
    schedule = BY_NAME[name]
    module = switched_on(bench, schedule, server=obliging)
    module.clock.advance(1)
    module.module.sleep()
    module.clock.advance(schedule.update or 0)
    assert times(module) == [0, schedule.update]


@pytest.mark.parametrize(("name", "rounds"), [("BC25 ctcc", 3), ("BC25 cucc", 3), ("BC260Y-CN ctcc", 1)])
def test_a_retry_in_deep_sleep(bench: MakeBench, name: str, rounds: int) -> None:
    """BC25 manual 2.1.4 and 2.2.4: the module leaves PSM for it; BC260Y-CN manual 2.1.4: it does not try again."""
    schedule = BY_NAME[name]
    module = switched_on(bench, schedule)
    module.clock.advance(60)
    module.module.sleep()
    module.clock.advance(DAY)
    assert times(module) == schedule.in_vain[: rounds * 5]
    module.module.wake()
    module.clock.advance(DAY)
    assert len(module.sky.sent) == rounds * 5
    module.reboot()
    assert len(module.sky.sent) == rounds * 5 + 1


# --- States of the access ---


def test_the_states_as_they_pass(bench: MakeBench) -> None:
    module = bench("BC260Y-CN", server=silent)
    module.clock.advance(0)
    assert state(module) == 4
    module.clock.advance(125.9)
    assert state(module) == 4
    module.clock.advance(0.2)
    assert state(module) == 8
    module.sky.server = lambda data: piggybacked(data, INTERNAL)
    module.reboot()
    assert state(module) == 7
    module.sky.found = False
    module.reboot()
    assert state(module) == 5
    module.sky.found, module.sky.server = True, obliging
    module.reboot()
    assert state(module) == 6
    module.clock.advance(DAY)
    assert state(module) == 11
    module.sky.server = lambda data: piggybacked(data, INTERNAL)
    module.clock.advance(DAY)
    assert state(module) == 12
    module.clock.advance(HOUR)
    assert state(module) == 9


def test_an_update_that_is_not_answered(bench: MakeBench) -> None:
    module = bench("BC28", server=obliging)
    module.clock.advance(10)
    module.sky.server = silent
    module.clock.advance(DAY)
    assert state(module) == 6
    module.clock.advance(62)
    assert state(module) == 13
    module.clock.advance(HOUR)
    assert state(module) == 9
    module.sky.server = obliging
    module.clock.advance(DAY)
    assert state(module) == 6


def test_the_period_and_the_server_that_are_in_force(bench: MakeBench) -> None:
    module = bench("BC28", server=obliging)
    module.clock.advance(0)
    assert module.sky.asked == [("117.161.2.41", 5683)]
    module.ask("AT+DMPCONFIG=1,10.1.2.3,7000,300")
    module.reboot()
    assert module.sky.asked[1:] == [("10.1.2.3", 7000)]
    module.clock.advance(300.05)
    assert [round(time - module.sky.times[1]) for time in module.sky.times[1:]] == [0, 300]
    module.ask("AT+DMPCONFIG=1,,,600")
    module.reboot()
    assert module.sky.asked[2:] == [("117.161.2.41", 5683)]
    assert b"lt=900" in module.sky.sent[-1][1]


def test_a_server_that_cannot_be_found_fails_a_round(bench: MakeBench) -> None:
    """BC25 manual 2.1.4."""
    module = switched_on(bench, BY_NAME["BC25 ctcc"], server=obliging)
    module.sky.found = False
    module.clock.advance(HOUR + 1)
    assert len(module.sky.asked) == 2
    module.sky.found = True
    module.clock.advance(HOUR)
    assert len(module.sky.sent) == 1


def test_the_registration_on_the_wire(bench: MakeBench) -> None:
    module = bench("BC28", server=obliging)
    module.clock.advance(DAY)
    register, update = (data for _, data in module.sky.sent)
    assert register[:2] == bytes([0x44, 0x02])
    assert register[8:] == (
        b"\xb2rd\x11\x28"
        + b"\x3d\x0eep=urn:imei:869975030000461"
        + b"\x08lt=86700"
        + b"\x09lwm2m=1.0"
        + b"\x03b=U"
        + b"\xff</1/0>,</3/0>,</42769/0>"
    )
    assert update[8:] == b"\xb2rd\x045a3f"
    assert (CREATED, CHANGED) == (0x41, 0x44)
    assert LOCATION == b"\x82rd\x045a3f"
