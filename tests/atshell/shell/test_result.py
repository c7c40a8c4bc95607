"""Results are MIME bundles."""

from __future__ import annotations

from atshell.shell.result import Result


def test_a_bundle_has_text_page_and_data() -> None:
    result = Result([("error", "<b>\x1b[2J"), ("", "\nx")], "error", {"a": 1})
    bundle = result.bundle()
    assert bundle["text/plain"] == result.text == "<b>\\x1b[2J\nx"
    assert "&lt;b&gt;" in str(bundle["text/html"])
    assert bundle["application/json"] == {"a": 1}
    assert "application/json" not in Result([("", "x")]).bundle()
