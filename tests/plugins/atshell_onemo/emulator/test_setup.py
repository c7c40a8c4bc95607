from __future__ import annotations

import pytest


def test_objects_and_resources(play):
    play(
        """
        > AT+MIPLADDOBJ=0,3200,1,"1",0,1
        < +CIS ERROR: 653
        > AT+MIPLCREATE
        < +MIPLCREATE: 0
        < OK
        > AT+MIPLCREATE
        < +CIS ERROR: 653
        > AT+MIPLCREATEEX="nbiotbt.heclouds.com",1
        < +CIS ERROR: 653
        > AT+MIPLDISCOVERRSP=0,3200,1,14,"5500;5501;5750"
        < +CIS ERROR: 653
        > AT+MIPLADDOBJ=0,3200,5,"10010",0,0
        < OK
        > AT+MIPLADDOBJ=0,3200,5,"10010",0,0
        < +CIS ERROR: 653
        > AT+MIPLDISCOVERRSP=0,3200,1,14,"5500;5501;5750"
        < OK
        > AT+MIPLADDOBJ=0,1,1,"1",0,0
        < +CIS ERROR: 651
        > AT+MIPLDELOBJ=0,3200
        < OK
        > AT+MIPLDELOBJ=0,3200
        < +CIS ERROR: 653
        > AT+MIPLDELETE=1
        < +CIS ERROR: 653
        > AT+MIPLDELETE=0
        < OK
        """
    )


@pytest.mark.parametrize(
    "line",
    [
        "AT+MIPLCREATEEX=nbiotbt.heclouds.com,1",
        'AT+MIPLCREATEEX="nbiotbt.heclouds.com"',
        'AT+MIPLCREATEEX="nbiotbt.heclouds.com",4',
        'AT+MIPLCREATEEX="nbiotbt.heclouds.com:65536",1',
        'AT+MIPLCREATEEX="nb iot",1',
        'AT+MIPLCREATEEX="nbiotbt.heclouds.com",1,,"12345678901234567"',
        'AT+MIPLCREATEEX="nbiotbt.heclouds.com",1,,"123",,1',
        'AT+MIPLCREATEEX="nbiotbt.heclouds.com",1,,abc,,2',
        'AT+MIPLCREATE=4,"00GG",0,4,0',
        'AT+MIPLCREATE=8,"0011",0,4,0',
        "AT+MIPLCREATE?",
        "AT+MIPLADDOBJ=0,3200,1,1,0,1",
        'AT+MIPLADDOBJ=0,3200,2,"1",0,1',
        'AT+MIPLADDOBJ=0,3200,2,"00",0,1',
        'AT+MIPLADDOBJ=0,3200,1,"2",0,1',
        'AT+MIPLADDOBJ=0,65536,1,"1",0,1',
        'AT+MIPLDISCOVERRSP=0,3200,2,4,"5750"',
        'AT+MIPLDISCOVERRSP=0,3200,1,4,"57;;50"',
        "AT+MIPLDISCOVERRSP=0,3200,1,4,5750",
        'AT+MIPLDISCOVERRSP=0,3200,1,5,"65536"',
        "AT+MIPLOPEN=0",
        "AT+MIPLOPEN=0,300,0",
        "AT+MIPLOPEN=,300",
        "AT+MIPLUPDATE=0,0,2",
        "AT+MIPLCLOSE",
        'AT+MIPLCFG="platform",0,4',
        'AT+MIPLCFG="platform",0,0,5',
        'AT+MIPLCFG="other",0,0',
        'AT+MIPLCFG="binding",0,3',
        "AT+MIPLDTLSNAT=0,59",
        'AT+MIPLDELETE="0"',
    ],
)
def test_what_is_malformed_is_601(play, line):
    play(f"> {line}\n< +CIS ERROR: 601")


def test_a_configuration_in_pieces(play):
    play(
        """
        > AT+MIPLCREATE=8,0011,1,4,1
        < OK
        > AT+MIPLCREATE=8,2233,0,4,0
        < +MIPLCREATE: 0
        < OK
        > AT+MIPLDEVINFO?
        < +MIPLDEVINFO: "nbiotbt.heclouds.com:5683",1
        < OK
        """
    )


def test_information_shows_where_the_bootstrap_has_led(play):
    play(
        """
        > AT+MIPLDEVINFO?
        < +MIPLDEVINFO: "192.0.2.2:5683",0,"cmiot"
        < OK
        """,
        login=True,
    )


@pytest.mark.parametrize(
    ("configuration", "name"),
    [
        ("0", "869975030000461;460001064826326"),
        ("1", "869975030000461"),
        ("1,3", "urn:imei:869975030000461"),
        ("1,4", "urn:imei-imsi:869975030000461-460001064826326"),
        ('10,"my name"', "my name"),
    ],
)
def test_endpoint_names(play, configuration, name):
    async def session(bench) -> None:
        await bench.play(
            f"""
            > AT+MIPLCREATEEX="183.230.40.40:5683",0
            < +MIPLCREATEEX: 0
            < OK
            > AT+MIPLCFG="platform",0,{configuration}
            < OK
            > AT+MIPLCFG="binding",0,2
            < OK
            > AT+MIPLOPEN=0,5
            < OK
            < +MIPLEVENT: 0,6
            < +MIPLREAD: 0,{{device}},3,0,-1
            """
        )
        client = (await bench.device.operate("clients"))["clients"][0]
        assert (client["endpoint"], client["binding"], client["lifetime"]) == (name, "UQ", 86400)

    play(session)


def test_yanfei_is_not_for_every_model(play):
    script = """
        > AT+MIPLCREATE
        < +MIPLCREATE: 0
        < OK
        > AT+MIPLCFG="platform",0,2
        < {}
        """
    play(script.format("OK"))
    play(script.format("+CIS ERROR: 651"), model="ML307R")


def test_automatic_update_is_for_some_models_alone(play):
    play(
        """
        > AT+MIPLCREATE
        < +MIPLCREATE: 0
        < OK
        > AT+MIPLUPDATESET=0,1
        < +CIS ERROR: 651
        """
    )
    play(
        """
        > AT+MIPLCREATE
        < +MIPLCREATE: 0
        < OK
        > AT+MIPLUPDATESET=0,1
        < OK
        > AT+MIPLOPEN=0,300
        < OK
        < +MIPLEVENT: 0,2
        < +MIPLEVENT: 0,6
        < +MIPLREAD: 0,{device},3,0,-1
        ~ 269
        ~ 1
        < +MIPLEVENT: 0,11
        ~ 269
        ~ 1
        < +MIPLEVENT: 0,11
        """,
        model="MN318",
    )


def test_the_time_of_dtls_renegotiation_is_taken(play):
    play(
        """
        > AT+MIPLCREATE
        < +MIPLCREATE: 0
        < OK
        > AT+MIPLDTLSNAT=0,120
        < OK
        > AT+MIPLDTLSNAT=0,0
        < OK
        """
    )


def test_a_configuration_says_where_to_go(play):
    """As the vendor's tool writes it, its length in bytes."""
    text = "130031F10003F2002304001100000000000000123138332E3233302E34302E34303A35363833000131F30008C000000000"
    play(
        f"""
        > AT+MIPLCREATE=49,{text},0,49,0
        < +MIPLCREATE: 0
        < OK
        > AT+MIPLDEVINFO?
        < +MIPLDEVINFO: "183.230.40.40:5683",0
        < OK
        > AT+MIPLOPEN=0,300
        < OK
        < +MIPLEVENT: 0,6
        < +MIPLREAD: 0,{{device}},3,0,-1
        """
    )


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ('AT+MIPLCREATEEX="host",1,"{}"', 255),
        ('AT+MIPLCREATEEX="host",1,,"{}"', 16),
        ('AT+MIPLCREATEEX="host:5684",1,,"1234abcd","{}"', 128),
    ],
)
def test_the_limits_of_fields_are_in_bytes(play, line, answer):
    play(
        f"""
        > {line.format("a" * (answer + 1))}
        < +CIS ERROR: 601
        > {line.format("a" * answer)}
        < +MIPLCREATEEX: 0
        < OK
        """
    )


def test_the_limit_of_an_endpoint_name(play):
    play(
        f"""
        > AT+MIPLCREATE
        < +MIPLCREATE: 0
        < OK
        > AT+MIPLCFG="platform",0,10,"{"é" * 128}"
        < +CIS ERROR: 601
        > AT+MIPLCFG="platform",0,10,"{"é" * 127}"
        < OK
        > AT+MIPLCFG="platform",0,0,"name"
        < +CIS ERROR: 601
        """
    )


def test_a_key_has_digits_and_letters(play):
    play('> AT+MIPLCREATEEX="host",1,,"1234_bcd"\n< +CIS ERROR: 601')


def test_a_module_without_room(play):
    async def session(bench) -> None:
        await bench.play("> AT+MIPLCREATE\n< +MIPLCREATE: 0\n< OK")
        for number in range(3200, 3264):
            await bench.play(f'> AT+MIPLADDOBJ=0,{number},1,"1",0,0\n< OK')
        await bench.play('> AT+MIPLADDOBJ=0,3300,1,"1",0,0\n< +CIS ERROR: 100')

    play(session)


def test_the_remaining_lifetime_without_a_device(play):
    play(
        """
        > AT+MIPLLTRDP
        < +MIPLLTRDP: 0
        < OK
        > AT+MIPLLTRDP=0
        < +CIS ERROR: 601
        """
    )
