from __future__ import annotations

import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from atshell.errors import AtshellError
from atshell.hooks import DecodeOptions, View
from atshell_lwm2m.analyzer import LwM2mAnalyzer
from atshell_lwm2m.export import parquet
from atshell_lwm2m.message import Message, Registration, Resource, Seconds

CAPTURES = Path(__file__).parent.parent / "captures"


def table(name: str, view: View = "messages") -> pq.Table:
    exported = LwM2mAnalyzer().export([CAPTURES / name], DecodeOptions(view=view), "parquet")
    return pq.read_table(io.BytesIO(b"".join(exported.pieces)))


def rows(*messages: Message) -> list[dict[str, object]]:
    read = pq.read_table(io.BytesIO(b"".join(parquet.parquet(messages, Message))))
    return read.drop_columns("time").to_pylist()


def bare(value: object) -> object:
    """Without what is not there, as JSON leaves it out."""
    if isinstance(value, dict):
        return {name: bare(one) for name, one in value.items() if one not in (None, [])}
    return [bare(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    "name", ["anjay_nosec_lwm2m10.pcap", "wakaama_bootstrap_v10_tlv.pcap", "libcoap_udp_plain.pcap"]
)
def test_it_says_what_the_json_says(name: str) -> None:
    read = table(name)
    times = [stamp.value for stamp in read["time"]]
    lines = list(LwM2mAnalyzer().decode([CAPTURES / name], DecodeOptions()).json())
    assert read.num_rows == len(lines)
    for row, time, line in zip(read.drop_columns("time").to_pylist(), times, lines, strict=True):
        message = json.loads(line, parse_float=str)
        whole, _, fraction = message.pop("time").partition(".")
        assert time == int(whole) * 10**9 + int(fraction.ljust(9, "0"))
        assert bare(row) == bare(as_row(message))


def as_row(message: dict[str, object]) -> dict[str, object]:
    if "rtt" in message:
        message["rtt"] = float(str(message["rtt"]))
    options = message.get("options", [])
    assert isinstance(options, list)
    message["options"] = [dict(zip(("number", "name", "value"), map(str, one), strict=True)) for one in options]
    resources = message.get("resources", [])
    assert isinstance(resources, list)
    for resource in resources:
        value = resource.get("value")
        if resource.get("type") in ("integer", "float", "time", "unsigned", "boolean"):
            resource["number"] = float(value)
        if value is not None:
            resource["value"] = str(value).lower() if isinstance(value, bool) else str(value)
    return message


@pytest.mark.parametrize(("view", "count"), [("exchanges", 78), ("registrations", 3)])
def test_the_other_views(view: View, count: int) -> None:
    assert table("anjay_nosec_lwm2m10.pcap", view).num_rows == count


def test_values_of_every_kind() -> None:
    values = ("text", 7, 2.5, True, 1 << 70, float("nan"))
    (row,) = rows(Message(resources=[Resource("/1/0/1", value=value) for value in values]))
    found = [(one["value"], one["number"]) for one in row["resources"]]  # type: ignore[attr-defined]
    assert found[:5] == [("text", None), ("7", 7.0), ("2.5", 2.5), ("true", 1.0), (str(1 << 70), float(1 << 70))]
    assert found[5][0] == "nan"


def test_what_no_column_can_hold() -> None:
    (row,) = rows(Message(registration=Registration(ep="a\udc80", lt=1 << 64)))
    assert bare(row["registration"]) == {"ep": "a?"}


def test_a_moment_past_the_end_of_time() -> None:
    read = pq.read_table(io.BytesIO(b"".join(parquet.parquet([Message(time=Seconds.of(1 << 64))], Message))))
    assert read["time"][0].value == (1 << 63) - 1


def test_many_rows_are_written_in_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROWS", 10)
    pieces = list(parquet.parquet((Message(frame=number) for number in range(35)), Message))
    file = pq.ParquetFile(io.BytesIO(b"".join(pieces)))
    assert len(pieces) == 5
    assert file.num_row_groups == 4
    assert file.read(["frame"])["frame"].to_pylist() == list(range(35))


def test_no_message_at_all() -> None:
    assert rows() == []


def test_without_pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "find_spec", lambda name: None)
    with pytest.raises(AtshellError, match="needs pyarrow"):
        parquet.parquet([], Message)
