"""From what a session has come to, to what helps with its next line: values, ready answers, what is usual, what cannot
succeed now and why (LwM2M manual 4.4.0)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from atshell.assist.situation import Known, Pending, Situation
from atshell.catalog.model import Text
from atshell_lwm2m.codec.registry import describe
from atshell_onemo.emulator.state import NO_RESOURCE, NOT_ALLOWED, NOT_LOGGED_IN, OK, TABLE, State
from atshell_onemo.platforms import BOOTSTRAP_HOSTS, SERVER_HOSTS
from atshell_onemo.situation import ALL, Facts, Place, Request, Sent

if TYPE_CHECKING:
    from atshell.catalog.profile import Profile

PATIENCE = 5.0
"""Seconds for which the platform waits for an answer (5.1)."""
MAX_ANSWERED = 64
"""Resources of one answer that are counted out."""
_RESPONSES = {"READ": "+MIPLREADRSP", "WRITE": "+MIPLWRITERSP", "EXECUTE": "+MIPLEXECUTERSP"}
_VERBS = {"READ": ("reads", "读取"), "WRITE": ("writes", "写入"), "EXECUTE": ("executes", "执行")}
_TYPES = {"string": "1", "opaque": "2", "integer": "3", "unsigned": "3", "time": "3", "float": "4", "boolean": "5"}
"""Types of the OMA registry to ``<type>`` (3.9)."""
_CUSTOM_PORT, _DTLS_PORT = 5683, 5684

_STATES: dict[State, Text | None] = {
    State.NONE: None,
    State.CREATED: Text("not logged in", "未登录"),
    State.OPENING: Text("logging in", "正在登录"),
    State.ONLINE: Text("registered", "已注册"),
    State.CLOSING: Text("logging out", "正在注销"),
}

_NO_DEVICE = Text(
    "no device was created in this session: AT+MIPLCREATEEX first", "本会话尚未创建设备: 先执行 AT+MIPLCREATEEX"
)
_REASONS: dict[tuple[State, int], Text] = {
    (State.NONE, NO_RESOURCE): _NO_DEVICE,
    (State.NONE, NOT_LOGGED_IN): _NO_DEVICE,
    (State.CREATED, NOT_LOGGED_IN): Text("not logged in: AT+MIPLOPEN first", "未登录: 先执行 AT+MIPLOPEN"),
    (State.OPENING, NOT_LOGGED_IN): Text(
        "still logging in: wait for +MIPLEVENT: 0,6", "正在登录: 请等待 +MIPLEVENT: 0,6"
    ),
    (State.OPENING, NOT_ALLOWED): Text("not while it logs in", "登录过程中不可用"),
    (State.ONLINE, NOT_ALLOWED): Text(
        "only before the login: AT+MIPLCLOSE first", "须在登录前设置: 先执行 AT+MIPLCLOSE"
    ),
    (State.CLOSING, NOT_LOGGED_IN): Text("logging out", "正在注销"),
    (State.CLOSING, NOT_ALLOWED): Text("logging out", "正在注销"),
}
_SECOND_DEVICE = Text("there is a device: AT+MIPLDELETE first", "设备已存在: 先执行 AT+MIPLDELETE")
_LOGGED_IN = Text("logged in already", "已登录")
_NOT_OBSERVED = Text("the platform observes nothing yet: wait for +MIPLOBSERVE", "平台尚未订阅: 请等待 +MIPLOBSERVE")
_NOTHING_WAITS = {
    "+MIPLREADRSP": Text("no read waits for an answer", "没有待响应的读请求"),
    "+MIPLWRITERSP": Text("no write waits for an answer", "没有待响应的写请求"),
    "+MIPLEXECUTERSP": Text("no execution waits for an answer", "没有待响应的执行请求"),
}


def advise(facts: Facts, profile: Profile) -> Situation:
    online = facts.state is State.ONLINE
    return Situation(
        state=_STATES[facts.state],
        until=facts.since + facts.lifetime if online and facts.lifetime is not None else None,
        pending=tuple(_pending(facts, mid, request) for mid, request in facts.requests.items()),
        values=_values(facts),
        usual=tuple(_usual(facts)),
        unready=_unready(facts),
    )


# -- What cannot succeed now


def _unready(facts: Facts) -> dict[str, Text]:
    found = {
        name: _reason(name, facts.state, codes[facts.state])
        for name, codes in TABLE.items()
        if codes[facts.state] != OK and not name.endswith("?")
    }
    if facts.state is State.ONLINE:
        if not facts.observed:
            found["+MIPLNOTIFY"] = _NOT_OBSERVED
        waiting = {_RESPONSES[request.kind] for request in facts.requests.values()}
        found |= {name: reason for name, reason in _NOTHING_WAITS.items() if name not in waiting}
    return found


def _reason(name: str, state: State, code: int) -> Text:
    if name.startswith("+MIPLCREATE"):
        return _SECOND_DEVICE
    if name == "+MIPLOPEN" and state is State.ONLINE:
        return _LOGGED_IN
    return _REASONS.get((state, code), Text(f"answered with {code} now", f"此时返回 {code}"))


# -- What usually comes next


def _usual(facts: Facts) -> Iterator[str]:
    if facts.state is State.NONE:
        yield from ("+MIPLCREATEEX", "+MIPLCREATE", "+CEREG", "+CSQ", "+CGMM")
    elif facts.state is State.CREATED:
        yield from _before_login(facts)
    elif facts.state is State.ONLINE:
        yield from dict.fromkeys(_RESPONSES[request.kind] for request in facts.requests.values())
        if facts.held_back:
            yield "+MIPLMGR"
        yield from ("+MIPLNOTIFY", "+MIPLUPDATE", "+MIPLCLOSE", "+MIPLLTRDP")
    else:
        yield from ("+CEREG", "+CSQ")


def _before_login(facts: Facts) -> Iterator[str]:
    undescribed = any(not declared.resources for declared in facts.objects.values())
    if facts.logged_in_before:
        yield from ("+MIPLDELETE", "+MIPLOPEN")
    elif not facts.objects:
        yield from ("+MIPLADDOBJ", "+MIPLCFG")
    elif undescribed:
        yield from ("+MIPLDISCOVERRSP", "+MIPLADDOBJ")
    else:
        yield from ("+MIPLOPEN", "+MIPLADDOBJ")
    yield from ("+MIPLCFG", "+MIPLNMI", "+MIPLADDOBJ", "+MIPLDISCOVERRSP", "+MIPLOPEN")


# -- Values


def _values(facts: Facts) -> dict[str, tuple[Known, ...]]:
    values: dict[str, list[Known]] = {"host": list(_hosts())}
    if facts.ref is not None:
        values["ref"] = [Known(str(facts.ref), Text("the device", "已创建的设备"))]
    values["mid"] = list(_message_ids(facts))
    for number, declared in facts.objects.items():
        when = {"objid": str(number)}
        values.setdefault("objid", []).append(Known(str(number), _named(f"/{number}", _ADDED)))
        for instance in declared.instances:
            values.setdefault("insid", []).append(Known(str(instance), _ADDED, when))
        for resource in declared.resources:
            meaning = _named(f"/{number}/0/{resource}", _ADDED)
            values.setdefault("resid", []).append(Known(str(resource), meaning, when))
            values.setdefault("type", []).extend(_kind((number, ALL, resource), when | {"resid": str(resource)}))
    for place, sent in facts.values.items():
        when = dict(zip(("objid", "insid", "resid"), map(str, place), strict=True))
        values.setdefault("type", []).insert(0, Known(sent.kind, _SENT_LAST, when))
        values.setdefault("len", []).append(Known(sent.length, _SENT_LAST, when))
        values.setdefault("value", []).append(Known(sent.value, _SENT_LAST, when | {"type": sent.kind}))
    return {name: tuple(known) for name, known in values.items()}


_ADDED = Text("added in this session", "本会话已添加")
_SENT_LAST = Text("sent last", "上次发送")


def _named(path: str, otherwise: Text) -> Text:
    name = describe(path).name
    return Text(name, name) if name else otherwise


def _kind(place: Place, when: Mapping[str, str]) -> Iterator[Known]:
    described = describe(f"/{place[0]}/0/{place[2]}")
    kind = _TYPES.get(described.type or "")
    if kind is not None:
        yield Known(kind, Text(f"{place[2]} is one", f"{place[2]} 为此类型"), when)


def _hosts() -> Iterator[Known]:
    for host in BOOTSTRAP_HOSTS:
        yield Known(f'"{host}:{_CUSTOM_PORT}"', Text("OneNET, with bootstrap", "OneNET, bootstrap 接入"))
    for host in SERVER_HOSTS:
        name = _PLATFORMS.get(host, _SERVER)
        yield Known(f'"{host}:{_CUSTOM_PORT}"', name)


_SERVER = Text("OneNET, without bootstrap", "OneNET, 直连")
_PLATFORMS = {
    "221.229.214.202": Text("CTWing", "CTWing"),
    "dmp-coap.cuiot.cn": Text("Yanfei DMP", "雁飞格物 DMP"),
    "iot-coaps.cn-north-4.myhuaweicloud.com": Text("Huawei Cloud IoT", "华为云物联网平台"),
}


def _message_ids(facts: Facts) -> Iterator[Known]:
    """Of a notification 0 will do (3.9); an answer carries the request's."""
    yield Known("0", Text("the module finds the observation's", "由模组自动查找"), commands=("+MIPLNOTIFY",))
    for mid, request in facts.requests.items():
        yield Known(str(mid), summary(request), commands=(_RESPONSES[request.kind],))


# -- Requests that wait, and their answers


def summary(request: Request) -> Text:
    english, chinese = _VERBS[request.kind]
    path = "/" + "/".join(str(number) for number in request.place if number != ALL)
    return Text(f"the platform {english} {path}", f"平台{chinese} {path}")


def _pending(facts: Facts, mid: int, request: Request) -> Pending:
    start = f"AT{_RESPONSES[request.kind]}={request.ref},{mid},"
    if request.kind == "READ":
        answers = (*_read_answers(facts, start, request), f"{start}13")
    else:
        answers = (f"{start}2", f"{start}11")
    return Pending(mid, summary(request), request.time + PATIENCE, answers)


def _read_answers(facts: Facts, start: str, request: Request) -> Iterator[str]:
    """The next line of the answer; of several resources the lines before the last one collect (3.11)."""
    wanted = [place for place in _resources(facts, request.place) if place not in request.collected]
    if not wanted:
        return
    first, *others = wanted
    flag = 0 if not others else 2 if request.collected else 1
    sent = facts.values.get(first) or _empty(first)
    place = ",".join(map(str, first))
    yield f"{start}1,{place},{sent.kind},{sent.length},{sent.value},{len(others)},{flag}"


def _resources(facts: Facts, place: Place) -> list[Place]:
    """The resources that a request is about, as far as they are known."""
    number, instance, resource = place
    if ALL not in place:
        return [place]
    declared = facts.objects.get(number)
    instances = [instance] if instance != ALL else declared.instances if declared else [0]
    if resource != ALL:
        return [(number, one, resource) for one in instances]
    known = declared.resources if declared and declared.resources else _used(facts, number)
    return [(number, one, other) for one in instances for other in known][:MAX_ANSWERED]


def _used(facts: Facts, number: int) -> list[int]:
    return list(dict.fromkeys(place[2] for place in facts.values if place[0] == number))


def _empty(place: Place) -> Sent:
    """A value that is still to be typed: ``\\0`` stands where."""
    kind = _TYPES.get(describe("/" + "/".join(map(str, place))).type or "string", "1")
    return Sent(kind, "0", '"\0"' if kind == "1" else "\0")
