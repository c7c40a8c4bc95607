from atshell.errors import AtshellError


def test_the_text_says_what_and_what_to_do() -> None:
    assert str(AtshellError("x.pcap is empty", "name another file")) == "x.pcap is empty: name another file"
    assert str(AtshellError("x.pcap is empty")) == "x.pcap is empty"
