"""``%note``"""

from __future__ import annotations

from atshell.shell.options import ShellOptions


def test_a_note_is_in_the_record(talk, collect) -> None:
    async def body(shell, module):
        noted, empty = await collect(shell, "%note  antenna moved \n%note")
        return noted, empty, shell.transcript().entries

    noted, empty, entries = talk(body)
    assert (noted.text, noted.stream) == ("noted", "note")
    assert empty.stream == "error"
    assert [(entry.dir, entry.data, entry.kind) for entry in entries] == [("note", "antenna moved", "comment")]


def test_without_a_record_it_says_so(talk, collect) -> None:
    async def body(shell, module):
        return await collect(shell, "%note x")

    (result,) = talk(body, None, ShellOptions(model="MN316", no_record=True))
    assert "not recorded" in result.text
