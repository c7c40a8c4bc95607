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
