"""The signalling connection (3GPP TS 27.007, 10.1.30): traffic brings it up, and the network lets it go."""

from __future__ import annotations

from collections.abc import Mapping

from atshell.emulator.device import Device, Handler, Lines
from atshell_3gpp.emulator.forms import Arguments, Forms, at_most, integer


class ConnectionReports:
    def __init__(self, device: Device) -> None:
        self._device = device
        self._reports = False
        device.radio.on_connection(self._changed)

    def reset(self) -> None:
        """What AT&F, ATZ and a reboot put back."""
        self._reports = False

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {
            "+CSCON": Forms(
                test=lambda: ["+CSCON: (0,1)"],
                read=lambda: [f"+CSCON: {self._reports:d},{self._device.radio.connected:d}"],
                write=self._set,
            )
        }

    def _changed(self, connected: bool) -> None:
        if self._reports:
            self._device.emit(f"+CSCON: {connected:d}")

    def _set(self, arguments: Arguments) -> Lines:
        at_most(arguments, 1)
        self._reports = integer(arguments, 0, range(2), default=0) == 1
        return ()
