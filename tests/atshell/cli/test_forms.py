from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from atshell.cli.forms import byte_destination, form_of, write_bytes, write_json
from atshell.errors import AtshellError
from atshell.styled import Fragments


class Two:
    warnings: Sequence[str] = ()

    def text(self) -> Iterator[Fragments]:
        return iter(())

    def json(self) -> Iterator[str]:
        return iter(['{"a":1}', '{"a":2}'])

    def records(self) -> Iterator[object]:
        return iter(())


@pytest.mark.parametrize(
    ("asked", "output", "form"),
    [
        (None, None, "text"),
        (None, "-", "text"),
        (None, "x", "text"),
        (None, "x.txt", "text"),
        (None, "x.json", "array"),
        (None, "X.NDJSON", "json"),
        (None, "x.jsonl", "json"),
        (None, "x.csv", "csv"),
        (None, "x.pcapng", "pcapng"),
        ("json", "x.json", "json"),
        ("text", "x.csv", "text"),
    ],
)
def test_which_form(asked: str | None, output: str | None, form: str) -> None:
    assert form_of(asked, output) == form


@pytest.mark.parametrize("output", ["x.pcap", "x.html", "x.xlsx"])
def test_what_is_not_written(output: str) -> None:
    with pytest.raises(AtshellError, match=r"is not written: .*name it"):
        form_of(None, output)


def test_lines_and_arrays() -> None:
    stream = io.StringIO()
    write_json([Two()], stream, array=False)
    assert stream.getvalue() == '{"a":1}\n{"a":2}\n'
    stream = io.StringIO()
    write_json([Two(), Two()], stream, array=True)
    assert [one["a"] for one in json.loads(stream.getvalue())] == [1, 2, 1, 2]
    assert stream.getvalue().splitlines()[1] == '{"a":1},'
    stream = io.StringIO()
    write_json([], stream, array=True)
    assert json.loads(stream.getvalue()) == []


def test_bytes(tmp_path: Path) -> None:
    with byte_destination(str(tmp_path / "x"), "csv") as stream:
        write_bytes([b"a", b"b"], stream)
    assert (tmp_path / "x").read_bytes() == b"ab"
    with pytest.raises(AtshellError, match="cannot write"), byte_destination(str(tmp_path), "csv"):
        pass


def test_no_packets_onto_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    with pytest.raises(AtshellError, match="nothing for a terminal"), byte_destination(None, "pcapng"):
        pass
