from __future__ import annotations

import operator
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.filter import FilterError, compile_filter
from atshell_lwm2m.filter.parser import MAX_DEPTH
from atshell_lwm2m.message import Message, Resource

SLOW = Message(operation="Notify", target="/3200/0/5750", rtt=2.5, mid=7, query=["a", "b"])
PLAIN = Message(code="4.04", mid=9, resources=[Resource("/3/0/9", value=15), Resource("/3/0/1", value="x")])


@pytest.mark.parametrize(
    ("text", "slow", "plain"),
    [
        ('op == "Notify" and target ~ "/3200/*" and rtt > 2', True, False),
        ("op == Notify", True, False),
        ("op != Read", True, False),
        ("not op == Read", True, True),
        ("op", True, False),
        ("not op", False, True),
        ("!op || mid == 7", True, True),
        ("mid in (7, 8)", True, False),
        ("mid in [9]", False, True),
        ("mid not in {7}", False, True),
        ("op not in (Read, Write)", True, False),
        ("query == b", True, False),
        ("query != b", False, False),
        ("mid == 7 or mid == 9 and op", True, False),
        ("(mid == 7 or mid == 9) and not op", False, True),
        ("/3/0/9 < 20 && value == 'x'", False, True),
        ("/3/0/9 > 20", False, False),
        ("block1.more", False, False),
        ("NOT op AND code == 4", False, True),
    ],
)
def test_what_holds(text: str, slow: bool, plain: bool) -> None:
    predicate = compile_filter(text)
    assert (predicate(SLOW), predicate(PLAIN)) == (slow, plain)


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("", 1, "nothing is asked"),
        ("op and", 7, "something is missing at the end"),
        ("op ==", 6, "the value to compare with is missing"),
        ("op == and", 7, "'and' where a value is expected"),
        ("(op", 4, "the ( of column 1 is still open: put a ) before it"),
        ("mid in (1, 2", 13, "the ( of column 8 is still open"),
        ("mid in 3", 8, 'write mid in ("…", "…")'),
        ("mid not 3", 9, "'3' behind not"),
        ("op)", 3, "')' is not expected here"),
        ("op mid", 4, "join conditions with and, or"),
        ('"op" == 1', 1, "the text 'op' where a field is expected"),
        ("== 1", 1, "'==' where a field is expected"),
        ("path contains rd", 6, 'write ~ "*…*"'),
        ("mid eq 5", 5, "write =="),
        ("(" * 80 + "op" + ")" * 80, MAX_DEPTH + 2, "one inside another"),
        ("not " * 80 + "op", 4 * (MAX_DEPTH + 1) + 1, "one inside another"),
    ],
)
def test_errors_point_at_the_place(text: str, column: int, says: str) -> None:
    with pytest.raises(FilterError) as caught:
        compile_filter(text)
    assert says in str(caught.value)
    assert caught.value.column == column
    assert "\n" not in str(caught.value)


def test_a_long_chain_is_no_nesting() -> None:
    assert compile_filter(" or ".join(["mid == 8"] * 700 + ["op"]))(SLOW)


WORDS = ["op", "rtt", "mid", "code", "target", "value", "/3/0/9", "time", "src", "token", "and", "or", "not", "in", "(",
         ")", ",", "==", "!=", "<", ">=", "~", '"x"', "'*'", "2", "4.04", "2s", "0x1f", "Notify", "true", "19:03", "!",
         "block1", "block1.more", "options.Max-Age", "[", "]", "=", "é", "\x00"]  # fmt: skip
MESSAGES = (SLOW, PLAIN, Message(), Message(time=1e308, code="", src=":", payload="zz", mid=-1))


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)))
def test_any_text_is_a_filter_or_a_filter_error(text: str) -> None:
    try:
        predicate = compile_filter(text)
    except FilterError as error:
        predicate = None
        column = error.column
    if predicate is None:
        assert 1 <= column <= len(text) + 1
        return
    for message in MESSAGES:
        assert predicate(message) in (True, False)


Rule = tuple[str, Callable[[Message], bool]]
OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


@st.composite
def comparisons(draw: st.DrawFn) -> Rule:
    """A comparison, and what it means in Python."""
    name = draw(st.sampled_from(["mid", "rtt", "observe"]))
    sign, wanted = draw(st.sampled_from(sorted(OPERATORS))), draw(st.integers(0, 3))
    compare = OPERATORS[sign]

    def meant(message: Message) -> bool:
        value = getattr(message, name)
        return value is not None and compare(value, wanted)

    return f"{name} {sign} {wanted}", meant


def _joined(rules: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    return st.one_of(
        st.tuples(rules, rules).map(lambda p: (f"({p[0][0]}) and ({p[1][0]})", lambda m: p[0][1](m) and p[1][1](m))),
        st.tuples(rules, rules).map(lambda p: (f"({p[0][0]}) || ({p[1][0]})", lambda m: p[0][1](m) or p[1][1](m))),
        rules.map(lambda r: (f"not ({r[0]})", lambda m: not r[1](m))),
    )


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(comparisons(), _joined, max_leaves=6),
    st.builds(
        Message,
        mid=st.one_of(st.none(), st.integers(0, 3)),
        rtt=st.one_of(st.none(), st.floats(0, 3)),
        observe=st.one_of(st.none(), st.integers(0, 3)),
    ),
)
def test_it_means_what_python_means(rule: Rule, message: Message) -> None:
    text, meant = rule
    assert compile_filter(text)(message) is meant(message)
