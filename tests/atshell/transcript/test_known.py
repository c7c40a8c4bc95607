from __future__ import annotations

from pathlib import Path

from atshell.transcript.known import is_transcript


def test_what_is_a_transcript(tmp_path: Path) -> None:
    header = '{"format": "atshell-transcript", "version": 1, "started": "2026-01-01T00:00:00Z"}\n'
    for name, content, is_one in (
        ("a", header, True),
        ("b", "\ufeff" + header, True),
        ("c.at.jsonl", "", True),
        ("d", '{"frame": 1}\n' + header, False),
        ("e", "\xd4\xc3\xb2\xa1", False),
        ("f", "", False),
    ):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        assert is_transcript(path) is is_one
    assert not is_transcript(tmp_path)
    assert not is_transcript(tmp_path / "none")
