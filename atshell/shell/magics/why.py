"""``%why``: the last error explained from what the check knew of the line: what was wrong, why, what to do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from atshell.assist.explain import explain_final
from atshell.at.lexer import position
from atshell.session.exchange import Outcome
from atshell.shell.layout import columns, joined
from atshell.shell.result import Result

if TYPE_CHECKING:
    from atshell.assist.check import Caution
    from atshell.catalog.lookup import Catalog, Entry
    from atshell.catalog.profile import Profile
    from atshell.shell.checking import Failure
    from atshell.shell.engine import Shell
    from atshell.styled import Fragments

FIRST = ("order", "late", "not-waiting", "model", "firmware", "unknown")
"""Rules that explain a failure whatever else is wrong with the line."""
LABEL = 8
"""Columns of the words before each row."""
MOST_NOTES = 3

WORDS: dict[str, tuple[str, str]] = {
    "nothing": ("no command has failed yet", "尚无命令失败"),
    "wrong": ("wrong", "问题"),
    "do": ("do", "处理"),
    "answer": ("answer", "应答"),
    "manual": ("manual", "手册"),
    "clean": ("the manual has nothing against this line", "按手册检查，此行没有问题"),
    "known": ("no manual here has this command", "手册中没有该命令"),
    "code": ("AT+CMEE=1 makes the module say which error it is", "AT+CMEE=1 可让模组给出错误码"),
    "timeout": ("the module did not answer: it may be busy, asleep or off", "模组没有应答: 可能正忙、休眠或未上电"),
    "lost": ("the link was lost before the answer came", "应答之前连接已断开"),
    "see": ("{0} shows what is set now", "{0} 可查询当前设置"),
    "page": ("%help {0}", "%help {0}"),
}


async def run(shell: Shell, argument: str) -> AsyncIterator[Result]:
    failure = shell.checker.failure
    if failure is None:
        yield Result([("note", _words("nothing", shell.profile))], "note")
        return
    yield explained(shell.host.catalog, shell.profile, failure)


def explained(catalog: Catalog, profile: Profile, failure: Failure) -> Result:
    exchange = failure.exchange
    warnings = sorted(
        (one for one in failure.cautions if one.severity == "warning"), key=lambda one: one.rule not in FIRST
    )
    data = {
        "line": exchange.line,
        "answer": exchange.final.text if exchange.final else exchange.outcome.value,
        "cautions": [asdict(one) for one in warnings],
    }
    return Result(joined(list(_rows(catalog, profile, failure, warnings))), "result", data)


def _rows(catalog: Catalog, profile: Profile, failure: Failure, warnings: list[Caution]) -> Iterator[Fragments]:
    line = failure.exchange.line
    yield [("tx", line)]
    if warnings and line == failure.line:  # one with masked secrets has other columns
        yield [("warning", _marks(line, warnings))]
    for one in warnings:
        yield _row("wrong", one.text, profile)
        if one.fix:
            yield _row("do", one.fix, profile)
    entry = _entry(catalog, profile, failure.line)
    if not warnings:
        yield _row("wrong", _words("clean" if entry else "known", profile), profile)
    yield from _answer(catalog, profile, failure)
    if entry is not None:
        if failure.exchange.final is not None and not failure.exchange.final.detail:
            yield _row("do", _words("code", profile), profile)
        yield from _manual(profile, entry, failure, warnings)


def _marks(line: str, warnings: list[Caution]) -> str:
    """``^^^`` below what the warnings are about."""
    marks = [" "] * (columns(line) + 1)
    for one in warnings:
        start, end = columns(line[: one.start]), columns(line[: one.end])
        marks[start : max(end, start + 1)] = "^" * max(end - start, 1)
    return "".join(marks).rstrip()


def _answer(catalog: Catalog, profile: Profile, failure: Failure) -> Iterator[Fragments]:
    exchange = failure.exchange
    if exchange.final is None:
        yield _row("answer", _words("lost" if exchange.outcome is Outcome.LOST else "timeout", profile), profile)
        return
    meaning = explain_final(catalog, profile, exchange.final)
    yield _row("answer", f"{exchange.final.text}  {meaning}".rstrip(), profile)


def _manual(profile: Profile, entry: Entry, failure: Failure, warnings: list[Caution]) -> Iterator[Fragments]:
    """Where nothing was wrong with the line the command's notes may tell; and how to see what holds now."""
    command = entry.command
    if not warnings:
        for note in command.notes[:MOST_NOTES]:
            text = note.zh if profile.language.startswith("zh") else note.en
            yield _row("manual", f"{text} (§{note.section})", profile)
    if "write" in command.forms and "read" in command.forms and "=" in failure.line:
        yield _row("do", _words("see", profile).format(command.forms["read"][0]), profile)
    yield _row("manual", _words("page", profile).format(command.command), profile)


def _entry(catalog: Catalog, profile: Profile, line: str) -> Entry | None:
    name = position(line, len(line)).name
    entry = catalog.find(f"AT{name}", profile) if name else None
    return entry if entry is not None and entry.command.kind == "command" else None


def _row(label: str, text: str, profile: Profile) -> Fragments:
    word = _words(label, profile)
    return [("dim", word + " " * max(LABEL - columns(word), 1)), ("", text)]


def _words(key: str, profile: Profile) -> str:
    return WORDS[key][profile.language.startswith("zh")]
