"""Text with meaning attached, and the one way by which it reaches a terminal or a page.

Everything that is shown is a list of fragments ``(style, text)``. A style is a semantic name of STYLES ("urc",
"error", "dim", ...), never a colour. Text from modules, networks and captures is hostile: ``visible`` turns every
control, C1, bidi and other unprintable character into a visible escape, and each ``to_...`` function applies it
to every fragment (only the line feed passes), so nothing can be forgotten elsewhere.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

Fragment = tuple[str, str]
Fragments = list[Fragment]

# Semantic name -> ANSI SGR parameters. Colour means direction or severity, and never stands alone.
STYLES: dict[str, str] = {
    "": "",
    "bold": "1",
    "dim": "2",
    "tx": "36",  # towards the module or the platform
    "rx": "32",  # from it
    "urc": "33",
    "ok": "32",
    "error": "31",
    "warning": "33",
    "note": "2",
    "name": "1",
    "value": "",
}

_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def visible(text: str, *, keep: str = "\n") -> str:
    """``text`` with each control, format, surrogate or unassigned character as ``\\x1b`` or ``\\u202e``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c in keep or unicodedata.category(c) not in _UNSAFE_CATEGORIES else _escape(c) for c in text)


def _escape(char: str) -> str:
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def to_plain(fragments: Iterable[Fragment]) -> str:
    return "".join(visible(text) for _, text in fragments)


def to_ansi(fragments: Iterable[Fragment]) -> str:
    """The fragments with ANSI colours, for a terminal that wants them."""
    parts = []
    for style, text in fragments:
        sgr = STYLES.get(style, "")
        parts.append(f"\x1b[{sgr}m{visible(text)}\x1b[0m" if sgr and text else visible(text))
    return "".join(parts)


def to_html(fragments: Iterable[Fragment]) -> str:
    """The fragments as a ``<pre>`` with one class a style; all text is escaped."""
    import html  # half a millisecond that a terminal need not wait for

    parts = ['<pre class="atshell">']
    for style, text in fragments:
        shown = html.escape(visible(text))
        parts.append(f'<span class="atshell-{style}">{shown}</span>' if style in STYLES and style else shown)
    parts.append("</pre>")
    return "".join(parts)
