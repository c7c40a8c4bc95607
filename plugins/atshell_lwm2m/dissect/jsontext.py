"""Pieces of the lines of ``decode --format json``, ready to be put together.

Each piece is what ``message.to_json`` writes for those fields, with a comma in front: it is cut out of such a line, so
names, order and escapes are said in one place.
"""

from __future__ import annotations

import msgspec

from atshell_lwm2m.codec.coap import CODES, TYPES
from atshell_lwm2m.codec.options import (
    NO_RESPONSE,
    Q_BLOCK1,
    Q_BLOCK2,
    REQUEST_TAG,
    OptionList,
    read_options,
    reserved_block,
)
from atshell_lwm2m.dissect.about import About, piece
from atshell_lwm2m.dissect.message import seconds
from atshell_lwm2m.message import Message, to_json

MAX_SHAPES = 8192
_MAX_LENGTH = 96
"""Bytes of an option list that is worth keeping."""

_RARE = frozenset({NO_RESPONSE, Q_BLOCK1, Q_BLOCK2, REQUEST_TAG})
"""Options that mean something for other messages and are seldom seen."""

encode = msgspec.json.Encoder().encode


# By type and code: 0x100 * type + code. None for codes that are an error in themselves.
HEADS: list[str | None] = [
    None if code >> 5 in (1, 6) else f',"type":"{kind}","code":"{text}","mid":'
    for kind in TYPES
    for code, text in enumerate(CODES)
]


THREE = [f"{number:03}" for number in range(1000)]
SHORT = [three.rstrip("0") for three in THREE]
"""The digits of a thousandth, and without the zeros at their end: ``{THREE[1]}{SHORT[230]}`` is 0.00123."""


def moment(time: int) -> str:
    """The value of ``time``."""
    return to_json(Message(time=seconds(time))).decode()[8:-1]


class Shape(msgspec.Struct, frozen=True, eq=False, gc=False):
    """An option list, and the pieces that show it."""

    options: OptionList
    text: str
    """Of all of it; or up to the first value of Observe, where that was left out."""
    middle: str
    """Between the two places where the value of Observe stands."""
    last: str
    lead: bytes
    """All of it behind Observe, and the payload marker."""
    blocks: bool
    """Whether it has Block1 or Block2."""
    meanings: dict[str, dict[int, About | None]]
    """What requests with it are about, by who asks, and by code, which is inverted where there is no payload; None for
    what is not common."""
    registration: list[str]
    """The piece for an Update with these options, once it is made."""


class Shapes:
    """Those that were seen, by their bytes. Observe comes before everything else that a response mostly has and is
    never the same twice: responses are looked up by what is behind it."""

    def __init__(self) -> None:
        self.whole: dict[bytes, Shape] = {}
        self.behind_observe: dict[bytes, Shape] = {}

    def learn_whole(self, raw: bytes) -> Shape | None:
        """Of the options from the token up to the payload marker. None for a faulty list."""
        return _learn(self.whole, raw, raw, None)

    def learn_behind_observe(self, raw: bytes) -> Shape | None:
        """The same for the options behind Observe."""
        return _learn(self.behind_observe, raw, _PLACE + raw, _PLACE_VALUE)


# An Observe option with a value that stands for any other.
_PLACE_VALUE = "8608480567731124087"
_PLACE = b"\x68" + int(_PLACE_VALUE).to_bytes(8, "big")


def _learn(table: dict[bytes, Shape], key: bytes, raw: bytes, place: str | None) -> Shape | None:
    options = read_options(raw, 0)
    if options.end != len(raw) or options.error is not None or reserved_block(options):
        return None
    if any(one[0] in _RARE for one in options.options):
        return None
    parts = _text(options).split(place) if place is not None else [_text(options), "", ""]
    if len(parts) != 3:
        return None
    blocks = options.block1 is not None or options.block2 is not None
    shape = Shape(options, parts[0], parts[1], parts[2], key + b"\xff", blocks, {}, [])
    if len(key) <= _MAX_LENGTH:
        if len(table) >= MAX_SHAPES:
            table.clear()
        table[key] = shape
    return shape


def _text(options: OptionList) -> str:
    return piece(
        Message(
            options=options.options,
            path=options.path,
            query=options.query,
            observe=options.observe,
            content_format=options.content_format,
            accept=options.accept,
            block1=options.block1,
            block2=options.block2,
        )
    )
