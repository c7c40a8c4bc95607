"""What is kept is bounded, forgotten, and found again; and a layout takes just what fits."""

from __future__ import annotations

import pytest

from atshell_lwm2m.dissect import layouts
from atshell_lwm2m.dissect.layouts import Layout, Layouts, Room, Texts, layout


def _digits(value: bytes) -> str:
    if not value.isdigit():
        raise ValueError
    return f"<{value.decode()}>"


class _Between(Layouts):
    """Payloads like ``a1b2c``."""

    __slots__ = ("asked",)

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self.asked: list[bytes] = []

    def learn(self, data: bytes) -> Layout | None:
        self.asked.append(data)
        if not data.islower():
            raise ValueError
        if data.isalpha():
            return None
        return layout(data, [(1, 2, "1s"), (3, 4, "1s")], [_digits, Texts(_digits, self.room).__getitem__], again=True)


def test_a_form_is_learnt_once() -> None:
    forms = _Between(Room())
    assert [forms[data] for data in (b"a1b2c", b"a3b4c", b"a3b4c")] == ["<1><2>", "<3><4>", "<3><4>"]
    assert forms.asked == [b"a1b2c"]
    assert list(forms) == [b"a3b4c"]


def test_another_form_of_the_same_length() -> None:
    forms = _Between(Room())
    assert [forms[data] for data in (b"a1b2c", b"x1y2z", b"x5y6z", b"a7b8c")] == [
        "<1><2>",
        "<1><2>",
        "<5><6>",
        "<7><8>",
    ]
    assert forms.asked == [b"a1b2c", b"x1y2z"]


def test_an_unusual_value_is_no_new_form() -> None:
    forms = _Between(Room())
    assert [forms[data] for data in (b"a1b2c", b"a?b2c", b"a1b?c", b"a1b2c")] == ["<1><2>", None, None, "<1><2>"]
    assert forms.asked == [b"a1b2c"]


def test_what_has_no_form_is_given_up() -> None:
    forms = _Between(Room())
    for number in range(2000):
        assert forms[b"abcd%c" % (97 + number % 26)] is None
        assert forms[b"ABCDE"] is None
    assert len(forms.asked) < 1000
    forms.forget()
    assert forms[b"a1b2c"] == "<1><2>"


def test_many_forms_of_one_length_are_not_all_learnt() -> None:
    forms = _Between(Room())
    for letter in range(97, 123):
        forms[b"%c1b2c" % letter]
    assert forms[b"a3b4c"] == "<3><4>"
    assert forms[b"z3b4c"] is None


def test_a_full_room_forgets_all_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layouts, "MAX_TEXTS", 20)
    room = Room()
    one, other = _Between(room), _Between(room)
    for first in range(10):
        for second in range(10):
            assert one[b"a%db%dc" % (first, second)] == f"<{first}><{second}>"
            assert other[b"x%dy%dz" % (second, first)] == f"<{second}><{first}>"
            assert sum(map(len, room.texts.values())) <= 20
    assert one.asked == [b"a0b0c"]
    del other
    assert list(room.layouts.values()) == [one]


def test_a_full_room_forgets_all_layouts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layouts, "MAX_LAYOUTS", 2)
    room = Room()
    one, other = _Between(room), _Between(room)
    for data in (b"a1b2c", b"k1k1k"):
        assert one[data] is not None
    assert other[b"a1b2c"] is not None
    # That was the third: the two others are learnt anew.
    assert one[b"k3k4k"] == "<3><4>"
    assert one.asked == [b"a1b2c", b"k1k1k", b"k3k4k"]
