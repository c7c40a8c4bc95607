"""Exchanges and URCs to results: what came, what it means, how long it took."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from atshell.assist.explain import explain_final, explain_information, explain_success
from atshell.session.carried import Said
from atshell.session.exchange import Exchange, Garbage, Outcome, Unsolicited
from atshell.shell.layout import elapsed, joined, row, since
from atshell.shell.result import Result
from atshell.styled import Fragments

if TYPE_CHECKING:
    from atshell.at.reply import Information
    from atshell.catalog.lookup import Catalog
    from atshell.catalog.profile import Profile
    from atshell.host import Host


def answer(
    catalog: Catalog,
    profile: Profile,
    exchange: Exchange,
    *,
    width: int,
    carried: Callable[[Said], str] = lambda _: "",
) -> Result:
    """An exchange: its lines, each with its meaning and what it carries, and its end with the time it took."""
    rows = []
    for information in exchange.lines:
        meaning = explain_information(catalog, profile, information, answer=True)
        payload = carried(Said(information.text, command=exchange.line))
        rows.append(row("", information.text, "  ".join(filter(None, (meaning, payload))), width=width))
    rows.append(_end(catalog, profile, exchange, width))
    return Result(joined(rows), "result" if exchange.ok else "error", exchange_data(exchange))


def _end(catalog: Catalog, profile: Profile, exchange: Exchange, width: int) -> Fragments:
    took = elapsed(exchange.elapsed)
    if exchange.final is not None:
        style = "ok" if exchange.ok else "error"
        meaning = explain_success(catalog, profile, exchange.line) if exchange.ok else ""
        meaning = meaning or explain_final(catalog, profile, exchange.final)
        return row(style, exchange.final.text, meaning, took, width=width)
    chinese = profile.language.startswith("zh")
    return row("error", *_OUTCOMES[exchange.outcome][chinese], took, width=width)


_OUTCOMES: dict[Outcome, tuple[tuple[str, str], tuple[str, str]]] = {
    Outcome.TIMEOUT: (
        ("no answer", "the module may be busy, asleep or off, or the baud rate may be another; try AT"),
        ("没有应答", "模组可能正忙、休眠或未上电, 或波特率不符; 可先试 AT"),
    ),
    Outcome.LOST: (
        ("the link is lost", "plug the module in again, or leave and start anew"),
        ("连接已断开", "请重新连接模组, 或退出后重新启动"),
    ),
    Outcome.DONE: (("no final result", ""), ("没有最终结果", "")),
}


def meaning_of(host: Host, profile: Profile, urc: Unsolicited) -> str:
    """What a URC means: in the words of the pack that reads it, else in the catalog's, with the path it is about; and
    what it carries."""
    from atshell.shell.payloads import beside

    carried = beside(host, Said(urc.information.text))
    return "  ".join(filter(None, (_words(host, profile, urc), carried)))


def _words(host: Host, profile: Profile, urc: Unsolicited) -> str:
    intent = next(iter(host.intents([urc], profile)), None)
    if intent is not None and intent.summary and not profile.language.startswith("zh"):
        return intent.summary
    meaning = explain_information(host.catalog, profile, urc.information)
    return f"{meaning} {intent.target}".strip() if intent is not None and intent.target else meaning


def unasked(happening: Unsolicited | Garbage, meaning: str, *, after: float | None, width: int) -> Result:
    """A URC with its meaning; ``after`` is how many seconds it came after the last command."""
    right = "" if after is None else since(after)
    if isinstance(happening, Garbage):
        return Result(row("warning", happening.text[:200], "a line without end", right, width=width), "warning")
    information = happening.information
    if happening.late:
        meaning = f"late answer to an earlier command{f': {meaning}' if meaning else ''}"
    data = {"urc": information.text, "meaning": meaning, "time": happening.time, **_named(information)}
    return Result(row("urc", information.text, meaning, right, width=width), "urc", data)


def exchange_data(exchange: Exchange) -> dict[str, object]:
    """What ``application/json`` carries."""
    data: dict[str, object] = {
        "line": exchange.line,
        "outcome": exchange.outcome.value,
        "ok": exchange.ok,
        "elapsed": round(exchange.elapsed, 6),
        "lines": [{"text": information.text, **_named(information)} for information in exchange.lines],
    }
    if exchange.final is not None:
        data["final"] = exchange.final.text
    return data


def _named(information: Information) -> dict[str, object]:
    if not information.prefix:
        return {}
    return {"prefix": information.prefix, "values": [argument.text for argument in information.values]}
