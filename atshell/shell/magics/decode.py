"""``%decode HEX``: what a pasted CoAP message or payload says."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from atshell.errors import AtshellError
from atshell.shell.layout import joined
from atshell.shell.result import Result

if TYPE_CHECKING:
    from atshell.shell.engine import Shell

EXAMPLE = "%decode e3167604616263 64 (blanks, colons and 0x are skipped)"
MAX_DIGITS = 2 * 65536


async def run(shell: Shell, argument: str) -> AsyncIterator[Result]:
    report = shell.host.analyzer.decode_payload(read_hex(argument))
    text = joined(list(report.text()))
    data = [json.loads(line) for line in report.json()]
    yield Result(text, "result", data[0] if len(data) == 1 else data)


def read_hex(text: str) -> bytes:
    """Hexadecimal digits as people paste them. Raises AtshellError."""
    digits = re.sub(r"0[xX]|\\x|[\s:,\-\"]", "", text)
    if not digits:
        raise AtshellError("%decode needs hexadecimal digits", EXAMPLE)
    if len(digits) > MAX_DIGITS:
        raise AtshellError("%decode takes 64 KiB at most", "use atshell decode --hex -")
    wrong = re.search(r"[^0-9a-fA-F]", digits)
    if wrong:
        raise AtshellError(f"{wrong.group()!r} is no hexadecimal digit", EXAMPLE)
    if len(digits) % 2:
        raise AtshellError(f"{len(digits)} hexadecimal digits are no whole bytes", "one is missing or too many")
    return bytes.fromhex(digits)
