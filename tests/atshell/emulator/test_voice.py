from __future__ import annotations

from atshell.emulator.clock import ManualClock
from atshell.emulator.emulation import Settings
from atshell.emulator.faults.faults import Faults
from atshell.emulator.voice import MAX_URCS, Voice


class Bench:
    def __init__(self, *faults: str) -> None:
        self.clock = ManualClock()
        self.settings = Settings()
        self.voice = Voice(self.clock, Faults(faults), lambda: self.settings)
        self.said = bytearray()
        self.voice.connect(self.said.extend)

    def hear(self) -> list[str]:
        self.voice.flush()
        said = self.said.decode("latin-1")
        self.said.clear()
        return [line for line in said.split("\r\n") if line]

    def answer(self, *lines: str) -> list[str]:
        self.voice.begin()
        self.voice.inform(lines)
        self.voice.finish("OK")
        return self.hear()


def test_a_urc_waits_for_the_final_result() -> None:
    bench = Bench()
    bench.voice.emit("+A")
    bench.voice.begin()
    bench.voice.emit("+B")
    bench.voice.inform(["x"])
    assert bench.hear() == ["+A", "x"]
    bench.voice.finish("OK")
    assert bench.hear() == ["OK", "+B"]
    bench.voice.begin()
    bench.voice.emit("+C")
    bench.voice.finish("OK", alone=True)
    assert bench.hear() == ["OK"]


def test_a_quiet_module_says_neither_results_nor_urcs() -> None:
    bench = Bench()
    bench.settings.quiet = True
    bench.voice.emit("+A")
    assert bench.answer("x") == ["x"]


def test_only_so_much_waits() -> None:
    bench = Bench()
    bench.voice.begin()
    for number in range(MAX_URCS + 5):
        bench.voice.emit(f"+{number}")
    bench.voice.finish("OK")
    assert bench.hear()[:2] == ["OK", "+5"]


def test_a_held_answer_comes_whole_or_not_at_all() -> None:
    bench = Bench()
    bench.voice.echo(b"AT\r\n")
    bench.voice.begin()
    bench.voice.hold()
    assert bench.hear() == ["AT"]
    bench.voice.inform(["x"])
    bench.voice.emit("+A")
    assert bench.hear() == []
    bench.voice.finish("OK")
    assert bench.hear() == ["x", "OK", "+A"]
    bench.voice.begin()
    bench.voice.hold()
    bench.voice.inform(["x"])
    bench.voice.emit("+A")
    bench.voice.forget()
    assert bench.hear() == ["+A"]


def test_urcs_with_faults() -> None:
    bench = Bench("urc drop +A", "urc delay 2s +B", "urc inside +C")
    for line in ("+A", "+B", "+C"):
        bench.voice.emit(line)
    assert bench.hear() == []
    assert bench.answer("x", "y") == ["x", "+C", "y", "OK"]
    bench.voice.emit("+C")
    assert bench.answer() == ["+C", "OK"]
    bench.clock.advance(2)
    assert bench.hear() == ["+B"]


def test_who_falls_silent_says_nothing_of_it() -> None:
    bench = Bench("urc delay 2s +B", "urc inside +C")
    bench.voice.emit("+B")
    bench.voice.emit("+C")
    bench.voice.begin()
    bench.voice.emit("+D")
    bench.voice.hush()
    bench.clock.advance(10)
    assert bench.answer() == ["OK"]


def test_bytes_may_change_on_the_line() -> None:
    bench = Bench("garble out #3")
    (said,) = bench.answer()
    assert said != "OK"
    assert len(said) == 2
