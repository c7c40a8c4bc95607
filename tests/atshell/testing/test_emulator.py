from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest
import serial

from atshell.errors import AtshellError
from atshell.testing import Emulator


def test_the_module_that_was_asked_for() -> None:
    with Emulator("bc28", firmware="BC28JAR01A10") as emulator:
        assert (emulator.model, repr(emulator)) == ("BC28", "<Emulator BC28>")
        assert "BC28JAR01A10" in emulator.session().send("AT+CGMR").text
        assert emulator.session() is emulator.session()


@pytest.mark.parametrize(
    ("arguments", "message"), [({"model": "BC999"}, "no model"), ({"platform": "moon"}, "no platform 'moon'")]
)
def test_one_that_cannot_be_had(arguments: dict[str, str], message: str) -> None:
    with pytest.raises(AtshellError, match=message):
        Emulator(**arguments)  # type: ignore[arg-type]


def test_two_stand_side_by_side_and_each_has_its_time() -> None:
    with Emulator() as one, Emulator() as other:
        one.advance(100)
        assert (one.now, other.now) == (100, 0)
        assert one.session().send("AT").ok
        assert other.session().send("AT").ok


def log_in(emulator: Emulator) -> None:
    session = emulator.session()
    for line in (
        'AT+MIPLCREATEEX="nbiotacc.heclouds.com",0',
        'AT+MIPLADDOBJ=0,3303,1,"1",0,1',
        'AT+MIPLDISCOVERRSP=0,3303,1,4,"5700"',
        "AT+MIPLOPEN=0,3000,30",
    ):
        assert session.send(line).ok
    session.expect("+MIPLEVENT: 0,6")


def test_several_in_one_place_and_each_has_its_own_name() -> None:
    with Emulator() as one:
        two, three = one.another(), one.another("MN318", platform="ctwing")
        assert [emulator.model for emulator in one.together] == ["MN316", "MN316", "MN318"]
        assert len({emulator.imei for emulator in one.together}) == 3
        assert len({emulator.imsi for emulator in one.together}) == 3
        for emulator in one.together:
            log_in(emulator)
        assert len(one.platform.clients()) == len(two.platform.clients()) == 2
        assert len(three.platform.clients()) == 1
        # Each one's words are about itself, whoever has registered last.
        for emulator in one.together:
            assert emulator.platform.read("/3/0/2").value == emulator.imei
            assert emulator.session().send('AT+MIPLNOTIFY=0,0,3303,0,5700,4,4,"20.5",0,0').ok
            assert emulator.platform.notifications() == [("/3303/0/5700", 20.5)]
        named = one.platform.ask(f"read /3/0/2 @{two.imei};{two.imsi}").answer()
        assert named.value == two.imei
        two.advance(3001)
        assert (one.now, one.platform.clients(), three.platform.clients()) == (two.now, [], [])


def test_one_that_the_platform_forgets() -> None:
    with Emulator() as one:
        other = one.another()
        log_in(one)
        log_in(other)
        assert one.platform.forget().ok
        assert one.session().send("AT+MIPLUPDATE=0,3000,0").ok
        one.session().expect("+MIPLEVENT: 0,31")
        assert "this module is not registered" in one.platform.read("/3/0/2").error
        assert other.platform.read("/3/0/2").value == other.imei


def test_several_are_closed_with_the_first() -> None:
    with Emulator("BC28") as one:
        one.another("BC25").close()
        with pytest.raises(AtshellError, match="no model"):
            one.another("BC999")
        other = one.another(platform="none")
        assert other.session().send("AT+CGSN=1").lines[0] != one.session().send("AT+CGSN=1").lines[0]
    one.close()
    other.close()


def test_power_and_network() -> None:
    with Emulator() as emulator:
        session = emulator.session()
        emulator.network(False)
        assert session.send("AT+CEREG?").lines == ("+CEREG: 0,2",)
        emulator.network(True)
        emulator.advance(1)
        assert session.send("AT+CEREG?").lines == ("+CEREG: 0,1",)
        emulator.power(False)
        assert session.send("AT", timeout=2).result == ""
        emulator.power(True)
        emulator.advance(10)
        assert session.send("AT").ok
        assert "error" in emulator.operate("fly away")


def test_a_state_folder_outlives_the_module(tmp_path: Path) -> None:
    for expected in ("saved", "kept"):
        with Emulator("BC28", state=tmp_path) as emulator:
            session = emulator.session()
            if expected == "saved":
                assert session.send("AT+DMPCONFIG=0,0").ok
            else:
                assert session.send("AT+DMPCONFIG=4,0").lines == ("0,0",)


@pytest.mark.parametrize("where", ["pty", "tcp://127.0.0.1:0"])
def test_a_program_talks_to_it(where: str) -> None:
    with Emulator() as emulator:
        address = emulator.listen(where)
        url = address.replace("tcp://", "socket://")

        def firmware() -> None:
            with serial.serial_for_url(url, timeout=10) as port:
                for line in (b'AT+MIPLCREATEEX="nbiotacc.heclouds.com",0\r', b"AT+MIPLOPEN=0,300,30\r"):
                    port.write(line)
                    port.read_until(b"OK\r\n")
                port.read_until(b"+MIPLEVENT: 0,6\r\n")

        program = threading.Thread(target=firmware)
        program.start()
        assert emulator.expect_sent("AT+MIPLOPEN").startswith("AT+MIPLOPEN=0,300")
        program.join(10)
        assert emulator.platform.read("/3/0/1").value == "MN316"
        assert "> AT+MIPLOPEN=0,300,30" in str(emulator.log)
        emulator.advance(301)
        assert emulator.platform.clients() == []
        with pytest.raises(AssertionError, match="did not send 'AT\\+MIPLCLOSE'"):
            emulator.expect_sent("AT+MIPLCLOSE", timeout=0.01)


def test_a_terminal_that_is_unplugged_comes_back_as_another() -> None:
    with Emulator(faults=["unplug after 10s"]) as emulator:
        first = emulator.listen()
        assert emulator.address == first
        with serial.serial_for_url(first, timeout=10) as port:
            port.write(b"AT\r")
            emulator.expect_sent("AT")
            emulator.advance(20)
        emulator.platform.until(lambda platform: emulator.address != first)
        with serial.serial_for_url(emulator.address, timeout=10) as port:
            port.write(b"AT\r")
            assert port.read_until(b"OK\r\n").endswith(b"OK\r\n")


def test_a_serial_port_has_one_client() -> None:
    with Emulator() as emulator:
        emulator.session()
        with pytest.raises(AtshellError, match="at_session"):
            emulator.listen()
    with Emulator() as emulator:
        emulator.listen()
        with pytest.raises(AtshellError, match="listen"):
            emulator.session()


@pytest.mark.parametrize("where", ["com1", "tcp://", "tcp://127.0.0.1:x", "tcp://127.0.0.1:70000", "udp://h:1"])
def test_nothing_to_listen_on(where: str) -> None:
    with Emulator() as emulator, pytest.raises(AtshellError, match="is nothing to listen on"):
        emulator.listen(where)


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        where = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        with Emulator() as emulator, pytest.raises(AtshellError, match="cannot listen"):
            emulator.listen(where)


def test_it_closes_once_and_leaves_no_thread() -> None:
    before = threading.active_count()
    emulator = Emulator()
    emulator.listen()
    emulator.close()
    emulator.close()
    assert threading.active_count() == before
    with pytest.raises(AtshellError, match="it is closed"):
        emulator.session()
