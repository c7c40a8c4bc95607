"""The one error of captures."""

from __future__ import annotations

from atshell.errors import AtshellError


class CaptureError(AtshellError):
    """A file that is not there or is no capture, an interface that can't be listened to."""
