"""Jupyter's messages to the engine and back (Jupyter messaging protocol 5.4).

One engine lives as long as the kernel, on the kernel's own event loop, and is opened by the first cell. URCs that come
between cells are shown below the cell that ran last, which is where Jupyter puts what has no cell of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from ipykernel.kernelbase import Kernel

from atshell import __version__
from atshell.errors import AtshellError
from atshell.host import host
from atshell.shell.engine import Shell, ShellOptions
from atshell.shell.result import Result

Content = dict[str, Any]


class ATKernel(Kernel):  # type: ignore[misc, unused-ignore]
    implementation = "atshell"
    implementation_version = __version__
    language_info: Content = {  # noqa: RUF012  (a traitlets class overrides it so)
        "name": "at",
        "mimetype": "text/x-at-commands",
        "file_extension": ".at",
        "pygments_lexer": "text",
    }
    banner = f"atshell {__version__}: AT commands for NB-IoT and LTE modules; %help tells more"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]
        self._shell: Shell | None = None
        self._running: asyncio.Task[Content] | None = None

    async def do_execute(
        self,
        code: str,
        silent: bool,
        store_history: bool = True,
        user_expressions: Content | None = None,
        allow_stdin: bool = False,
        *,
        cell_meta: Content | None = None,
        cell_id: str | None = None,
    ) -> Content:
        """Run a cell; the reply's status is ``error`` when the last line's result is one."""
        self._running = asyncio.ensure_future(self._execute(code, silent))
        try:
            return await self._running
        except asyncio.CancelledError:
            return self._failure("Interrupted", "the cell was interrupted")
        finally:
            self._running = None

    async def _execute(self, code: str, silent: bool) -> Content:
        try:
            shell = await self._open()
        except AtshellError as error:
            return self._failure("AtshellError", str(error), silent=silent)
        async for result in shell.run(code):
            if not silent:
                self._show(result)
        if shell.done:
            # The frontend asks for the end; what a %quit in a notebook means.
            return {**self._success(), "payload": [{"source": "ask_exit", "keepkernel": False}]}
        return self._success()

    async def _open(self) -> Shell:
        if self._shell is None:
            shell = Shell(host(), ShellOptions())
            await shell.open()
            shell.listen(self._show)
            self._shell = shell
        return self._shell

    def _show(self, result: Result) -> None:
        self._publish("display_data", {"data": result.bundle(), "metadata": {}, "transient": {}})

    def _publish(self, kind: str, content: Content) -> None:
        self.send_response(self.iopub_socket, kind, content)  # type: ignore[no-untyped-call]

    def _success(self) -> Content:
        return {"status": "ok", "execution_count": self.execution_count, "payload": [], "user_expressions": {}}

    def _failure(self, name: str, value: str, *, silent: bool = False) -> Content:
        content: Content = {"ename": name, "evalue": value, "traceback": [value]}
        if not silent:
            self._publish("error", content)
        return {"status": "error", "execution_count": self.execution_count, **content}

    async def do_complete(self, code: str, cursor_pos: int) -> Content:
        suggestions = (await self._open()).complete(code, cursor_pos)
        start = min((suggestion.start for suggestion in suggestions), default=cursor_pos)
        return {
            "status": "ok",
            "matches": [code[start : suggestion.start] + suggestion.text for suggestion in suggestions],
            "cursor_start": start,
            "cursor_end": cursor_pos,
            "metadata": {
                "_jupyter_types_experimental": [
                    {
                        "start": start,
                        "end": cursor_pos,
                        "text": code[start : suggestion.start] + suggestion.text,
                        "type": suggestion.meaning,
                    }
                    for suggestion in suggestions
                ]
            },
        }

    async def do_inspect(
        self, code: str, cursor_pos: int, detail_level: int = 0, omit_sections: Sequence[str] = ()
    ) -> Content:
        result = (await self._open()).inspect(code, cursor_pos)
        data = {} if result is None else result.bundle()
        return {"status": "ok", "found": result is not None, "data": data, "metadata": {}}

    async def do_is_complete(self, code: str) -> Content:
        """Every line is a whole command, so a cell is always complete."""
        return {"status": "complete"}

    async def interrupt_request(self, stream: Any, ident: Any, parent: Any) -> None:
        """Interrupts come as messages, on the control thread; the cell's task lives on the main loop."""
        running = self._running
        if running is not None:
            running.get_loop().call_soon_threadsafe(running.cancel)
        if self.session is not None:
            self.session.send(stream, "interrupt_reply", {"status": "ok"}, parent, ident=ident)

    async def do_shutdown(self, restart: bool) -> Content:
        if self._shell is not None:
            await self._shell.close()
            self._shell = None
        return {"status": "ok", "restart": restart}
