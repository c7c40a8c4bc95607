"""pytest's door to the emulator: the fixtures ``at_emulator``, ``at_session`` and ``at_platform``.

pytest loads this module by itself where atshell is installed (``-p no:atshell`` leaves it out). Nothing else of
atshell is imported before a test asks for a fixture.

    import pytest

    def test_signal(at_session):
        assert at_session.send("AT+CSQ").lines == ("+CSQ: 23,0",)

    @pytest.mark.at(model="BC28", firmware="BC28JAR01A10")
    def test_reboot(at_session, at_emulator):
        assert at_session.send("AT+NRB").ok
        at_emulator.advance(10)
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from atshell.testing import Emulator, Platform, Session

_MARK = (
    "at(model, firmware, operator, platform, state, capture, faults, speed): which emulated module the fixtures "
    "at_emulator, at_session and at_platform give; the arguments are those of `atshell emulate`."
)
_KINDS: dict[str, tuple[type, ...]] = {
    "model": (str,),
    "firmware": (str,),
    "operator": (str,),
    "platform": (str,),
    "state": (Path,),
    "capture": (Path,),
    "faults": (list, tuple),
    "speed": (int, float),
}
_OPEN = pytest.StashKey["Emulator"]()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", _MARK)


@pytest.fixture
def at_emulator(request: pytest.FixtureRequest) -> Iterator[Emulator]:
    """An emulated module (MN316, or as ``@pytest.mark.at(model="BC28", firmware=..., platform=..., faults=[...])``
    says), switched on and attached to its network, with the platform embedded.

    ``at_emulator.advance(86400)`` lets a day pass at once; ``power(False)`` and ``network(False)`` take the supply or
    the network away; ``listen()`` gives the address of a pseudo-terminal, ``listen("tcp://127.0.0.1:0")`` that of a
    port, for firmware under test that talks to the module by itself (``expect_sent("AT+MIPLOPEN")`` waits for what it
    sends; time passes by itself then). Without ``listen`` device time passes only while a call waits.

    ``at_emulator.another("BC28")`` is one more module beside it, with an IMEI of its own: the same time passes for
    them, and the platform is the same. What ``another.platform.read(...)`` reads is that module's.
    """
    from atshell.errors import AtshellError
    from atshell.testing import Emulator

    wrong = ""
    try:
        emulator = Emulator(**_arguments(request.node))
    except AtshellError as error:
        wrong = str(error)
    if wrong:  # outside of the handler, so that the report is this line alone
        pytest.fail(f"@pytest.mark.at: {wrong}", pytrace=False)
    request.node.stash[_OPEN] = emulator
    with emulator:
        yield emulator


@pytest.fixture
def at_session(at_emulator: Emulator) -> Session:
    """A session with the emulated module of ``at_emulator``.

    ``send("AT+CSQ")`` gives the reply (``ok``, ``lines``, ``result``, ``text``); ``expect("+MIPLEVENT: 0,6",
    timeout=30)`` waits for a URC, ``expect_nothing(60)`` for none; ``on("+MIPLREAD", 'AT+MIPLREADRSP=0,{1},...')``
    answers by itself; ``dialogue(...)`` plays ``>`` and ``<`` lines. Times are device seconds: nothing really waits.
    """
    return at_emulator.session()


@pytest.fixture
def at_platform(at_emulator: Emulator) -> Platform:
    """The platform that the module of ``at_emulator`` registers with.

    ``clients()``, ``read("/3/0/0").value``, ``write("/3200/0/5750", "on").ok``, ``execute``, ``observe``, ``cancel``,
    ``discover(...).links``, ``attributes("/3303/0", pmin=10)``, ``notifications("/3303")``, ``forget()``;
    ``ask("read /3200/0")`` begins what the test itself answers over AT, ``.answer()`` ends it.
    """
    return at_emulator.platform


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show with a failure what went over the serial port."""
    report = yield
    emulator = item.stash.get(_OPEN, None)
    for one in emulator.together if report.failed and emulator is not None else ():
        if log := str(one.log):
            report.sections.append((f"serial port of {one.model} {one.imei}, in device seconds", log))
    return report


def _arguments(node: pytest.Item) -> dict[str, Any]:
    """Of all the marks, the nearest counting most. Raises AtshellError."""
    from atshell.errors import AtshellError

    arguments: dict[str, Any] = {}
    for mark in reversed(list(node.iter_markers("at"))):
        arguments.update(zip(_KINDS, mark.args, strict=False))
        arguments.update(mark.kwargs)
    for name, value in arguments.items():
        if name not in _KINDS:
            raise AtshellError(f"there is no argument {name!r}", f"say one of {', '.join(_KINDS)}")
        if not isinstance(value, _KINDS[name]):
            wanted = " or ".join(kind.__name__ for kind in _KINDS[name])
            raise AtshellError(f"{name}={value!r} is no {wanted}", "see pytest --markers")
    return arguments
