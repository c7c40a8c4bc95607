"""Files and pipes, opened."""

from __future__ import annotations

from contextlib import ExitStack
from io import BufferedReader
from pathlib import Path

from atshell_lwm2m.capture.errors import CaptureError
from atshell_lwm2m.capture.growing import Going, Growing
from atshell_lwm2m.capture.tally import Warn
from atshell_lwm2m.capture.window import Stream

STANDARD_INPUT = Path("-")
_BUFFER = 1 << 20


def opened_file(path: Path, closing: ExitStack) -> BufferedReader:
    """Raises CaptureError. ``closing`` closes it; standard input stays open."""
    try:
        raw = open(0, "rb", 0, closefd=False) if path == STANDARD_INPUT else path.open("rb", 0)  # noqa: SIM115
    except FileNotFoundError:
        raise CaptureError(f"{path} is not there", "look at its name and folder") from None
    except IsADirectoryError:
        raise CaptureError(f"{path} is a folder", "name the capture files in it") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise CaptureError(f"{path} can't be read ({reason})", "look at its permissions") from None
    return closing.enter_context(BufferedReader(raw, _BUFFER))


def stream_of(file: BufferedReader, warn: Warn, going: Going | None = None) -> Stream:
    return Surviving(file if going is None else Growing(file.fileno(), going), warn)


class Surviving:
    """What the system refuses in the middle ends the reading as the end of the file does; at the beginning it is an
    OSError."""

    def __init__(self, stream: Stream, warn: Warn) -> None:
        self._stream, self._warn = stream, warn
        self._begun = False

    def read1(self, size: int = _BUFFER, /) -> bytes:
        try:
            piece = self._stream.read1(size)
        except OSError as error:
            if not self._begun:
                raise
            self._warn(f"can't be read any further ({error.strerror}): all before it was read")
            return b""
        self._begun = True
        return piece
