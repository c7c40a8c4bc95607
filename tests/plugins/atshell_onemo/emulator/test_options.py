from __future__ import annotations


def test_requests_are_kept_until_they_are_fetched(play):
    play(
        """
        > AT+MIPLNMI=0,1,0
        < OK
        > AT+MIPLMGR=0
        < OK
        ? read /3200/0
        < +MIPLNMI: 0
        ? write /3200/0/5750 abcd
        < +MIPLNMI: 0
        > AT+MIPLQMGR=0
        < +MIPLQMGR: 0,QUEUES=2,DROPPED=0,BUFFERS=7
        < OK
        > AT+MIPLMGR=0
        < +MIPLREAD: 0,{read},3200,0,-1
        < OK
        > AT+MIPLMGR=0
        < +MIPLREAD: 0,{read},3200,0,-1
        < OK
        > AT+MIPLREADRSP=0,{read},13
        < OK
        = ok=False code=4.04
        > AT+MIPLMGR=0
        < +MIPLWRITE: 0,{write},3200,0,5750,6,8,61626364,0
        < OK
        > AT+MIPLWRITERSP=0,{write},2
        < OK
        = ok=True code=2.04
        > AT+MIPLMGR=0
        < OK
        > AT+MIPLQMGR=0
        < +MIPLQMGR: 0,QUEUES=0,DROPPED=0,BUFFERS=0
        < OK
        """,
        login=True,
    )


def test_a_mode_set_before_the_login_holds(play):
    async def session(bench) -> None:
        await bench.play(
            """
            > AT+MIPLCREATEEX="nbiotacc.heclouds.com",0
            < +MIPLCREATEEX: 0
            < OK
            > AT+MIPLADDOBJ=0,3200,1,"1",0,1
            < OK
            > AT+MIPLNMI=0,2,0
            < OK
            > AT+MIPLMGR=0
            < +CIS ERROR: 602
            > AT+MIPLOPEN=0,300
            < OK
            < +MIPLEVENT: 0,6
            < +MIPLOBSERVE: 0,{observe},1,3200,0,-1
            ? execute /3200/0/5750 go
            """
        )
        while not bench.module.login.requests.waiting:
            await bench.wait("0")
        await bench.play(
            """
            > AT+MIPLMGR=0
            < +MIPLEXECUTE: 0,{mid},3200,0,5750,2,go
            < OK
            > AT+MIPLEXECUTERSP=0,{mid},2
            < OK
            = ok=True
            """
        )

    play(session, platform="yanfei")


def test_sending_is_not_told_by_every_model(play):
    play(
        """
        > AT+MIPLCREATE
        < +MIPLCREATE: 0
        < OK
        > AT+MIPLNMI=0,0,1
        < +CIS ERROR: 651
        > AT+MIPLNMI=0,3,0
        < +CIS ERROR: 601
        """,
        model="ML307A",
    )


def test_two_kilobytes_are_kept_and_what_comes_then_is_dropped(play):
    """Section 4.2: reads take no room, so they still come in."""
    kilobyte = "x" * 1000

    async def session(bench) -> None:
        await bench.play("> AT+MIPLNMI=0,2,0\n< OK")
        for order in [f"write /3200/0/5750 {kilobyte}"] * 3 + ["read /3200/0"]:
            await bench.ask(order)
            await bench.pause()
        await bench.play("> AT+MIPLQMGR=0\n< +MIPLQMGR: 0,QUEUES=3,DROPPED=1,BUFFERS=2010\n< OK")

    play(session, login=True)


def test_forty_requests_are_kept_and_the_oldest_goes(play):
    async def session(bench) -> None:
        await bench.play("> AT+MIPLNMI=0,1,0\n< OK")
        for number in range(42):
            await bench.ask(f"execute /3200/0/{number}")
            await bench.play("< +MIPLNMI: 0")
        await bench.play(
            """
            > AT+MIPLQMGR=0
            < +MIPLQMGR: 0,QUEUES=40,DROPPED=2,BUFFERS=0
            < OK
            > AT+MIPLMGR=0
            < +MIPLEXECUTE: 0,{mid},3200,0,2
            < OK
            """
        )

    play(session, login=True)


def test_what_comes_in_blocks_is_told_at_once_in_every_mode(play):
    text = "x" * 1200
    play(
        f"""
        > AT+MIPLNMI=0,2,0
        < OK
        ? execute /3200/0/5750 {text}
        < +MIPLEXECUTE: 0,{{mid}},3200,0,5750,1200,{text}
        > AT+MIPLMGR=0
        < OK
        > AT+MIPLEXECUTERSP=0,{{mid}},2
        < OK
        = ok=True code=2.04
        """,
        login=True,
    )


def test_other_operations_are_told_at_once_in_every_mode(play):
    play(
        """
        > AT+MIPLNMI=0,2,0
        < OK
        ? observe /3200/0/5750
        < +MIPLOBSERVE: 0,{one},1,3200,0,5750
        = ok=True
        ? attributes /3200/0/5750 pmin=5
        < +MIPLPARAMETER: 0,{two},3200,0,5750,6,"pmin=5"
        = ok=True
        ? discover /3200
        < +MIPLDISCOVER: 0,{three},3200
        = ok=True
        """,
        login=True,
    )


def test_the_statistics_are_of_this_login(play):
    play(
        """
        ? read /3200/0
        < +MIPLREAD: 0,{mid},3200,0,-1
        > AT+MIPLQMGR=0
        < +MIPLQMGR: 0,QUEUES=1,DROPPED=0,BUFFERS=0
        < OK
        > AT+MIPLCLOSE=0
        < OK
        < +MIPLEVENT: 0,15
        > AT+MIPLOPEN=0,300
        < OK
        < +MIPLEVENT: 0,6
        < +MIPLOBSERVE: 0,{a},1,3200,0,-1
        < +MIPLDISCOVER: 0,{b},3200
        < +MIPLREAD: 0,{c},3,0,-1
        > AT+MIPLQMGR=0
        < +MIPLQMGR: 0,QUEUES=0,DROPPED=0,BUFFERS=0
        < OK
        """,
        login=True,
    )
