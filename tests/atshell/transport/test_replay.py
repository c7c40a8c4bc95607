"""A recorded session plays the module again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.errors import AtshellError
from atshell.transcript.entry import Direction, Entry, Header
from atshell.transcript.file import Transcript
from atshell.transport.link import Link, LinkError
from atshell.transport.replay import ReplayLink, same, scenes

Dialogue = Sequence[tuple[Direction, str]]


def record(dialogue: Dialogue) -> Transcript:
    entries = (Entry(float(n), direction, data) for n, (direction, data) in enumerate(dialogue))
    return Transcript(Header(datetime(2026, 1, 1, tzinfo=UTC), model="MN316"), tuple(entries))


def play(tmp_path: Path, recorded: Dialogue, *writes: str) -> list[str]:
    """What the link says before the first write, then behind each write."""
    path = tmp_path / "r.at.jsonl"
    record(recorded).write(path)

    async def run() -> list[str]:
        link = ReplayLink(path)
        await link.open()
        heard = [await said(link)]
        for data in writes:
            await link.write(data.encode("latin-1"))
            heard.append(await said(link))
        await link.close()
        return heard

    return asyncio.run(run())


async def said(link: ReplayLink) -> str:
    text = ""
    while True:
        try:
            async with asyncio.timeout(0.001):
                text += (await link.read()).data.decode("latin-1")
        except TimeoutError:
            return text


SESSION: Dialogue = [
    ("rx", "\r\nREADY\r\n"),
    ("tx", "AT+CSQ\r"),
    ("rx", "AT+CSQ\r\r\n+CSQ: 20,0\r\n\r\nOK\r\n"),
    ("note", "antenna moved"),
    ("rx", "\r\n+CEREG: 1\r\n"),
    ("tx", "AT+CSQ\r"),
    ("rx", "AT+CSQ\r\r\n+CSQ: 23,0\r\n"),
    ("rx", "\r\nOK\r\n"),
    ("tx", 'AT+MIPLCREATEEX="h",0,,abcd****\r'),
    ("rx", "\r\n+MIPLCREATEEX: 0\r\n\r\nOK\r\n"),
]


def test_in_recorded_order_with_urcs_behind_their_exchange(tmp_path: Path) -> None:
    assert play(tmp_path, SESSION, "AT+CSQ\r\n", "at+csq\r", 'AT+MIPLCREATEEX="h",0,,abcd1234\r') == [
        "\r\nREADY\r\n",
        "AT+CSQ\r\r\n+CSQ: 20,0\r\n\r\nOK\r\n\r\n+CEREG: 1\r\n",
        "AT+CSQ\r\r\n+CSQ: 23,0\r\n\r\nOK\r\n",
        "\r\n+MIPLCREATEEX: 0\r\n\r\nOK\r\n",
    ]


def test_a_line_from_elsewhere_in_the_record(tmp_path: Path) -> None:
    later, earlier, unknown, again = play(
        tmp_path, SESSION, 'AT+MIPLCREATEEX="h",0,,x\r', 'AT+MIPLCREATEEX="h",0,,abcd5678\r', "AT+CSQ\r", "AT+CSQ\r"
    )[1:]
    assert later == "\r\nERROR\r\n"
    assert earlier == "\r\n+MIPLCREATEEX: 0\r\n\r\nOK\r\n"
    assert unknown == again == "AT+CSQ\r\r\n+CSQ: 23,0\r\n\r\nOK\r\n"


def test_what_is_played_again_has_no_urcs(tmp_path: Path) -> None:
    first, _, again = play(tmp_path, SESSION[:5], "AT+CSQ\r", "AT\r", "AT+CSQ\r")[1:]
    assert first.endswith("+CEREG: 1\r\n")
    assert again == "AT+CSQ\r\r\n+CSQ: 20,0\r\n\r\nOK\r\n"


def test_the_echo_of_a_masked_line_is_what_was_written(tmp_path: Path) -> None:
    recorded: Dialogue = [("tx", "AT+K=abcd****\r"), ("rx", "AT+K=abcd****\r\r\nOK\r\n")]
    assert play(tmp_path, recorded, "AT+K=abcd1234\r", "AT+K=abcd5678\r")[1:] == [
        "AT+K=abcd1234\r\r\nOK\r\n",
        "AT+K=abcd5678\r\r\nOK\r\n",
    ]


def test_typed_character_by_character(tmp_path: Path) -> None:
    typed: list[tuple[Direction, str]] = []
    for char in "AT\r":
        typed += [("tx", char), ("rx", char)]
    recorded: Dialogue = [*typed, ("rx", "\r\nOK\r\n")]
    assert play(tmp_path, recorded, "A", "T", "\r") == ["", "", "", "AT\r\r\nOK\r\n"]


def test_the_repeat_command_has_no_end(tmp_path: Path) -> None:
    recorded: Dialogue = [("tx", "AT\r"), ("rx", "OK\r\n"), ("tx", "A/"), ("rx", "again OK\r\n")]
    assert play(tmp_path, recorded, "AT\r", "A/") == ["", "OK\r\n", "again OK\r\n"]


MESSAGE: Dialogue = [
    ("tx", 'AT+CMGS="1"\r'),
    ("rx", "\r\n> "),
    ("tx", "Hello"),
    ("rx", "Hello"),
    ("tx", "\x1a"),
    ("rx", "\r\n+CMGS: 7\r\n\r\nOK\r\n"),
    ("tx", "AT\r"),
    ("rx", "OK\r\n"),
]


def test_data_behind_a_prompt(tmp_path: Path) -> None:
    expected = ["", "\r\n> ", "", "Hello\r\n+CMGS: 7\r\n\r\nOK\r\n", "OK\r\n"]
    assert play(tmp_path, MESSAGE, 'AT+CMGS="1"\r', "other\rtext", "\x1a", "AT\r") == expected


def test_data_of_a_fixed_length(tmp_path: Path) -> None:
    recorded: Dialogue = [("tx", "AT+SEND=4\r"), ("rx", "> "), ("tx", "wxyz"), ("rx", "\r\nOK\r\n")]
    assert play(tmp_path, recorded, "AT+SEND=4\r", "ab", "cd", "AT+SEND=4\r") == ["", "> ", "", "\r\nOK\r\n", "> "]


def test_a_prompt_behind_which_nothing_was_recorded(tmp_path: Path) -> None:
    recorded: Dialogue = [("tx", "AT+SEND=4\r"), ("rx", "> ")]
    assert play(tmp_path, recorded, "AT+SEND=4\r", "abcd\x1a", "AT\r") == ["", "> ", "\r\nERROR\r\n", "\r\nERROR\r\n"]


def test_lines_that_are_the_same() -> None:
    assert same(b"AT+X=1\r", b"at+x=1\r\n")
    assert same(b'AT+K="95Go****",1\r', b'AT+K="95GoodSecret",1\r')
    assert same(b"AT+K=****\r", b"AT+K=ab\r")
    assert not same(b'AT+K="95Go****",1\r', b'AT+K="96GoodSecret",1\r')


def test_a_link_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "r.at.jsonl"
    record(SESSION).write(path)

    async def run() -> None:
        link = ReplayLink(path)
        assert isinstance(link, Link)
        assert link.name == f"replay:{path}"
        with pytest.raises(LinkError):
            await link.read()
        await link.open()
        assert link.header is not None
        assert link.header.model == "MN316"
        await link.close()
        await link.close()
        with pytest.raises(LinkError):
            await link.write(b"AT\r")
        with pytest.raises(AtshellError):
            await ReplayLink(tmp_path / "missing").open()

    asyncio.run(run())


CHARACTERS = st.text(st.sampled_from("ATX/+\r\n> \x1a\x1bOK"), max_size=8)


@given(st.lists(st.tuples(st.sampled_from(["tx", "rx", "note"]), CHARACTERS), max_size=12))
def test_any_record_loses_no_byte_of_the_module(dialogue: Dialogue) -> None:
    transcript = record(dialogue)
    heard = b"".join(b"".join(scene.replies) for scene in scenes(transcript))
    assert sorted(heard) == sorted(b"".join(entry.bytes for entry in transcript.entries if entry.dir == "rx"))


@given(st.lists(st.tuples(st.sampled_from(["tx", "rx"]), CHARACTERS), max_size=12), st.lists(CHARACTERS, max_size=6))
def test_any_writes_to_any_record(
    tmp_path_factory: pytest.TempPathFactory, dialogue: Dialogue, writes: list[str]
) -> None:
    path = tmp_path_factory.mktemp("any") / "r.at.jsonl"
    record(dialogue).write(path)

    async def run() -> None:
        link = ReplayLink(path)
        await link.open()
        for data in writes:
            await link.write(data.encode())

    asyncio.run(run())
