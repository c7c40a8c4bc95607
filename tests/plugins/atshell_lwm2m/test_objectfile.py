from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.errors import AtshellError
from atshell_lwm2m.codec.registry import ObjectEntry, ResourceEntry
from atshell_lwm2m.objectfile import MAX_FILE, read_objects

# The form of the registry's files (LwM2M.xsd), cut down.
XML = """<?xml version="1.0" encoding="UTF-8"?>
<LWM2M xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:noNamespaceSchemaLocation="http://www.openmobilealliance.org/tech/profiles/LWM2M-v1_1.xsd">
  <Object ObjectType="MODefinition">
    <Name>Street Cabinet</Name>
    <Description1><![CDATA[A <b>cabinet</b>.]]></Description1>
    <ObjectID>33000</ObjectID>
    <ObjectURN>urn:oma:lwm2m:x:33000</ObjectURN>
    <MultipleInstances>Multiple</MultipleInstances>
    <Mandatory>Optional</Mandatory>
    <Resources>
      <Item ID="1">
        <Name>Door
          open</Name>
        <Operations>R</Operations>
        <MultipleInstances>Single</MultipleInstances>
        <Mandatory>Mandatory</Mandatory>
        <Type>Boolean</Type>
        <RangeEnumeration></RangeEnumeration>
        <Units></Units>
        <Description>Name of nobody</Description>
      </Item>
      <Item ID="5700">
        <Name>Temperature</Name><Operations>RW</Operations><MultipleInstances>Multiple</MultipleInstances>
        <Mandatory>Optional</Mandatory><Type>Float</Type><Units>Cel</Units><Description></Description>
      </Item>
      <Item ID="5850"><Name>Counter</Name><Operations/><Type>Unsigned Integer</Type></Item>
      <Item ID="5523"><Name>Trigger</Name><Operations>E</Operations><Type></Type></Item>
    </Resources>
    <Description2></Description2>
  </Object>
</LWM2M>
"""
TOML = """
[[objects]]
id = 33000
name = "Street Cabinet"
[[objects.resources]]
id = 1
name = "Door open"
type = "boolean"
operations = "R"
[[objects.resources]]
id = 5700
name = "Temperature"
type = "float"
operations = "RW"
multiple = true
unit = "Cel"
[[objects.resources]]
id = 5850
name = "Counter"
type = "unsigned"
[[objects.resources]]
id = 5523
name = "Trigger"
operations = "E"
"""
CABINET = ObjectEntry(
    "Street Cabinet",
    {
        1: ResourceEntry("Door open", "boolean", None, "R", False),
        5700: ResourceEntry("Temperature", "float", "Cel", "RW", True),
        5850: ResourceEntry("Counter", "unsigned", None, "", False),
        5523: ResourceEntry("Trigger", None, None, "E", False),
    },
)


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "objects"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize(
    "text", [XML, TOML, "\ufeff" + XML, "\ufeff" + TOML], ids=["xml", "toml", "xml-bom", "toml-bom"]
)
def test_both_forms_say_the_same(tmp_path: Path, text: str) -> None:
    assert read_objects([written(tmp_path, text)]) == {33000: CABINET}


def test_xml_in_two_bytes_a_character(tmp_path: Path) -> None:
    """As Windows' editors and PowerShell save it."""
    data = XML.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    assert read_objects([written(tmp_path, data)]) == {33000: CABINET}


def test_a_later_file_wins(tmp_path: Path) -> None:
    (tmp_path / "later").write_text('[[objects]]\nid = 33000\nname = "Box"\n')
    assert read_objects([written(tmp_path, XML), tmp_path / "later"]) == {33000: ObjectEntry("Box", {})}


FAULTS = {
    "a doctype": ('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + "<LWM2M/>", "line 1: a DOCTYPE"),
    "laughs": (
        '<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>\n<LWM2M>&b;</LWM2M>',
        "line 2: a DOCTYPE",
    ),
    "an entity of nowhere": ("<LWM2M>\n&nothing;</LWM2M>", "line 2: not XML"),
    "cut": (XML[:700], "not XML"),
    "an encoding": ('<?xml version="1.0" encoding="nonsense"?><a/>', "not XML"),
    "no object": ("<LWM2M></LWM2M>", "there is no Object"),
    "no id": (XML.replace("33000</ObjectID>", "</ObjectID>"), "line 4: ObjectID is ''"),
    "a high id": (XML.replace("33000</ObjectID>", "70000</ObjectID>"), "ObjectID is '70000'"),
    "a resource's id": (XML.replace('ID="5700"', 'ID="x"'), "line 23: ID is 'x'"),
    "a type": (XML.replace(">Float<", ">Decimal<"), "line 23: resource 5700 has the type 'Decimal'"),
    "an operation": (XML.replace(">RW<", ">RWX<"), "resource 5700 has the operations 'RWX'"),
    "no name": (XML.replace("<Name>Temperature</Name>", ""), "line 23: there is no Name"),
    "no toml": ("[[objects]\n", "line 1"),
    "a key": (TOML.replace('unit = "Cel"', 'units = "Cel"'), "units"),
    "a toml type": (TOML.replace('"float"', '"decimal"'), "$.objects[0].resources[1].type"),
    "binary": (b"\xff\xfe\x00", "utf-8"),
    "empty": ("", "objects"),
}


@pytest.mark.parametrize(("text", "place"), FAULTS.values(), ids=FAULTS)
def test_a_fault_names_its_place(tmp_path: Path, text: str | bytes, place: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(AtshellError) as caught:
        read_objects([path])
    assert str(path) in str(caught.value)
    assert place in str(caught.value)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(AtshellError, match="cannot be read"):
        read_objects([tmp_path / "nothing"])


def test_a_file_without_end(tmp_path: Path) -> None:
    with pytest.raises(AtshellError, match="too long"):
        read_objects([written(tmp_path, b"<a>" + b" " * MAX_FILE)])


def test_a_key_of_endless_parts(tmp_path: Path) -> None:
    """Python's reader would take the square of it."""
    with pytest.raises(AtshellError, match="line 2 is longer than 4096 bytes"):
        read_objects([written(tmp_path, b"# mine\n" + b"a." * 1_000_000)])


@given(st.binary(max_size=200) | st.builds(lambda at, new: XML[:at] + new + XML[at:], st.integers(0, 2000), st.text()))
def test_any_file(tmp_path_factory: pytest.TempPathFactory, text: str | bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "replace"))
    try:
        read_objects([path])
    except AtshellError:
        return


@pytest.mark.parametrize(
    ("kind", "text", "limits"),
    [
        ("Integer", "0..100", (0.0, 100.0)),
        ("Float", "-40.5 .. 85", (-40.5, 85.0)),
        ("Integer", "-1..1", (-1.0, 1.0)),
        ("Integer", "0-100", (0.0, 100.0)),
        ("Integer", "-10--5", (-10.0, -5.0)),
        ("Integer", "0,1,2", None),
        ("Integer", "100..0", None),
        ("Integer", "0..", None),
        ("String", "0..255", None),
    ],
)
def test_ranges(tmp_path: Path, kind: str, text: str, limits: tuple[float, float] | None) -> None:
    xml = XML.replace(
        "<Type>Unsigned Integer</Type>", f"<Type>{kind}</Type><RangeEnumeration>{text}</RangeEnumeration>"
    )
    (tmp_path / "x.xml").write_text(xml, encoding="utf-8")
    assert read_objects([tmp_path / "x.xml"])[33000].resources[5850].limits == limits


def test_a_range_in_toml(tmp_path: Path) -> None:
    ranged = TOML.replace('unit = "Cel"', 'unit = "Cel"\nrange = [-40, 85.5]')
    (tmp_path / "x.toml").write_text(ranged, encoding="utf-8")
    assert read_objects([tmp_path / "x.toml"])[33000].resources[5700].limits == (-40.0, 85.5)
    (tmp_path / "x.toml").write_text(TOML + "range = 5\n", encoding="utf-8")
    with pytest.raises(AtshellError, match="range"):
        read_objects([tmp_path / "x.toml"])
