from __future__ import annotations

import pytest

from atshell_lwm2m.capture.traffic import looks_like_coap


@pytest.mark.parametrize(
    ("data", "looks"),
    [
        ("44011234aabbccddb3666f6f", True),  # GET /foo
        ("51451234aa6101ff31", True),  # a notification
        ("40450123ff31", False),  # a response without Observe
        ("40011234", False),  # nothing that speaks for it
        ("40001234", False),  # empty
        ("44211234aabbccddb3666f6f", False),  # a reserved class
        ("44011234aabbccddb3666f6fff", False),  # malformed
        ("44011234aabbccdde3ffff666f6f", False),  # an option that nobody registered
        ("80011234aabbccddb3666f6f", False),  # RTP
        ("16fefd00000000000000000001", False),  # DTLS
        ("000100002112a442", False),  # STUN
    ],
)
def test_what_looks_like_coap(data: str, looks: bool) -> None:
    assert looks_like_coap(bytes.fromhex(data)) is looks
