from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.codec import linkformat
from atshell_lwm2m.codec.errors import Malformed
from atshell_lwm2m.codec.linkformat import Link, parse

names = st.from_regex(r"[a-z][a-z0-9]{0,6}", fullmatch=True)
links = st.builds(
    Link,
    st.from_regex(r"(/[a-z0-9]{1,4}){1,3}", fullmatch=True),
    st.lists(st.tuples(names, st.one_of(st.none(), st.text(max_size=8))), max_size=3).map(tuple),
)


def test_a_registration() -> None:
    found = parse('</>;rt="oma.lwm2m";ct=11543, </1/0>,</3/0>;ver=1.1;obs')
    assert [link.target for link in found] == ["/", "/1/0", "/3/0"]
    assert found[0].get("rt") == "oma.lwm2m"
    assert found[0].get("ct") == "11543"
    assert found[2].attributes == (("ver", "1.1"), ("obs", None))
    assert linkformat.format(found) == '</>;rt="oma.lwm2m";ct=11543,</1/0>,</3/0>;ver=1.1;obs'


def test_quoted_values_may_hold_what_separates() -> None:
    assert parse(r'</a>;title="x,y;<z> \"q\""')[0].get("title") == 'x,y;<z> "q"'


@pytest.mark.parametrize("text", ['lwm2m="1.0",</0/0>;ssid=101, </0/1/>', "lwm2m=1.0, </0/0>;ssid=101,</0/1/>"])
def test_a_bootstrap_discover_of_lwm2m_1_0(text: str) -> None:
    """LwM2M 1.0 section 5.2.7.3: the enabler's version stands in front of the links."""
    assert parse(text) == [Link("/0/0", (("ssid", "101"),)), Link("/0/1/")]
    assert parse(text.partition(",")[0]) == []


@pytest.mark.parametrize(
    ("target", "path"), [("/3/0/", "/3/0"), ("/", "/"), ("1/0", "/1/0"), ("lwm2m/1/0", "lwm2m/1/0"), ("", "")]
)
def test_the_path_of_a_link(target: str, path: str) -> None:
    assert Link(target).path == path


def test_nothing() -> None:
    assert parse("") == parse("  ") == []


@pytest.mark.parametrize(("text", "offset"), [("a", 0), ("</a", 0), ("</a>,", 5), ("</a>x", 4), ('</a>;t="x', 7)])
def test_malformed(text: str, offset: int) -> None:
    with pytest.raises(Malformed) as caught:
        parse(text)
    assert caught.value.offset == offset


@given(st.lists(links, max_size=4))
@settings(max_examples=80)
def test_round_trip(given_links: list[Link]) -> None:
    assert parse(linkformat.format(given_links)) == given_links


@given(st.text(alphabet='<>;,="\\a /\n', max_size=60))
@settings(max_examples=200)
def test_any_text(text: str) -> None:
    with suppress(Malformed):
        parse(text)


def test_long_texts_take_linear_time() -> None:
    assert len(parse(",".join(["</a>;x"] * 20_000))) == 20_000
    with pytest.raises(Malformed):
        parse("</a>" + ";a=" * 20_000 + '"' * 20_001)
