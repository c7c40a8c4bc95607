"""What any module's session tells."""

from __future__ import annotations

from atshell.assist.situation import Situation
from atshell.at.reply import parse_final, parse_information
from atshell.catalog.profile import Profile
from atshell.host import host
from atshell.session.exchange import Exchange, Unsolicited
from atshell.shell.memory import MOST, Memory


def remembered(*exchanges: tuple[str, ...], profile: Profile = Profile("MN316")) -> Situation:
    """Each one a line, its answer's lines and its final result."""
    memory = Memory(host().catalog, profile)
    memory.take(Unsolicited(0.0, parse_information("+X: 1")))
    for line, *lines, final in exchanges:
        memory.take(Exchange(line, 0.0, 1.0, tuple(map(parse_information, lines)), parse_final(final)))
    return memory.situation()


def values(situation: Situation, name: str) -> list[str]:
    return [one.value for one in situation.values.get(name, ())]


def test_what_was_typed_the_latest_first() -> None:
    typed = remembered(("AT+MIPLOPEN=0,300,30", "OK"), ("AT+MIPLOPEN=0,600", "OK"), ("AT+MIPLOPEN=0,700", "ERROR"))
    assert values(typed, "lifetime") == ["600", "300"]
    many = remembered(*((f"AT+MIPLOPEN=0,{seconds}", "OK") for seconds in range(300, 400)))
    assert len(values(many, "lifetime")) == MOST


def test_secrets_are_not_remembered() -> None:
    typed = remembered(('AT+MIPLCREATEEX="a.example:5683",1,"s3cret-code"', "+MIPLCREATEEX: 0", "OK"))
    assert values(typed, "host") == ['"a.example:5683"']
    assert all("s3cret" not in one.value for known in typed.values.values() for one in known)


def test_who_the_module_is() -> None:
    assert values(remembered(("AT+CGSN=1", "+CGSN: 869975030000461", "OK")), "epname") == ["869975030000461"]
    assert values(remembered(("AT+CIMI", "460040000000461", "OK")), "imsi") == ["460040000000461"]
    assert values(remembered(("AT+CGSN", "no number", "OK")), "imei") == []


def test_which_commands_it_lists() -> None:
    listed = remembered(("AT+CLAC", "AT+CSQ", "+QCFG", "\x1b[2J", "AT+\u202e", "+CLAC: +AX,+AY", "OK")).listed
    assert listed == ("+CSQ", "+QCFG", "+AX", "+AY")


def test_a_reboot_that_is_needed() -> None:
    catalog = host().catalog
    found = next(
        (entry for entry in catalog.entries() if entry.command.needs_reboot and "write" in entry.command.forms), None
    )
    assert found is not None
    profile = Profile(found.models[0]) if found.models else Profile()
    line = f"{found.command.command}=1,2"
    assert remembered((line, "OK"), profile=profile).reboot_needed
    assert not remembered((line, "ERROR"), profile=profile).reboot_needed
    assert not remembered((line, "OK"), ("AT+CFUN=1,1", "OK"), profile=profile).reboot_needed
