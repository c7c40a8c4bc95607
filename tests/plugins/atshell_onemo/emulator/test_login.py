from __future__ import annotations


def test_an_update_without_an_answer_says_nothing(play):
    play(
        """
        ! network lost
        > AT+MIPLUPDATE=0,300,1
        < OK
        ~ 31
        > AT+MIPLOPEN?
        < OK
        < +MIPLEVENT: 0,6
        """,
        login=True,
    )


def test_a_logout_without_an_answer_leaves_the_module_on_line(play):
    play(
        """
        ! network lost
        > AT+MIPLCLOSE=0
        < OK
        > AT+MIPLCLOSE=0
        < +CIS ERROR: 602
        ~ 31
        > AT+MIPLOPEN?
        < OK
        < +MIPLEVENT: 0,6
        > AT+MIPLDELETE=0
        < OK
        """,
        login=True,
    )


def test_another_login_after_a_logout(play):
    """Objects stay, resources are to be told again (section 3.8)."""
    play(
        """
        > AT+MIPLCLOSE=0
        < OK
        < +MIPLEVENT: 0,15
        > AT+MIPLOPEN=0,3000
        < OK
        < +MIPLEVENT: 0,2
        < +MIPLEVENT: 0,6
        < +MIPLOBSERVE: 0,{a},1,3200,0,-1
        < +MIPLDISCOVER: 0,{b},3200
        < +MIPLREAD: 0,{c},3,0,-1
        ? discover /3200
        < +MIPLDISCOVER: 0,{d},3200
        = code=2.05
        """,
        login=True,
    )


def test_a_lost_network_is_found_in_time(play):
    """What the module sends again reaches the platform: the login ends well."""

    async def session(bench) -> None:
        await bench.play(
            """
            > AT+MIPLCREATEEX="nbiotacc.heclouds.com",0
            < +MIPLCREATEEX: 0
            < OK
            ! network lost
            > AT+MIPLOPEN=0,300
            < OK
            ~ 10
            ! network found
            ~ 1
            """
        )
        manager = bench.module.login._client._endpoint._manager
        for _, timer in list(manager._active_exchanges.values()):
            timer._run()  # the time of the first retransmission has come
        await bench.play("< +MIPLEVENT: 0,6\n< +MIPLREAD: 0,{device},3,0,-1")

    play(session)


def test_the_lifetime_of_an_update_reaches_the_platform(play):
    async def session(bench) -> None:
        await bench.play("> AT+MIPLUPDATE=0,0,1\n< OK\n< +MIPLEVENT: 0,11")
        assert (await bench.device.operate("clients"))["clients"][0]["lifetime"] == 86400
        await bench.play("> AT+MIPLUPDATE=0,600,0\n< OK\n< +MIPLEVENT: 0,11")
        assert (await bench.device.operate("clients"))["clients"][0]["lifetime"] == 600

    play(session, login=True)


def test_a_whole_object_is_read_by_instances(play):
    async def session(bench) -> None:
        await bench.play(
            """
            > AT+MIPLCREATEEX="nbiotacc.heclouds.com",0
            < +MIPLCREATEEX: 0
            < OK
            > AT+MIPLADDOBJ=0,3303,2,"11",0,1
            < OK
            > AT+MIPLOPEN=0,300
            < OK
            < +MIPLEVENT: 0,6
            < +MIPLOBSERVE: 0,{a},1,3303,0,-1
            < +MIPLOBSERVE: 0,{b},1,3303,1,-1
            ? read /3303
            < +MIPLREAD: 0,{mid},3303,-1,-1
            > AT+MIPLREADRSP=0,{mid},1,3303,0,5700,4,4,20.5,1,1
            < OK
            > AT+MIPLREADRSP=0,{mid},1,3303,1,5700,4,4,21.5,0,0
            < OK
            """
        )
        answer = await bench._asked.popleft()
        assert [(one["path"], one["value"]) for one in answer["resources"]] == [
            ("/3303/0/5700", 20.5),
            ("/3303/1/5700", 21.5),
        ]

    play(session, platform="yanfei")
