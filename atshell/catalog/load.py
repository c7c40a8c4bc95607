"""TOML manuals to records, with errors that name file and key, and a cache that loads in milliseconds.

The TOML is converted by the records' own types (``atshell.catalog.model``), then checked for what types can't say
(``atshell.catalog.consistency``). Both take a while, so the result is kept as JSON: its name is a hash over the
sources' bytes and the shape of the records, so a changed manual or a new version of the program finds no old cache.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path

import msgspec

from atshell import __version__
from atshell.catalog import model
from atshell.catalog.model import Manual
from atshell.errors import AtshellError

MAX_MANUAL = 4 << 20
"""Bytes of a manual's file."""

_CACHE_NAME = "manuals-{}.json"


class CatalogError(AtshellError):
    """A manual's file is wrong: the text names the file and the key."""


def load_manual(path: Path) -> Manual:
    """Read one TOML manual. Raises CatalogError."""
    return _parse(path, _read(path))


def load_manuals(paths: Iterable[Path], *, cache: Path | None = None) -> list[Manual]:
    """Read manuals, through ``cache`` (a folder) when given: JSON keyed by the sources' content.

    A cache that can't be read or written is no error: the manuals are then read from their sources.
    """
    sources = [(path, _read(path)) for path in paths]
    kept = cache / _CACHE_NAME.format(_key([data for _, data in sources])) if cache is not None else None
    if kept is not None and (manuals := _from_cache(kept)) is not None:
        return manuals
    manuals = [_parse(path, data) for path, data in sources]
    if kept is not None:
        _to_cache(kept, manuals)
    return manuals


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_MANUAL + 1)
    except OSError as error:
        raise CatalogError(f"{path}: the manual can't be read", error.strerror or str(error)) from error
    if len(data) > MAX_MANUAL:
        raise CatalogError(f"{path}: the manual is too long", f"the limit is {MAX_MANUAL} bytes")
    return data


def _parse(path: Path, data: bytes) -> Manual:
    import tomllib

    from atshell.catalog.consistency import faults

    try:
        raw = tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise CatalogError(f"{path.name}: not UTF-8 at byte {error.start}") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise CatalogError(f"{path.name}: not TOML", str(error)) from error
    try:
        manual = msgspec.convert(raw, Manual)
    except msgspec.ValidationError as error:
        raise CatalogError(f"{path.name}: {_located(str(error), raw)}") from error
    for fault in faults(manual):
        raise CatalogError(f"{path.name}: {fault}")
    return manual


_AT = re.compile(r"(?P<what>.*) - at (?:`[^`]*` in )?`\$\.?(?P<key>.*)`\Z", re.DOTALL)


def _located(message: str, raw: dict[str, object]) -> str:
    """``Expected `str`, got `int` - at `$.commands[3].section``` with its key first and the command's name in it."""
    match = _AT.match(message)
    if match is None:
        return message
    key = re.sub(r"\Acommands\[(\d+)\]", lambda at: f"{at[0]}{_name_of(raw, int(at[1]))}", match["key"])
    return f"{key}: {match['what']}"


def _name_of(raw: dict[str, object], index: int) -> str:
    commands = raw.get("commands")
    command = commands[index] if isinstance(commands, list) and index < len(commands) else None
    name = command.get("command") if isinstance(command, dict) else None
    return f" ({name})" if isinstance(name, str) else ""


def _key(sources: Sequence[bytes]) -> str:
    digest = blake2b(_schema_mark(), digest_size=16)
    for source in sources:
        digest.update(b"%d:" % len(source))
        digest.update(source)
    return digest.hexdigest()


def _schema_mark() -> bytes:
    """Changes with the shape of the records, so that no cache outlives it."""
    records = [value for value in vars(model).values() if isinstance(value, type)]
    shapes = [(record.__name__, getattr(record, "__annotations__", {})) for record in records]
    return f"{__version__} {shapes}".encode()


def _from_cache(path: Path) -> list[Manual] | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[Manual])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _to_cache(path: Path, manuals: list[Manual]) -> None:
    """Written whole or not at all; older caches are dropped."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".manuals-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(msgspec.json.encode(manuals))
            os.replace(temporary, path)
        except OSError:
            os.unlink(temporary)
            raise
        for old in path.parent.glob(_CACHE_NAME.format("*")):
            if old != path:
                old.unlink(missing_ok=True)
    except OSError:
        return
