"""Parameters: the text between ``=`` and the end of a command, or after the colon of an answer.

Both directions share one grammar: values separated by commas, strings in double quotes (with V.250 5.4.2.2's
``\\22`` escapes), empty and omitted values, sub-lists in parentheses (answers to test commands). The reader never
fails: a string that is not closed ends at the end of the text and says so in ``closed``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Argument:
    """One parameter as it stands in a line."""

    text: str
    """The value without its quotes; "" when omitted or empty."""
    quoted: bool = False
    start: int = 0
    """Offset of the first character in the line, quotes included."""
    end: int = 0
    """Offset behind the last character."""
    closed: bool = True
    """False for a string whose closing quote is missing."""

    @property
    def omitted(self) -> bool:
        """True for nothing between two commas (``""`` is empty, not omitted)."""
        return not self.text and not self.quoted

    def __str__(self) -> str:
        return f'"{self.text}"' if self.quoted else self.text
