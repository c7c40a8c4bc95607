"""The recorded scenario: decoded and correlated as its README tells, whatever the code has become since."""

from __future__ import annotations

from pathlib import Path

import atshell

FOLDER = Path(__file__).parents[2] / "captures" / "onenet-basic"

OPERATIONS = (
    "Bootstrap-Request",
    "Bootstrap-Delete",
    "Bootstrap-Write",
    "Bootstrap-Finish",
    "Register",
    "Observe",
    "Discover",
    "Read",
    "Notify",
    "Write",
    "Execute",
    "Update",
    "De-register",
)


def test_every_message_is_understood() -> None:
    messages = list(atshell.decode(FOLDER / "capture.pcap").records())
    assert len(messages) == 30
    assert all(not getattr(message, "error", None) for message in messages)
    assert {getattr(message, "operation", None) for message in messages} == set(OPERATIONS)
    endpoints = {getattr(message, "endpoint", None) for message in messages}
    assert endpoints == {"869975030000461;460001064826326"}


def test_every_line_with_traffic_finds_it() -> None:
    (timeline,) = atshell.correlate(FOLDER / "transcript.at.jsonl", FOLDER / "capture.pcap").records()
    summary: dict[str, int] = timeline.summary  # type: ignore[attr-defined]
    assert (summary["linked"], summary["unlinked"]) == (18, 0)
