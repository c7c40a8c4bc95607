"""The engine against a scripted module on a socket, and against the emulator."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from atshell.errors import AtshellError
from atshell.host import host
from atshell.shell.engine import Shell
from atshell.shell.options import ShellOptions
from atshell.shell.result import Result


def test_a_cell_gives_its_results_in_order(talk, collect) -> None:
    async def body(shell, module):
        return await collect(shell, "# a comment\n\nAT+CSQ\n  at+cfun=9  \n%nonsense\nAT")

    csq, cfun, nonsense, plain = talk(
        body, {"AT+CSQ": "\r\n+CSQ: 23,0\r\n\r\nOK\r\n", "at+cfun=9": "\r\n+CME ERROR: 50\r\n"}
    )
    assert csq.stream == "result"
    assert csq.text.splitlines()[0] == "+CSQ: 23,0"
    assert csq.text.splitlines()[1].startswith("OK")
    assert csq.text.endswith(" ms")
    assert csq.data["lines"] == [{"text": "+CSQ: 23,0", "prefix": "+CSQ", "values": ["23", "0"]}]
    assert (csq.data["final"], csq.data["ok"]) == ("OK", True)
    assert json.dumps(csq.bundle())
    assert cfun.stream == "error"
    assert "ncorrect parameters" in cfun.text
    assert nonsense.text.startswith("there is no %nonsense")
    assert plain.text.startswith("OK")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("quitt", "did you mean quit"),
        ("mipopen", "did you mean AT+MIPLOPEN"),
        ("+MIPLOPEN=0", "did you mean AT+MIPLOPEN"),
        ("%tmeline", "did you mean %timeline"),
        ("12345", "%help"),
    ],
)
def test_what_is_no_command_is_not_sent(talk, collect, line: str, said: str) -> None:
    async def body(shell, module):
        results = await collect(shell, line)
        return results, module.received

    (result,), received = talk(body)
    assert result.stream == "error"
    assert said in result.text
    assert received == []


def test_an_unknown_command_gets_a_guess(talk, collect) -> None:
    async def body(shell, module):
        return await collect(shell, "AT+MIPLOPN=0")

    result, _ = talk(body, {"AT+MIPLOPN=0": "\r\nERROR\r\n"})
    assert "did you mean" in result.text
    assert "+MIPLOPEN" in result.text


@pytest.mark.parametrize("word", ["quit", "exit", "%quit", " QUIT "])
def test_leaving(talk, collect, word: str) -> None:
    async def body(shell, module):
        assert not shell.done
        results = await collect(shell, f"{word}\nAT")
        return results, shell.done, module.received

    assert talk(body) == ([], True, [])


def test_a_urc_behind_an_answer_stands_behind_it(talk, collect) -> None:
    async def body(shell, module):
        shown: list[Result] = []
        arrived = asyncio.Event()

        def listener(result: Result) -> None:
            shown.append(result)
            arrived.set()

        shell.listen(listener)
        async for result in shell.run("AT+MIPLOPEN=0,300,30"):
            if result.stream != "warning":
                listener(result)
        while len(shown) < 2:
            await arrived.wait()
            arrived.clear()
        return shown

    answer, urc = talk(body, {"AT+MIPLOPEN=0,300,30": "\r\nOK\r\n\r\n+MIPLEVENT: 0,6\r\n"})
    assert answer.text.startswith("OK")
    assert urc.stream == "urc"
    assert urc.text.startswith("+MIPLEVENT: 0,6     logged in to the platform")
    assert " +0." in urc.text
    assert (urc.data["prefix"], urc.data["values"]) == ("+MIPLEVENT", ["0", "6"])


def test_data_after_a_prompt_is_the_next_line_of_the_cell(talk, collect) -> None:
    async def body(shell, module):
        results = await collect(shell, 'AT+CMGS="1"\n# this is the data\nAT')
        return results, module.received

    replies = {'AT+CMGS="1"': "\r\n> ", "# this is the data\x1a": "\r\n+CMGS: 5\r\n\r\nOK\r\n"}
    results, received = talk(body, replies)
    assert received == ['AT+CMGS="1"', "# this is the data\x1a", "AT"]
    assert [result.text.splitlines()[0].split("  ")[0] for result in results] == [
        "the module waits for data: the next line is sent, Escape gives up",
        "+CMGS: 5",
        "OK",
    ]


def test_data_can_be_given_up(talk, collect) -> None:
    async def body(shell, module):
        await collect(shell, 'AT+CMGS="1"')
        assert shell.wants_data
        assert "Escape" in shell.state
        given_up = await shell.give_up_data()
        assert not shell.wants_data
        return given_up, await shell.give_up_data(), module.received

    given_up, again, received = talk(body, {'AT+CMGS="1"': "\r\n> ", "\x1b": "\r\nOK\r\n"})
    assert given_up.text.startswith("OK")
    assert again is None
    assert received[-1] == "\x1b"


def test_waiting_can_be_stopped_and_the_next_command_works(talk, collect) -> None:
    async def body(shell, module):
        waiting = asyncio.ensure_future(collect(shell, "AT+SLOW"))
        await module.heard("AT+SLOW")
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        heard: list[Result] = []
        shell.listen(heard.append)
        module.say("\r\n+SLOW: 1\r\n\r\nOK\r\n")
        return await collect(shell, "AT+CSQ"), heard

    (result,), heard = talk(body, {"AT+SLOW": "", "AT+CSQ": "\r\n+CSQ: 1,2\r\n\r\nOK\r\n"})
    assert result.text.startswith("+CSQ: 1,2")
    assert "+SLOW" in heard[0].text


def test_a_lost_link_is_told(talk, collect) -> None:
    async def body(shell, module):
        told: asyncio.Queue[Result] = asyncio.Queue()
        shell.listen(told.put_nowait)
        module.hang_up()
        lost = await told.get()
        (after,) = await collect(shell, "AT")
        return lost, after

    lost, after = talk(body)
    assert lost.stream == after.stream == "error"
    assert "127.0.0.1" in lost.text


def test_a_plugins_fault_does_not_end_the_session(talk, collect, monkeypatch: pytest.MonkeyPatch) -> None:
    async def body(shell, module):
        def broken(*_: object, **__: object) -> None:
            raise ZeroDivisionError("oops")

        monkeypatch.setattr(shell.host.catalog, "error", broken)
        return await collect(shell, "AT+CSQ\nAT")

    broken, fine = talk(body, {"AT+CSQ": "\r\n+CME ERROR: 3\r\n"})
    assert "fault in atshell or a plugin: ZeroDivisionError: oops" in broken.text
    assert fine.text.startswith("OK")


def test_what_was_said_is_recorded_and_can_be_read_again(talk, collect, state: Path) -> None:
    async def body(shell, module):
        await collect(shell, "AT+CSQ\n%note antenna moved")
        return shell.record, shell.transcript()

    record, transcript = talk(body)
    assert record.parent == state / "transcripts"
    lines = [json.loads(line) for line in record.read_text().splitlines()]
    assert lines[0]["model"] == "MN316"
    assert [(line["dir"], line["data"]) for line in lines[1:]] == [
        ("tx", "AT+CSQ\r"),
        ("rx", "\r\nOK\r\n"),
        ("note", "antenna moved"),
    ]
    assert [entry.line for entry in transcript.entries] == [2, 3, 4]
    assert record.stat().st_mode & 0o077 == 0


def test_keys_are_masked_in_what_is_shown(talk, collect) -> None:
    key = "95GoodKey0123456"
    line = f'AT+MIPLCREATEEX="nbiotbt.heclouds.com:5683",1,"{key}"'

    async def body(shell, module):
        results = await collect(shell, f"{line}\nAT+ANY?")
        return results, shell.is_secret(line) and shell.is_secret(f"%explain {line}"), shell.is_secret("AT+CSQ")

    results, secret, harmless = talk(body, {"AT+ANY?": f"\r\n+ANY: {key}\r\n\r\nOK\r\n"})
    assert (secret, harmless) == (True, False)
    assert all(key not in json.dumps(result.bundle()) for result in results)
    assert "95Go****" in results[-1].text


def test_the_language_service_knows_cells_and_magics(talk, collect) -> None:
    async def body(shell, module):
        cell = "AT\n%ti"
        (magic,) = shell.complete(cell, len(cell))
        assert cell[: magic.start] + magic.text == "AT\n%timeline"
        found = shell.inspect("AT\nAT+MIPLOPEN=0", 10)
        assert found is not None
        assert "AT+MIPLOPEN" in found.text
        assert shell.inspect("", 0) is None
        shown = shell.signature("AT\nAT+MIPLOPEN=0,", 17)
        assert shown is not None
        assert shown.parameter.startswith("<lifetime>")

    talk(body)


def test_unknown_models_and_taken_ports_are_refused(state: Path) -> None:
    for options, said in (
        (ShellOptions(emulator="MN999"), "no model"),
        (ShellOptions(port="socket://127.0.0.1:1"), "127.0.0.1:1"),
        (ShellOptions(record=Path("/nonexistent/x.at.jsonl")), "/nonexistent"),
    ):
        with pytest.raises(AtshellError, match=said):
            asyncio.run(Shell(host(), options).open())


def test_a_module_is_asked_who_it_is(talk, collect, state: Path) -> None:
    async def body(shell, module):
        return shell.profile, shell.record

    replies = {"AT+CGMM": "\r\nMN316\r\n\r\nOK\r\n", "AT+CGMR": "\r\nRevision: MN316-V1\r\n\r\nOK\r\n"}
    profile, record = talk(body, replies, ShellOptions())
    assert (profile.model, profile.firmware) == ("MN316", "MN316-V1")
    assert "AT+CGMM" in record.read_text()
    assert json.loads(record.read_text().splitlines()[0])["model"] == "MN316"


def test_the_emulator_has_a_capture_that_goes_away(state: Path, collect) -> None:
    async def main():
        shell = Shell(host(), ShellOptions())
        await shell.open()
        try:
            (result,) = await collect(shell, "AT+CGMM")
            assert shell.device is not None
            assert shell.capture is not None
            assert shell.capture.exists()
            return result, shell.capture
        finally:
            await shell.close()
            await shell.close()

    result, capture = asyncio.run(main())
    assert "MN316" in result.text
    assert not capture.exists()


def test_a_session_without_a_word_leaves_no_record(state: Path) -> None:
    async def main():
        shell = Shell(host(), ShellOptions())
        await shell.open()
        record = shell.record
        await shell.close()
        return record

    record = asyncio.run(main())
    assert record is not None
    assert not record.exists()
