"""The emulated module: commands of chapters 3 and 4 to the device, its objects and its login.

Handlers read their parameters first (601), then look at the state (``state.TABLE``), then at what the command is about
(653). What goes on the air is the login's; it is imported when AT+MIPLOPEN first needs it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from atshell.at.command import Command, Form
from atshell.emulator.device import Device, Handler, Lines
from atshell_onemo.emulator import configuration, data, options, setup
from atshell_onemo.emulator.fields import Fields, cis
from atshell_onemo.emulator.model import ONENET, LwDevice, Value
from atshell_onemo.emulator.secrecy import suites
from atshell_onemo.emulator.state import NO_RESOURCE, NOT_ALLOWED, NOT_LOGGED_IN, OK, SYNTAX, State, refusal
from atshell_onemo.emulator.values import STRING

if TYPE_CHECKING:
    from atshell_lwm2m.endpoint.world import World
    from atshell_onemo.emulator.login import Login

MANUFACTURER = "China Mobile IoT"
READY = "+MATREADY"
"""What these modules say when they have booted. That and AT+MREBOOT are from the maker's general AT manual."""


class OneMo:
    """What ``atshell_emulation`` gives for a OneMO model."""

    def __init__(self, device: Device, world: World) -> None:
        self.device = device
        self.world = world
        self.state = State.NONE
        self.dev: LwDevice | None = None
        self.login: Login | None = None
        self.notices = options.Notices()
        self.create = configuration.Pieces()
        self._closing: set[asyncio.Task[None]] = set()
        self._restarted = False
        device.radio.listen(self._greet)

    @property
    def handlers(self) -> Mapping[str, Handler]:
        tables = (setup.HANDLERS, data.HANDLERS, options.HANDLERS, _HANDLERS)
        return {name: self._bound(handler) for table in tables for name, handler in table.items()}

    def _bound(self, handler: Callable[[OneMo, Command], Lines]) -> Handler:
        return lambda command: handler(self, command)

    # What the handlers share

    def allow(self, name: str) -> LwDevice:
        """The device, where the state allows the command; else its error."""
        code = refusal(name, self.state)
        if code != OK:
            raise cis(code)
        if self.dev is None:
            raise cis(NO_RESOURCE)
        return self.dev

    def allow_ref(self, name: str, fields: Fields, index: int = 0) -> LwDevice:
        """The same for a command with ``<ref>``, which is 0 (section 4.6)."""
        ref = fields.integer(index)
        device = self.allow(name)
        if ref != 0:
            raise cis(NO_RESOURCE)
        return device

    @property
    def mode(self) -> int:
        """``<nnmi>`` where there is one: on OneNET (section 4.2)."""
        return self.notices.mode if self.dev is not None and self.dev.platform == ONENET else 0

    @property
    def tells_sent(self) -> bool:
        """The same of ``<nsmi>``."""
        return self.notices.sent and self.dev is not None and self.dev.platform == ONENET

    def online(self) -> Login:
        if self.login is None:
            raise cis(NOT_LOGGED_IN)
        return self.login

    def about(self) -> Sequence[Value]:
        """Device (object 3) as the module answers for it by itself."""
        identity, profile = self.device.identity, self.device.profile
        binding = (self.dev.binding if self.dev is not None else "") or "U"
        texts = {0: MANUFACTURER, 1: profile.model, 2: identity.imei, 3: profile.firmware or profile.model, 16: binding}
        return [Value(0, number, STRING, text.encode()) for number, text in texts.items()]

    # Life

    def settled(self, online: bool) -> None:
        """The login says where it has come to."""
        if online:
            self.state = State.ONLINE
            if self.login is not None:
                self.login.apply(self.mode)
            return
        self.hang_up()
        self.state = State.CREATED

    def hang_up(self) -> None:
        """Close the socket in the background; what was collected to be sent is forgotten."""
        login, self.login = self.login, None
        if self.dev is not None:
            for known in self.dev.objects.values():
                known.pending.clear()
        if login is not None:
            task = asyncio.get_running_loop().create_task(login.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    def drop(self) -> None:
        """AT+MIPLDELETE: everything is gone, and the platform is not told (section 3.2)."""
        self.hang_up()
        self.state, self.dev = State.NONE, None

    async def operate(self, words: Sequence[str]) -> dict[str, object] | None:
        return await self.world.operate(words)

    def reboot(self) -> None:
        """Nothing of this survives: what bootstrap gave is the MCU's to keep (section 5.2), AT+MIPLNMI begins at 0
        (section 4.2), and of saved settings the manual knows none."""
        self._restarted = True
        self.drop()
        self.notices = options.Notices()
        self.create = configuration.Pieces()

    def _greet(self, attached: bool) -> None:
        """The radio comes on when the module has booted: the first that is heard of it since then."""
        if self._restarted and self.device.running:
            self._restarted = False
            self.device.emit(READY)

    async def close(self) -> None:
        self.drop()
        await asyncio.gather(*self._closing, return_exceptions=True)
        await self.world.close()


def _open(module: OneMo, command: Command) -> Lines:
    if command.form is Form.READ:
        if module.allow("+MIPLOPEN?").platform != ONENET:
            raise cis(NOT_ALLOWED)  # OneNET alone has the query (section 3.6)
        module.device.emit("+MIPLEVENT: 0,6")
        return ()
    fields = Fields(command, 2, 3)
    lifetime, timeout = setup.lifetime(fields, 1), fields.integer(2, low=1, default=30)
    device = module.allow_ref("+MIPLOPEN", fields)
    from atshell_onemo.emulator.login import Login

    device.lifetime = lifetime
    identity = module.device.identity
    module.login = Login(
        module.device,
        device,
        device.endpoint_name(identity.imei, identity.imsi),
        module.about,
        module.settled,
        suites(module.device.profile.model),
    )
    module.state = State.OPENING
    module.login.open(module.world, timeout)
    return ()


def _update(module: OneMo, command: Command) -> Lines:
    fields = Fields(command, 3, 3)
    lifetime, with_objects = setup.lifetime(fields, 1), fields.integer(2, high=1)
    module.allow_ref("+MIPLUPDATE", fields)
    module.online().update(lifetime, bool(with_objects))
    return ()


def _close(module: OneMo, command: Command) -> Lines:
    module.allow_ref("+MIPLCLOSE", Fields(command, 1, 1))
    module.state = State.CLOSING
    module.online().logout()
    return ()


def _delete(module: OneMo, command: Command) -> Lines:
    module.allow_ref("+MIPLDELETE", Fields(command, 1, 1))
    module.drop()
    return ()


def _remaining(module: OneMo, command: Command) -> Lines:
    """0 where there is no login (section 4.9)."""
    if command.form is not Form.EXECUTE:
        raise cis(SYNTAX)
    online = module.state is State.ONLINE and module.login is not None
    return (f"+MIPLLTRDP: {module.online().remaining if online else 0}",)


def _reboot(module: OneMo, command: Command) -> Lines:
    """OK comes first: the device boots after the final result."""
    if command.form is Form.TEST:
        return ()
    if command.form is not Form.EXECUTE and Fields(command, 1, 1).integer(0, 0) != 0:
        raise cis(SYNTAX)
    module.device.reboot()
    return ()


_HANDLERS = {
    "+MIPLOPEN": _open,
    "+MIPLUPDATE": _update,
    "+MIPLCLOSE": _close,
    "+MIPLDELETE": _delete,
    "+MIPLLTRDP": _remaining,
    "+MREBOOT": _reboot,
}
