"""The one error of every decoder in this package."""

from __future__ import annotations


class Malformed(ValueError):
    """The bytes are not what they claim to be.

    ``what`` is a phrase without a full stop; ``offset`` counts bytes (characters, for text formats) from the start
    of what was handed to the decoder.
    """

    def __init__(self, what: str, offset: int) -> None:
        super().__init__(f"{what} at byte {offset}")
        self.what = what
        self.offset = offset


def left(count: int) -> str:
    """``1 byte is left``: what there is, where more was claimed."""
    return "1 byte is left" if count == 1 else f"{count} bytes are left"
