"""What a line means, field by field, as a result (``atshell.assist.line``)."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from atshell.assist.line import explain_line
from atshell.shell.layout import INDENT, columns, joined, padded
from atshell.shell.result import Result

if TYPE_CHECKING:
    from atshell.assist.line import Account
    from atshell.catalog.lookup import Catalog
    from atshell.catalog.profile import Profile
    from atshell.styled import Fragments

WIDEST = 24
"""Columns of a value before its meaning; a longer one pushes it."""


def told(catalog: Catalog, profile: Profile, line: str, *, width: int) -> Result | None:
    """None when nothing is known of the line."""
    accounts = explain_line(catalog, profile, line)
    if not accounts:
        return None
    rows = [row for account in accounts for row in _rows(account, width)]
    return Result(joined(rows), "result", [asdict(account) for account in accounts])


def _rows(account: Account, width: int) -> list[Fragments]:
    source = f"  {account.source}" if account.source else ""
    head: Fragments = [("name", account.name), ("", f"  {account.summary}")]
    if columns(account.name) + columns(account.summary) + columns(source) + 2 > width:
        source = "\n" + " " * INDENT + source.strip() if source else ""
    rows: list[Fragments] = [[*head, ("dim", source)]]
    names = max((columns(field.name) for field in account.fields), default=0)
    values = min(max((columns(field.value) for field in account.fields), default=0), WIDEST)
    for field in account.fields:
        style = "error" if field.wrong else "value"
        row: Fragments = [
            ("dim", " " * INDENT + padded(field.name, names) + "  "),
            (style, padded(field.value, values)),
            ("", f"  {field.meaning}" if field.meaning else ""),
        ]
        if field.wrong:
            row.append(("error", "  !"))
        rows.append(row)
    rows += [[("note", " " * INDENT + remark)] for remark in account.remarks]
    return rows
