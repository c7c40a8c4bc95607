"""A session and its traffic put together: intents from the transcript, operations from captures.

The parts, in the order in which they work: ``traffic`` and ``devices`` read the messages, ``anchors`` and ``clock``
find what content alone ties together and from that the clocks' offset, ``join`` ties the rest by order and time,
``assemble`` makes the timeline. All that is pure: no I/O, no clock, no AT and no CoAP. ``front`` reads the files.
"""

from __future__ import annotations

from atshell_lwm2m.correlate.core import correlate
from atshell_lwm2m.correlate.front import correlate_captures

__all__ = ["correlate", "correlate_captures"]
