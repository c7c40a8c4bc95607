"""Why a payload is not what it claims to be: what else it would be, which mistake that is, and how to mend it.

What is sound is told from what is not by a short look (``of_values``); the guesses are imported when they are needed.
"""

from __future__ import annotations

from atshell_lwm2m.explain.payloads import of_payload, of_unread, of_values

__all__ = ["of_payload", "of_unread", "of_values"]
