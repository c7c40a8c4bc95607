"""The fixtures as a stranger's project meets them: in a folder of its own, where warnings are errors."""

from __future__ import annotations

from importlib.metadata import entry_points

import pytest

pytest_plugins = "pytester"

STRICT = ("-W", "error", "--strict-markers", "--import-mode=importlib", "-p", "no:cacheprovider")


def test_pytest_finds_them_by_itself() -> None:
    (entry,) = entry_points(group="pytest11", name="atshell")
    assert entry.value == "atshell.fixtures"


def test_tests_that_pass(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        def test_a_day(at_emulator, at_session, at_platform):
            at_session.send('AT+MIPLCREATEEX="nbiotacc.heclouds.com",0')
            at_session.send("AT+MIPLOPEN=0,86400,30")
            at_session.expect("+MIPLEVENT: 0,6", timeout=30)
            assert at_platform.read("/3/0/1").value == "MN316"
            at_emulator.advance(86000)
            assert len(at_platform.clients()) == 1
            at_emulator.advance(401)
            assert at_platform.clients() == []

        @pytest.mark.at("BC28", platform="none")
        class TestOther:
            def test_model(self, at_session):
                assert "BC28" in at_session.send("ATI").text

            @pytest.mark.at(model="BC26")
            def test_the_nearest_mark_counts(self, at_session):
                assert "BC26" in at_session.send("ATI").text

        @pytest.mark.parametrize("model", [
            pytest.param(name, marks=pytest.mark.at(name)) for name in ("BC25", "BC32", "MN316")
        ])
        def test_each(at_emulator, model):
            assert at_emulator.model == model

        def test_two(at_emulator, at_platform):
            other = at_emulator.another()
            for module in (at_emulator, other):
                module.session().send('AT+MIPLCREATEEX="nbiotacc.heclouds.com",0')
                module.session().send("AT+MIPLOPEN=0,86400,30")
                module.session().expect("+MIPLEVENT: 0,6", timeout=30)
            assert at_platform.read("/3/0/2").value == at_emulator.imei != other.imei

        def test_without():
            pass
        """
    )
    pytester.runpytest_subprocess(*STRICT).assert_outcomes(passed=8)


def test_a_failure_shows_what_was_sent_and_what_came(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_event(at_session):
            at_session.send("ATE0")
            assert not at_session.send("AT+MIPLOPEN=0,300,30").ok
            at_session.expect("+MIPLEVENT: 0,6", timeout=60)

        def test_reply(at_session):
            assert at_session.send("AT+CFUN?").lines == ("+CFUN: 4",)

        def test_dialogue(at_session):
            at_session.dialogue("> AT+CFUN?\\n< +CFUN: 4\\n< OK")

        def test_platform(at_platform):
            at_platform.read("/3/0").check()
        """
    )
    result = pytester.runpytest_inprocess(*STRICT)
    result.assert_outcomes(failed=4)
    result.stdout.fnmatch_lines(
        [
            ">*at_session.expect(*",
            "E*AssertionError: within 60 s the module did not say '+MIPLEVENT: 0,6'",
            "E*0.000 > AT+MIPLOPEN=0,300,30",
            "E*0.000 < +CIS ERROR: 653",
            "*serial port of MN316 869975030000461, in device seconds*",
            "*0.000 > AT+MIPLOPEN=0,300,30",
            "*At index 0 diff: '+CFUN: 1' != '+CFUN: 4'",
            "E*the dialogue went another way (- meant, + was):",
            "E*> AT+CFUN?",
            "E*- < +CFUN: 4",
            "E*+ < +CFUN: 1",
            "E*AssertionError: read /3/0: no client is registered",
        ]
    )
    result.stdout.no_fnmatch_line("*atshell/testing/*Error*")


@pytest.mark.parametrize(
    ("mark", "message"),
    [
        ('model="BC999"', "@pytest.mark.at: there is no model 'BC999': atshell models lists them all"),
        ('modell="BC28"', "@pytest.mark.at: there is no argument 'modell': say one of model, firmware, *"),
        ("model=28", "@pytest.mark.at: model=28 is no str: see pytest --markers"),
        ('platform="moon"', "@pytest.mark.at: there is no platform 'moon' for this module: *"),
    ],
)
def test_a_mark_that_is_wrong_is_one_clear_line(pytester: pytest.Pytester, mark: str, message: str) -> None:
    pytester.makepyfile(f"import pytest\n@pytest.mark.at({mark})\ndef test_it(at_session): pass")
    result = pytester.runpytest_inprocess(*STRICT)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([message])
    result.stdout.no_fnmatch_line("*During handling*")


def test_help(pytester: pytest.Pytester) -> None:
    pytester.runpytest_inprocess("--markers").stdout.fnmatch_lines(["@pytest.mark.at(model, firmware, *"])
    lines = pytester.runpytest_inprocess("--fixtures").stdout.str()
    for name in ("at_emulator", "at_session", "at_platform"):
        assert f"{name} -- " in lines


def test_nothing_is_loaded_before_a_fixture_is_asked_for(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_light():
            assert "atshell.fixtures" in sys.modules
            loaded = {name for name in sys.modules if name.startswith("atshell")}
            assert loaded == {"atshell", "atshell.fixtures"}
        """
    )
    pytester.runpytest_subprocess(*STRICT).assert_outcomes(passed=1)
