"""A serial port, or any URL that pyserial's ``serial_for_url`` knows (``rfc2217://``, ``spy://``, a pty's path).

pyserial blocks, so one thread reads. It stamps what it read where it read it and hands it to the event loop; it stops
reading while too many chunks wait, so that a module which never pauses fills the port's buffer and not the memory.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import threading
import time
from typing import TYPE_CHECKING, Protocol

from atshell.transport.link import Chunk, LinkError

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

POLL = 0.2
"""Seconds after which the reader looks whether it shall stop."""
WRITE_TIMEOUT = 5.0
MAX_CHUNK = 4096
MAX_WAITING = 256
"""Chunks."""


class Port(Protocol):
    """What is used of pyserial's port."""

    @property
    def in_waiting(self) -> int: ...
    def read(self, size: int = 1, /) -> bytes: ...
    def write(self, data: bytes, /) -> int | None: ...
    def close(self) -> None: ...


class SerialLink:
    def __init__(self, url: str, baud: int = 115200) -> None:
        self.name = url
        self._baud = baud
        self._port: Port | None = None
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._room = threading.Semaphore(MAX_WAITING)
        self._chunks: asyncio.Queue[Chunk | LinkError] = asyncio.Queue()
        self._writing = asyncio.Lock()

    async def open(self) -> None:
        self._port = port = await asyncio.to_thread(open_port, self.name, self._baud)
        self._stop.clear()
        self._room, self._chunks = threading.Semaphore(MAX_WAITING), asyncio.Queue()
        deliver = self._deliver_to(asyncio.get_running_loop())
        self._thread = threading.Thread(
            target=self._pump, args=(port, deliver), name=f"atshell reads {self.name}", daemon=True
        )
        self._thread.start()

    async def read(self) -> Chunk:
        if self._port is None:
            raise LinkError(f"{self.name} is not open", "open it first")
        chunk = await self._chunks.get()
        self._room.release()
        if isinstance(chunk, LinkError):
            self._chunks.put_nowait(chunk)  # it stays broken
            raise chunk
        return chunk

    async def write(self, data: bytes) -> float:
        async with self._writing:
            if self._port is None:
                raise LinkError(f"{self.name} is not open", "open it first")
            return await asyncio.to_thread(self._write, self._port, data)

    async def close(self) -> None:
        port, self._port = self._port, None
        if port is None:
            return
        self._stop.set()
        cancel = getattr(port, "cancel_read", None)  # only some of pyserial's ports have it
        if cancel is not None:
            cancel()
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join, 2 * POLL + 1)
        try:
            await asyncio.to_thread(port.close)
        except Exception as error:  # of a port whose device is gone
            log.debug("closing %s: %r", self.name, error)

    def _write(self, port: Port, data: bytes) -> float:
        from serial import SerialException, SerialTimeoutException

        stamp = time.monotonic()
        try:
            port.write(data)
        except SerialTimeoutException:
            raise LinkError(f"{self.name} takes no bytes", "check cable, power and flow control") from None
        except (SerialException, OSError, TypeError) as error:
            raise _broken(self.name, error) from None
        return stamp

    def _deliver_to(self, loop: asyncio.AbstractEventLoop) -> Callable[[Chunk | LinkError], None]:
        def deliver(chunk: Chunk | LinkError) -> None:
            try:
                loop.call_soon_threadsafe(self._chunks.put_nowait, chunk)
            except RuntimeError:  # the loop is closed: nobody waits any more
                self._stop.set()

        return deliver

    def _pump(self, port: Port, deliver: Callable[[Chunk | LinkError], None]) -> None:
        """The reader thread."""
        while not self._stop.is_set():
            if not self._room.acquire(timeout=POLL):
                continue
            try:
                data = _read(port)
            except Exception as error:  # whatever a pyserial port raises, no more bytes come from it
                deliver(_broken(self.name, error))
                return
            if data:
                deliver(Chunk(time.monotonic(), data))
            else:
                self._room.release()


def _read(port: Port) -> bytes:
    """What there is, after waiting for a first byte. Sockets say 1 for any number of waiting bytes."""
    data = port.read(1)
    try:
        while data and len(data) < MAX_CHUNK and (more := port.in_waiting):
            data += port.read(min(more, MAX_CHUNK - len(data)))
    except Exception as error:  # the last words count; the next read fails again
        log.debug("reading: %r", error)
    return data


def _broken(name: str, error: Exception) -> LinkError:
    return LinkError(f"{name} broke ({error})", "see whether the device is still plugged in, then connect again")


def open_port(url: str, baud: int) -> Port:
    """Open a port with pyserial. Raises LinkError with what to do."""
    from serial import SerialException, serial_for_url

    try:
        # ``exclusive`` locks a POSIX device; pyserial's other ports take and ignore it.
        port: Port = serial_for_url(url, baudrate=baud, timeout=POLL, write_timeout=WRITE_TIMEOUT, exclusive=True)
    except SerialException as error:
        raise _unopened(url, error) from None
    except (ValueError, OverflowError) as error:
        raise _unusable(url, baud, error) from None
    except Exception as error:  # termios.error is no OSError, and pyserial lets it pass
        raise LinkError(f"{url} cannot be opened ({error})", "check the port") from None
    return port


def _unopened(url: str, error: Exception) -> LinkError:
    code = getattr(error, "errno", None)
    if code == errno.ENOENT:
        return LinkError(f"{url} is not there", _choices())
    if code in (errno.EACCES, errno.EPERM):
        return LinkError(f"{url} may not be opened", _permission(url))
    if code in (errno.EAGAIN, errno.EBUSY):
        return LinkError(f"{url} is in use", "end the other program that has it open")
    if "Could not configure port" in str(error):
        return LinkError(f"{url} is no serial port", _choices())
    return LinkError(f"{url} cannot be opened ({error})", "check the port")


def _permission(url: str) -> str:
    """Who may: the device's group, as Linux distributions give serial ports to one."""
    try:
        import grp
        import os

        group = grp.getgrgid(os.stat(url).st_gid).gr_name
    except (ImportError, OSError, KeyError, ValueError):
        return "check the permissions of the device"
    return f"become a member of the group {group} (`sudo usermod -aG {group} $USER`) and log in again"


def _choices() -> str:
    from serial.tools.list_ports import comports

    ports = [port.device for port in comports()]
    return f"there are {', '.join(ports)}" if ports else "no serial port is plugged in"


def _unusable(url: str, baud: int, error: Exception) -> LinkError:
    """A ValueError of pyserial: the baud rate, or a URL that it cannot use, for which it hides missing libraries."""
    scheme, separator, _ = url.partition("://")
    if not separator:
        what = f"{url} cannot be opened with {baud} baud" if "\0" not in url else "the port's name has a null character"
        return LinkError(what, "try 9600, 57600 or 115200")
    if missing := _missing_library(scheme.lower()):
        return LinkError(f"{url} needs the library {missing}", f"install it (`pip install {missing}`)")
    if "not known" in str(error):
        return LinkError(f"{scheme}:// is no kind of port", "use a device, socket://HOST:PORT or rfc2217://HOST:PORT")
    return LinkError(f"{url} cannot be opened ({error})", "check the port")


def _missing_library(scheme: str) -> str:
    """The module that pyserial's handler for ``scheme`` could not import, or ""."""
    from importlib import import_module

    if not scheme.isidentifier():
        return ""
    handler = f"serial.urlhandler.protocol_{scheme}"
    try:
        import_module(handler)
    except ModuleNotFoundError as error:
        return "" if error.name == handler else error.name or ""
    except ImportError:
        return ""
    return ""
