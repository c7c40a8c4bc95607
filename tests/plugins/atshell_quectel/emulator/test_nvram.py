"""Saved against in force, whatever is done in whatever order: every model beside a small model of the rules."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from atshell.emulator.storage import Storage
from atshell_quectel.emulator.nvram import Nvram, Setting

from .conftest import Bench

Saved = dict[int, list[str]]
NO_KEYS = ["", "", "", ""]


def test_a_setting_acts_at_the_next_boot() -> None:
    nvram = Nvram(Storage(None, "M", "F"))
    setting = nvram.add(Setting("address", ("10.0.0.1", "5683"), lambda record: len(record) == 2))
    nvram.save(setting, ("", "5000"))
    assert (nvram.saved(setting), nvram.in_force(setting)) == (("", "5000"), ("10.0.0.1", "5683"))
    nvram.boot()
    assert (nvram.saved(setting), nvram.in_force(setting)) == (("", "5000"), ("10.0.0.1", "5000"))
    nvram.erase([setting])
    assert (nvram.saved(setting), nvram.in_force(setting)) == (("10.0.0.1", "5683"), ("10.0.0.1", "5000"))
    nvram.boot()
    assert nvram.in_force(setting) == ("10.0.0.1", "5683")


class Module(RuleBasedStateMachine):
    """What the manuals say, without the catalog: defaults, left-out parameters, masks."""

    @initialize(model=st.sampled_from(["BC35-G", "BC28", "BC95 R2.0", "BC26", "BC20", "BC260Y-CN", "BC25", "BC32-B8"]))
    def start(self, model: str) -> None:
        self.model = model
        self.folder = Path(tempfile.mkdtemp())
        self.bench = Bench(model, state=self.folder)
        self.dmp = model.startswith(("BC35", "BC28", "BC95"))
        self.command = "AT+DMPCONFIG" if self.dmp else "AT+QDMPCFG"
        self.saved: Saved = {}
        self.in_force = {kind: self.expected(kind) for kind in range(3)}
        self.told: dict[int, list[str]] = {}

    def default(self, kind: int) -> list[str]:
        period = "900" if self.model == "BC95 R2.0" else "86400"
        return {0: ["1"], 1: ["117.161.2.41", "5683", period], 2: NO_KEYS, 3: []}[kind]

    def expected(self, kind: int) -> list[str]:
        return self.saved.get(kind, self.default(kind))

    @staticmethod
    def shown(kind: int, values: list[str]) -> str:
        values = [
            value[:4] + "****" if (kind, index) == (2, 1) and value else value for index, value in enumerate(values)
        ]
        return ",".join([str(kind), *values])

    def write(self, values: str, fine: bool = True) -> None:
        assert self.bench.ask(f"{self.command}={values}") == ["OK" if fine else "ERROR"]

    @rule(mode=st.integers(0, 2))
    def set_access(self, mode: int) -> None:
        self.write(f"0,{mode}", fine=mode < 2)
        if mode < 2:
            self.saved[0] = [str(mode)]

    @rule(
        address=st.sampled_from(["", "10.0.0.1", '"10.0.0.2"', "10.0.0.256"]),
        port=st.sampled_from(["", " ", "5683", "1000", "65536"]),
        period=st.sampled_from(["", "299", "300", "4294966", "4294967"]),
    )
    def set_server(self, address: str, port: str, period: str) -> None:
        values = [address.strip('"'), port.strip(), period]
        fine = "10.0.0.256" not in values and "65536" not in values and not {"299", "4294967"} & set(values)
        if self.dmp:
            fine = fine and bool(period) and (self.model != "BC95 R2.0" or "" not in values)
        self.write(f"1,{address},{port},{period}", fine=fine and any(values))
        if fine and any(values):
            before = self.default(1) if self.model in ("BC26", "BC20") else self.expected(1)
            self.saved[1] = [one or ("" if self.dmp else kept) for one, kept in zip(values, before, strict=True)]

    @rule(key=st.text("abc09*", min_size=0, max_size=8), kind=st.integers(0, 3), digits=st.integers(14, 18))
    def set_keys(self, key: str, kind: int, digits: int) -> None:
        fine = kind < 3 and 15 <= digits <= 17
        self.write(f'2,"M1","{key}",{kind},{"8" * digits}', fine=fine)
        if fine:
            self.saved[2] = ["M1", key, str(kind), "8" * digits]

    @rule(networks=st.lists(st.sampled_from(["46000", "460040", "4600"]), min_size=1, max_size=4))
    def set_networks(self, networks: list[str]) -> None:
        fine = self.dmp and len(networks) <= 3 and "4600" not in networks
        self.write(",".join(["3", *networks]), fine=fine)
        if fine:
            self.saved[3] = networks

    @rule(option=st.integers(0, 5))
    def erase(self, option: int) -> None:
        fine = option < 5 and (option != 3 or self.dmp)
        self.write(f"5,{option}", fine=fine)
        if fine:
            for kind in range(4) if option == 4 else (option,):
                self.saved.pop(kind, None)

    @rule(kind=st.sampled_from([1, 5]), text=st.text("ab;|-", max_size=21))
    def tell(self, kind: int, text: str) -> None:
        if self.dmp:
            return
        fine = len(text) <= (19 if kind == 1 else 255)
        assert self.bench.ask(f'AT+QDMPCFGEX={kind},0,"{text}"') == ["OK" if fine else "ERROR"]
        if fine:
            self.told[kind] = [text]

    @rule(kind=st.sampled_from([1, 5]))
    def untell(self, kind: int) -> None:
        if not self.dmp:
            assert self.bench.ask(f"AT+QDMPCFGEX={kind},2") == ["OK"]
            self.told.pop(kind, None)

    @rule()
    def reset_the_frame(self) -> None:
        assert self.bench.ask("AT&F") == ["OK"]

    @rule(how=st.sampled_from(["command", "power", "process"]))
    def boot(self, how: str) -> None:
        if how == "command":
            self.bench.reboot()
        elif how == "power":
            self.bench.power_cycle()
        else:  # a process that is killed, and a new one
            self.bench.end()
            self.bench = Bench(self.model, state=self.folder)
        for kind in range(3):
            pairs = zip(self.expected(kind), self.default(kind), strict=True)
            self.in_force[kind] = [value or default for value, default in pairs]

    @invariant()
    def what_is_saved_and_what_is_in_force_are_two_things(self) -> None:
        name = self.command.removeprefix("AT")
        for kind in range(4 if self.dmp else 3):
            shown = self.shown(kind, self.expected(kind))
            answer = [shown if self.dmp else f"{name}: {shown}"] if self.expected(kind) else []
            assert self.bench.ask(f"{self.command}=4,{kind}") == [*answer, "OK"]
        lines = [f"{name}: {self.shown(kind, self.in_force[kind])}" for kind in range(3)]
        assert self.bench.ask(f"{self.command}?") == [*lines, "OK"]
        for kind in () if self.dmp else (1, 5):
            told = self.told.get(kind, ["NULL"])[0]
            assert self.bench.ask(f"AT+QDMPCFGEX={kind},1") == [f"+QDMPCFGEX: {kind},{told}", "OK"]

    def teardown(self) -> None:
        if hasattr(self, "bench"):
            self.bench.end()
            shutil.rmtree(self.folder)


TestModule = Module.TestCase
TestModule.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
