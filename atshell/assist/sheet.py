"""A sheet being written: lines with a label on the left, in one language and width, and the words that it says itself.

Pages of commands (``manual``) and of topics (``topic``) are written on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from atshell.assist.wrap import columns, padded, wrapped
from atshell.catalog.model import Erratum, Example, Manual, Note, Text
from atshell.catalog.profile import Profile
from atshell.styled import Fragment, Fragments

LABEL = 9
"""Columns of the labels on the left."""

# English and Chinese for everything that the page says itself.
WORDS = {
    "execute": ("execute", "执行"),
    "write": ("write", "设置"),
    "read": ("read", "读取"),
    "test": ("test", "测试"),
    "urc": ("reports", "上报"),
    "answer": ("answer", "应答"),
    "then": ("then", "随后"),
    "note": ("note", "注意"),
    "example": ("example", "示例"),
    "errata": ("errata", "勘误"),
    "errors": ("errors", "错误码"),
    "optional": ("optional", "可选"),
    "quoted": ("in quotes", "加双引号"),
    "range": ("{} to {}", "{} 至 {}"),
    "default": ("default {}", "缺省 {}"),
    "longest": ("at most {} bytes", "最长 {} 字节"),
    "shortest": ("at least {} bytes", "最短 {} 字节"),
    "with": ("with {}", "当 {}"),
    "is": ("<{}> {}", "<{}> 为 {}"),
    "or": (" or ", " 或 "),
    "only": ("only {}", "仅 {}"),
    "not": ("not {}", "{} 除外"),
    "every model": ("every model", "所有型号"),
    "answers within": ("answers within {}", "{} 内应答"),
    "persistent": ("kept without power", "掉电保存"),
    "reboot": ("acts after a reboot", "重启后生效"),
    "inferred": ("inferred from an example", "由示例推断"),
    "table": ("{}, a code at a time: atshell doc CODE", "{}，逐个查询：atshell doc CODE"),
    "firmware": ("with firmware {}", "固件 {}"),
    "except": ("not {}", "非 {}"),
    "from answers": ("in the answer", "应答参数"),
}


class Sheet:
    """Lines being written, in one language and width."""

    def __init__(self, profile: Profile, width: int, models: Sequence[str] = ()) -> None:
        self.profile = profile
        self.chinese = profile.language.startswith("zh")
        self.models = models
        self.width = max(width, 40)
        self.lines: list[Fragments] = []

    def word(self, key: str, *values: object) -> str:
        english, chinese = WORDS[key]
        return (chinese if self.chinese else english).format(*values)

    def text(self, text: Text | Note | Erratum) -> str:
        return (text.zh if self.chinese else None) or text.en

    def only(self, models: Sequence[str]) -> str:
        """Which models a fact is limited to, the shorter way; "" on a page that is for one model anyway."""
        if not models or self.profile.model:
            return ""
        others = [model for model in self.models if model not in models]
        if len(others) < len(models):
            return self.word("not", ", ".join(others)) if others else ""
        return self.word("only", ", ".join(models))

    def source(self, manual: Manual, section: str | None) -> str:
        return f"{self.text(manual.title)} §{section}" if section else self.text(manual.title)

    def firmware(self, when: Mapping[str, str]) -> str:
        """``with firmware BC25PAR*, <= BC25PAR01A04, not *_BT``; "" without a condition."""
        terms = [term.strip() for one in when.values() for term in one.split(",")]
        told = [self.word("except", term[1:].strip()) if term.startswith("!") else term for term in terms]
        return self.word("firmware", ", ".join(told)) if told else ""

    def joined(self) -> Fragments:
        first, *others = self.lines
        return [*first, *(fragment for line in others for fragment in (("", "\n"), *line))]

    def gap(self) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append([])

    def row(self, label: str, *fragments: Fragment, indent: int = LABEL, name: str = "dim") -> None:
        """A label on the left, in the style ``name``, and the fragments beside it, on as many lines as they take."""
        lines = wrapped(fragments, self.width - indent)
        if label and columns(label.rstrip()) >= indent:
            lines.insert(0, [])
        for number, line in enumerate(lines):
            left = padded(label if number == 0 else "", indent)
            self.lines.append([(name, left), *line] if left else line)

    def notes(self, notes: Iterable[Note]) -> None:
        self.gap()
        for index, note in enumerate(notes):
            models = f"{', '.join(note.models)}: " if note.models and not self.profile.model else ""
            label = self.word("note") if index == 0 else ""
            self.row(label, ("", models + self.text(note)), ("dim", f" §{note.section}"))

    def examples(self, examples: Sequence[Example], section: str) -> None:
        """``section`` is the page's own, which needs no saying."""
        self.gap()
        for index, example in enumerate(examples):
            lines = _dialogue(example)
            if example.about is not None:
                lines = [(style, f"  {line}") for style, line in lines]
                facts = [self.text(example.about), self.only(example.models)]
                facts.append(f"§{example.section}" if example.section not in (None, section) else "")
                lines.insert(0, ("dim", " · ".join(filter(None, facts))))
            for number, line in enumerate(lines):
                label = self.word("example") if number == 0 and (index == 0 or example.about is None) else ""
                # Not wrapped: it is there to be copied.
                self.lines.append([("dim", padded(label, LABEL)), line])


_FINAL = ("OK", "ERROR", "+CME ERROR", "+CMS ERROR", "+CIS ERROR")


def _dialogue(example: Example) -> list[Fragment]:
    """What is sent, each line with what comes back up to its final result; then what comes later."""
    lines: list[Fragment] = []
    received = iter(example.receive)
    for line in example.send:
        lines.append(("tx", line))
        for answer in received:
            lines.append(("rx", answer))
            if answer.startswith(_FINAL):
                break
    return lines + [("rx", line) for line in received]
