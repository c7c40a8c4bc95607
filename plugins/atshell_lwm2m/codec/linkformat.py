"""CoRE Link Format (RFC 6690): ``</rd>;rt="core.rd",</3/0>;ver=1.1``.

One regular expression reads one link or one attribute at a time, always from where the last ended, so the work is
linear in the text. A quoted value may hold commas and semicolons, and a backslash quotes the character behind it
(RFC 2616 quoted-string, which RFC 6690 section 2 refers to).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from atshell_lwm2m.codec.errors import Malformed

# What LwM2M 1.0 (section 5.2.7.3, table 6) puts in front of the links of a Bootstrap-Discover.
_ENABLER = re.compile(r"\s*lwm2m\s*=\s*(?:\"[0-9.]*\"|[0-9.]+)\s*(?:,|$)")
_TARGET = re.compile(r"\s*<([^<>]*)>")
_ATTRIBUTE = re.compile(r"\s*;\s*([^\s=;,\"<>]+)(?:\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s;,\"]*)))?", re.DOTALL)
_SEPARATOR = re.compile(r"\s*,")
_BLANK = re.compile(r"\s*")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
# What is written without quotes. RFC 6690 lets more stand bare, but small parsers look for ``rt="oma.lwm2m"``.
_BARE = re.compile(r"[0-9.]+")


@dataclass(frozen=True, slots=True)
class Link:
    target: str
    attributes: tuple[tuple[str, str | None], ...] = ()
    """In the order of the text; None for an attribute without a value."""

    @property
    def path(self) -> str:
        """Some clients leave the slash in front out, which then is that of the origin (RFC 6690 section 2.1)."""
        slash = "/" if self.target[:1].isdecimal() else ""
        return slash + (self.target.rstrip("/") or self.target)

    def get(self, name: str) -> str | None:
        """The first value of the attribute."""
        return next((value for key, value in self.attributes if key == name), None)


def parse(text: str) -> list[Link]:
    """Raises Malformed; its offset counts characters."""
    links: list[Link] = []
    read_into(links, text)
    return links


def read_into(links: list[Link], text: str) -> None:
    """The same, for who wants those in front of a fault too."""
    enabler = _ENABLER.match(text)
    at, end = enabler.end() if enabler else 0, len(text)
    if _blank(text, at) == end:
        return
    while True:
        match = _TARGET.match(text, at)
        if match is None:
            raise Malformed("a link begins with '<' and its target ends with '>'", at)
        target, at = match[1], match.end()
        attributes = []
        while match := _ATTRIBUTE.match(text, at):
            attributes.append((match[1], _value(match)))
            at = match.end()
        links.append(Link(target, tuple(attributes)))
        if _blank(text, at) == end:
            return
        match = _SEPARATOR.match(text, at)
        if match is None:
            raise Malformed("a comma, a semicolon or the end is wanted", at)
        at = match.end()


def _blank(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _value(match: re.Match[str]) -> str | None:
    if match[2] is not None:
        return _ESCAPED.sub(r"\1", match[2])
    return match[3]


def format(links: Iterable[Link]) -> str:  # noqa: A001 - the pair of parse
    """The text of the links, with quotes where a value needs them."""
    return ",".join(f"<{link.target}>" + "".join(map(_attribute, link.attributes)) for link in links)


def _attribute(attribute: tuple[str, str | None]) -> str:
    name, value = attribute
    if value is None:
        return f";{name}"
    if _BARE.fullmatch(value):
        return f";{name}={value}"
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return f';{name}="{quoted}"'
