"""``%strict``"""

from __future__ import annotations


def test_a_warned_line_waits_for_a_second_enter(talk, collect) -> None:
    async def body(shell, module):
        said = [result.text for result in await collect(shell, "%strict on\n%strict")]
        held = [result.stream for result in await collect(shell, "AT+CGATT=7")]
        before = list(module.received)
        sent = [result.text for result in await collect(shell, "")]
        return said, held, before, sent, module.received

    said, held, before, sent, received = talk(body)
    assert said == ["strict: a line with a warning waits for a second Enter"] * 2
    assert held == ["warning", "note"]
    assert "AT+CGATT=7" not in before
    assert received[-1] == "AT+CGATT=7"
    assert sent[-1].startswith("OK")


def test_off_sends_at_once(talk, collect) -> None:
    async def body(shell, module):
        await collect(shell, "%strict on")
        off = await collect(shell, "%strict OFF")
        sent = await collect(shell, "AT+CGATT=7")
        return off, sent, module.received

    (off,), sent, received = talk(body)
    assert off.data == {"strict": False}
    assert [result.stream for result in sent] == ["warning", "result"]
    assert received[-1] == "AT+CGATT=7"


def test_another_word(talk, collect) -> None:
    async def body(shell, module):
        return await collect(shell, "%strict maybe")

    (result,) = talk(body)
    assert result.stream == "error"
    assert "'maybe'" in result.text
