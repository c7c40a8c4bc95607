"""Records as an Apache Parquet file, for DuckDB, pandas, Spark: a row a record, a column a field.

Lists stay lists and records in records stay records (``registration.lt``). Moments are UTC timestamps in nanoseconds.
What is of several types (a resource's value, an option's) is text, with ``number`` beside it where it is a number.
Rows are written in groups, so that memory does not grow with the file.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from itertools import islice
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Union, get_args, get_origin

import msgspec

from atshell.errors import AtshellError
from atshell_lwm2m.message import NO_TIME, Seconds

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 20_000
"""Of a row group."""
_MOMENTS = frozenset({"time", "start", "ended", "last_renewed"})
_LAST = (1 << 63) - 1
_NANOSECONDS = 1_000_000_000
_OPTION = ("number", "name", "value")

Convert = Callable[[object], object]


def parquet(records: Iterable[object], kind: type[msgspec.Struct]) -> Iterator[bytes]:
    """The file's bytes. Raises AtshellError, at once, where pyarrow is not installed."""
    if find_spec("pyarrow") is None:
        raise AtshellError("Parquet needs pyarrow", "pip install 'atshell[parquet]', or write .csv")
    return _pieces(records, kind)


def _pieces(records: Iterable[object], kind: type[msgspec.Struct]) -> Iterator[bytes]:
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    sink, schema, convert, left = _Sink(), pa.schema(_fields(kind)), _record(kind), iter(records)
    with ParquetWriter(sink, schema, compression="zstd") as writing:
        while rows := [convert(one) for one in islice(left, ROWS)]:
            writing.write_table(pa.Table.from_pylist(rows, schema))
            yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """What was written since it was asked last. The writer never goes back, but wants to know where it is."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._given = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        size = len(self._held)
        self._held += memoryview(data)  # type: ignore[arg-type]  # pyarrow hands over buffers
        return len(self._held) - size

    def tell(self) -> int:
        return self._given + len(self._held)

    def taken(self) -> bytes:
        held, self._held = bytes(self._held), bytearray()
        self._given += len(held)
        return held


# Types, and how values become such


def _fields(kind: type[msgspec.Struct]) -> list[tuple[str, pa.DataType]]:
    import pyarrow as pa

    found = []
    for one in msgspec.structs.fields(kind):
        found.append((one.encode_name, pa.timestamp("ns", "UTC") if _is_moment(one) else _type(one.type)))
        if _mixed(one.type):
            found.append(("number", pa.float64()))
    return found


def _type(annotation: object) -> pa.DataType:
    import pyarrow as pa

    plain = _plain(annotation)
    if isinstance(plain, type) and issubclass(plain, msgspec.Struct):
        return pa.struct(_fields(plain))
    if get_origin(plain) is list:
        return pa.list_(_type(get_args(plain)[0]))
    if get_origin(plain) is tuple:
        return pa.struct(list(zip(_OPTION, (pa.string(),) * 3, strict=True)))
    known = {int: pa.int64(), float: pa.float64(), bool: pa.bool_()}
    return known[plain] if isinstance(plain, type) and plain in known else pa.string()


def _is_moment(field: msgspec.structs.FieldInfo) -> bool:
    """A resource's time, which may be one from now, is a number."""
    return field.encode_name in _MOMENTS and {int, float} - set(get_args(field.type)) != set()


def _plain(annotation: object) -> object:
    """Without None; a number of either type is a float, any other union of several stays one."""
    if get_origin(annotation) in (UnionType, Union):
        some = [one for one in get_args(annotation) if one is not NoneType]
        if set(some) == {int, float}:
            return float
        return some[0] if len(some) == 1 else annotation
    return annotation


def _mixed(annotation: object) -> bool:
    return get_origin(_plain(annotation)) in (UnionType, Union)


@cache
def _record(kind: type[msgspec.Struct]) -> Convert:
    parts = []
    for one in msgspec.structs.fields(kind):
        parts.append((one.name, one.encode_name, _moment if _is_moment(one) else _value(one.type)))
        if _mixed(one.type):
            parts.append((one.name, "number", _number))

    def convert(record: object) -> object:
        return None if record is None else {name: read(getattr(record, field)) for field, name, read in parts}

    return convert


def _value(annotation: object) -> Convert:
    plain = _plain(annotation)
    if isinstance(plain, type) and issubclass(plain, msgspec.Struct):
        return _record(plain)
    if get_origin(plain) is list:
        each = _value(get_args(plain)[0])
        return lambda values: [each(one) for one in values]  # type: ignore[attr-defined]  # the record says so
    if get_origin(plain) is tuple:
        return _option
    if plain is int:
        return _integer
    return _same if plain is float or plain is bool else _text


def _option(value: object) -> object:
    return dict(zip(_OPTION, map(str, value), strict=True)) if isinstance(value, tuple) else None


def _same(value: object) -> object:
    return value


def _integer(value: object) -> object:
    """What a column of integers can't hold is not there."""
    return value if isinstance(value, int) and -_LAST - 1 <= value <= _LAST else None


def _text(value: object) -> object:
    if value is None:
        return None
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text.encode("utf-8", "replace").decode()


def _number(value: object) -> object:
    return float(value) if isinstance(value, (int, float)) and abs(value) < 1e308 else None


def _moment(value: object) -> object:
    if value is None or value is NO_TIME:
        return None
    if isinstance(value, Seconds):
        whole, _, fraction = value.digits.partition(".")
        moment = int(whole) * _NANOSECONDS + int(fraction)
    else:
        # A float holds microseconds of our time, and no more.
        moment = round(float(value) * 1_000_000) * 1000  # type: ignore[arg-type]  # the record says so
    return min(moment, _LAST)
