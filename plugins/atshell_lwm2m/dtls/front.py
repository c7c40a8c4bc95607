"""DTLS as the dissector sees it. What opens it is imported when the first datagram of it comes: most captures have
none, and shall not wait for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atshell_lwm2m.dtls.records import is_dtls, is_unified

if TYPE_CHECKING:
    from atshell_lwm2m.dtls.keys import Keys
    from atshell_lwm2m.dtls.opener import DtlsOpener, Opened
    from atshell_lwm2m.dtls.sessions import Sessions


class Dtls:
    """One for a capture, or for all that belong together."""

    def __init__(self, keys: Keys | None = None) -> None:
        self._keys = keys
        self._opener: DtlsOpener | None = None
        self._sessions: Sessions | None = None

    def expects(self, src: str, dst: str, data: bytes) -> bool:
        """Whether a datagram is DTLS: by its header, or because its conversation turned out to be DTLS 1.3."""
        if is_dtls(data):
            return True
        return self._opener is not None and is_unified(data) and self._opener.is_modern(src, dst)

    def take(self, src: str, dst: str, data: bytes, part: bool = False, whose: object = None) -> Opened:
        """What ``DtlsOpener.take`` says of a datagram that is expected."""
        return self._open().take(src, dst, data, part, whose)

    def look(self, src: str, dst: str, data: bytes) -> Opened | None:
        """At a datagram on a port that is not known; None when there is nothing to open it with."""
        if not self._keys or not is_dtls(data):
            return None
        return self._open().look(src, dst, data)

    def learn(self, log: bytes) -> None:
        """The text of a key log that the capture itself holds."""
        self._known().learn(log)

    def keyed(self) -> bool:
        """Whether there is anything to open TLS with."""
        return bool(self._keys)

    @property
    def keys(self) -> Keys:
        return self._known()

    @property
    def sessions(self) -> Sessions:
        """Those of TLS that can be resumed."""
        if self._sessions is None:
            from atshell_lwm2m.dtls.sessions import Sessions

            self._sessions = Sessions()
        return self._sessions

    def _known(self) -> Keys:
        if self._keys is None:
            from atshell_lwm2m.dtls.keys import Keys

            self._keys = Keys()
        return self._keys

    def _open(self) -> DtlsOpener:
        if self._opener is None:
            from atshell_lwm2m.dtls.opener import DtlsOpener

            self._opener = DtlsOpener(self._known())
        return self._opener
