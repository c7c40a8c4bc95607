"""Keys and passwords masked, wherever the chunks are cut."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from atshell.transcript.entry import Direction, Entry
from atshell.transcript.redact import Mask, MaskingSink, Reveals, masked

REVEALS = Reveals(("+MIPLDEVINFO",), lambda line: [line.rsplit(",", 1)[-1].strip(' "')] if "," in line else [])


def through(mask: Mask, entries: list[tuple[float, Direction, str]], reveals: Reveals = REVEALS) -> list[Entry]:
    out: list[Entry] = []
    sink = MaskingSink(out.append, mask, reveals)
    for t, direction, data in entries:
        sink(Entry(t, direction, data))
    sink.close()
    return out


def joined(entries: list[Entry], direction: Direction = "rx") -> str:
    return "".join(entry.data for entry in entries if entry.dir == direction)


def a_mask(*secrets: str) -> Mask:
    mask = Mask()
    for secret in secrets:
        mask.add(secret)
    return mask


def test_the_form_of_the_manuals() -> None:
    assert masked("95GoodSecret") == "95Go****"
    assert masked("95Go****") == "95Go****"
    assert masked("abcd") == "****"


def test_text() -> None:
    mask = a_mask("abcd1234", "abcd12345678", "1234", "", "95Go****")
    assert mask.text('AT+X="abcd1234",abcd12345678,ABCD1234') == 'AT+X="abcd****",abcd****,abcd****'
    assert mask.text("869975031234461,1234;1234") == "869975031234461,****;****"
    assert mask.text("95Go****") == "95Go****"
    assert Mask().text("abcd1234") == "abcd1234"


def test_a_secret_that_is_shown_in_another_form() -> None:
    mask = Mask()
    mask.add('AT+KEY="ab"', 'AT+KEY="****"')
    assert mask.text('AT+KEY="ab"\r\r\nOK ab') == 'AT+KEY="****"\r\r\nOK ab'


def test_bytes_that_are_no_ascii_have_no_case() -> None:
    secret = "Ä密钥Schlüssel".encode().decode("latin-1")
    assert a_mask(secret).text(f"<{secret}>") == f"<{masked(secret)}>"


def test_both_directions_and_notes() -> None:
    out = through(
        a_mask("abcd1234"),
        [(0.0, "tx", "AT+K=abcd1234\r"), (0.1, "rx", "AT+K=abcd1234\r\r\nOK\r\n"), (0.2, "note", "key abcd1234")],
    )
    assert [entry.data for entry in out] == ["AT+K=abcd****\r", "AT+K=abcd****\r\r\nOK\r\n", "key abcd****"]


def test_a_secret_over_chunks_goes_to_the_chunk_in_which_it_began() -> None:
    out = through(a_mask("abcd1234"), [(0.1, "rx", "x abc"), (0.2, "rx", "d12"), (0.3, "rx", "34 y\r\n")])
    assert out == [Entry(0.1, "rx", "x "), Entry(0.1, "rx", "abcd****"), Entry(0.3, "rx", " y\r\n")]


def test_what_only_looked_like_a_secret_comes_back_in_order() -> None:
    out = through(
        a_mask("abcd1234"),
        [(0.1, "rx", "x abc"), (0.2, "tx", "AT\r"), (0.25, "note", "n"), (0.3, "rx", "z\r\n"), (0.4, "tx", "AT\r")],
    )
    assert out == [
        Entry(0.1, "rx", "x "),
        Entry(0.1, "rx", "abc"),
        Entry(0.2, "tx", "AT\r"),
        Entry(0.25, "note", "n"),
        Entry(0.3, "rx", "z\r\n"),
        Entry(0.4, "tx", "AT\r"),
    ]


def test_nothing_waits_where_nothing_can_be_a_secret() -> None:
    out: list[Entry] = []
    sink = MaskingSink(out.append, a_mask("abcd1234"), REVEALS)
    sink(Entry(0.1, "rx", "\r\n+CSQ: 1,2\r\n"))
    assert joined(out) == "\r\n+CSQ: 1,2\r\n"
    sink(Entry(0.2, "rx", "> "))
    assert joined(out).endswith("> ")
    sink(Entry(0.3, "rx", "ab"))
    assert joined(out).endswith("> ")
    sink.close()
    assert joined(out).endswith("> ab")


def test_a_line_that_reveals_a_secret_is_held_until_it_is_whole() -> None:
    answer = '\r\n+MIPLDEVINFO: "h:5684", 1, "wxyz9876"\r\n\r\nOK\r\nagain wxyz9876\r\n'
    expected = '\r\n+MIPLDEVINFO: "h:5684", 1, "wxyz****"\r\n\r\nOK\r\nagain wxyz****\r\n'
    assert joined(through(Mask(), [(0.0, "rx", answer)])) == expected
    assert joined(through(Mask(), [(n * 0.1, "rx", char) for n, char in enumerate(answer)])) == expected


def test_a_line_that_never_ends_is_not_held_for_ever() -> None:
    out: list[Entry] = []
    sink = MaskingSink(out.append, Mask(), REVEALS)
    sink(Entry(0.0, "rx", "+MIPLDEVINFO: " + "x" * 5000))
    assert len(joined(out)) > 5000


def test_many_entries_do_not_wait_for_one_chunk() -> None:
    out: list[Entry] = []
    sink = MaskingSink(out.append, a_mask("abcd1234"))
    sink(Entry(0.0, "rx", "abc"))
    for n in range(1000):
        sink(Entry(float(n), "tx", "AT\r"))
    assert len(out) == 1001


def test_the_number_of_secrets_is_limited() -> None:
    mask = a_mask(*(f"secret-{n:04}" for n in range(1000)))
    assert mask.text("secret-0000 secret-0999") == "secret-0000 secr****"


SECRETS = ["abcd1234", "d1234567", "aaaaaaab", "1234", '"x,', "密钥密钥".encode().decode("latin-1")]


@given(
    st.lists(st.sampled_from([*SECRETS, "a", "abc", "12", "\r\n", " ", ",", "+MIPLDEVINFO: 1,kkkkkkkk"]), max_size=12),
    st.lists(st.integers(0, 200), max_size=12),
)
def test_cut_anywhere_the_text_is_masked_as_a_whole(parts: list[str], cuts: list[int]) -> None:
    text = "".join(parts)
    edges = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    chunks = [text[a:b] for a, b in pairwise(edges)]
    entries: list[tuple[float, Direction, str]] = [(float(n), "rx", chunk) for n, chunk in enumerate(chunks)]
    out = through(a_mask(*SECRETS), entries, Reveals())
    assert joined(out) == a_mask(*SECRETS).text(text)
    assert [entry.t for entry in out] == sorted(entry.t for entry in out)


@given(st.lists(st.tuples(st.sampled_from(["tx", "rx", "note"]), st.text(max_size=20)), max_size=20))
def test_without_secrets_nothing_changes(chunks: list[tuple[Direction, str]]) -> None:
    entries = [(float(n), direction, data) for n, (direction, data) in enumerate(chunks)]
    out = through(Mask(), entries)
    for direction in ("tx", "rx"):
        assert joined(out, direction) == "".join(data for _, d, data in entries if d == direction)
    assert [entry.t for entry in out] == sorted(entry.t for entry in out)
