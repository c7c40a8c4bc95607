"""The terminal's loop: a prompt, a line, its results.

The prompt comes first. Everything behind it (plugins, catalog, link, emulator) is made while the first line is being
typed; a line that is finished earlier waits. What the user named (a port, a model, a file) is checked before the
prompt, so that a mistake ends at once.
"""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from prompt_toolkit.output.color_depth import ColorDepth
from prompt_toolkit.shortcuts.prompt import CompleteStyle, PromptSession

from atshell import __version__
from atshell.errors import AtshellError
from atshell.repl import toolkit
from atshell.repl.history import StateHistory
from atshell.repl.keyboard import waiting_keys
from atshell.repl.screen import Screen
from atshell.styled import Fragments

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from atshell.repl.ticker import Ticker
    from atshell.shell.engine import Shell
    from atshell.shell.options import ShellOptions
    from atshell.shell.result import Result

MENU_LINES = 8
GIVE_UP = "\x1b"
"""The line that Escape makes at a data prompt."""
PATIENCE = 1.0
"""Seconds after which the user is told that something is being waited for."""
HEAD_START = 0.05
"""Seconds that the prompt is given before the engine is made."""
SWITCH_INTERVAL = 0.0005
"""Seconds"""
WIDEST = 100
"""Columns that results use at most: on a wider terminal the right edge is too far from the text."""
HINTS = (
    "? help   Tab complete   F1 manual   Ctrl-R history   Ctrl-D leave",
    "? 帮助   Tab 补全   F1 手册   Ctrl-R 历史   Ctrl-D 退出",
)

Make = Callable[["ShellOptions", str], "Shell"]


def make_shell(options: ShellOptions, record_name: str) -> Shell:
    """The engine with its plugins and catalog; run in a thread, for it reads many files."""
    from atshell.host import host
    from atshell.shell.engine import Shell

    toolkit.complete()
    plugins = host()
    _ = plugins.catalog
    return Shell(plugins, options, record_name=record_name)


class Repl:
    def __init__(self, options: ShellOptions, *, color: bool, make: Make = make_shell) -> None:
        self._options = options
        self._make = make
        self._screen = Screen(color=color)
        self._opening: asyncio.Task[Shell] | None = None
        self._shell: Shell | None = None
        self._running: asyncio.Task[None] | None = None
        self._ended_by = 0
        self._record_name = ""
        self._ticker: Ticker | None = None
        self._session: PromptSession[str] = PromptSession(
            self._prompt,
            complete_while_typing=True,
            complete_style=CompleteStyle.COLUMN,
            reserve_space_for_menu=MENU_LINES,
            history=StateHistory(self._is_private),
            color_depth=None if color else ColorDepth.DEPTH_1_BIT,
            mouse_support=False,
            include_default_pygments_style=False,
        )

    def _dress(self) -> None:
        """Everything around the line that the first rendering can do without."""
        from prompt_toolkit.auto_suggest import AutoSuggestFromHistory

        from atshell.repl.bindings import bindings
        from atshell.repl.completer import AnswerSuggest, EngineCompleter, place_cursor
        from atshell.repl.lexer import ATLexer
        from atshell.repl.look import style

        session = self._session
        session.style = style()
        session.lexer = ATLexer()
        session.completer = EngineCompleter(lambda: self._shell)
        session.auto_suggest = AnswerSuggest(lambda: self._shell, AutoSuggestFromHistory())
        session.app.key_processor.after_key_press += lambda _: place_cursor(session.default_buffer)
        session.bottom_toolbar = self._toolbar
        session.key_bindings = bindings(manual=self._manual, give_up=self._give_up, wants_data=self._wants_data)

    async def run(self) -> int:
        """Until the user leaves; returns the exit status."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, self._interrupt)
        for ending in (signal.SIGHUP, signal.SIGTERM):
            loop.add_signal_handler(ending, self._leave, ending)
        try:
            if named(self._options):
                self._start()
                await self._ready()
                self._dress()
            self._greet()
            with waiting_keys(sys.stdin):
                return await self._loop()
        finally:
            await self._close()

    async def _loop(self) -> int:
        while True:
            try:
                text = await self._session.prompt_async(pre_run=self._start_after_render, handle_sigint=False)
            except KeyboardInterrupt:
                continue
            except EOFError:
                break
            await self._execute(text)
            if self._ended_by or (self._shell is not None and self._shell.done):
                break
        if self._opening is not None and self._opening.done():
            self._opening.result()
        return 128 + self._ended_by if self._ended_by else 0

    # -- The engine, made behind the prompt

    def _start_after_render(self) -> None:
        """Start once the prompt is on the screen and has taken a first key, if one waits."""
        if self._opening is not None:
            self._suggest()
            return
        rendered = self._session.app.after_render

        def dress(_: object) -> None:
            rendered.remove_handler(dress)
            self._dress()

        rendered.add_handler(dress)
        asyncio.get_running_loop().call_later(HEAD_START, self._start)

    def _start(self) -> asyncio.Task[Shell]:
        if self._opening is None:
            gc.freeze()  # what is there by now stays
            gc.enable()
            self._opening = asyncio.ensure_future(self._open())
            self._opening.add_done_callback(self._opened)
        return self._opening

    async def _open(self) -> Shell:
        # While the thread imports, keys must be served at once: it has to give way more often than every 5 ms.
        interval = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_INTERVAL)
        try:
            shell = await asyncio.to_thread(self._make, self._options, self._record_name)
        finally:
            sys.setswitchinterval(interval)
        await shell.open()
        from atshell.repl.ticker import Ticker

        shell.listen(self._show)
        shell.watch(self._changed)
        self._ticker = Ticker(lambda: shell.counts_down, self._session.app.invalidate)
        self._shell = shell
        return shell

    def _changed(self) -> None:
        """The session knows more: the toolbar, the grey answer and an open menu may have something else to say."""
        app, buffer = self._session.app, self._session.default_buffer
        if self._ticker is not None:
            self._ticker.wake()
        if not app.is_running:
            return
        self._suggest()
        state = buffer.complete_state
        open_menu = state is not None and state.complete_index is None
        if open_menu or (state is None and buffer.text.endswith(("=", ","))):
            buffer.start_completion()
        app.invalidate()

    def _opened(self, opening: asyncio.Task[Shell]) -> None:
        """The toolbar and the menu have something to say now; when it failed, the prompt is over."""
        app = self._session.app
        if not opening.cancelled() and opening.exception() is not None and app.is_running:
            app.exit(exception=EOFError())
        elif app.is_running:
            if self._session.default_buffer.text:
                self._session.default_buffer.start_completion()  # what was typed so far had no menu yet
            app.invalidate()

    def _suggest(self) -> None:
        """The grey text anew, without a key."""
        suggest, buffer = self._session.auto_suggest, self._session.default_buffer
        if suggest is not None and buffer.document.is_cursor_at_the_end:
            buffer.suggestion = suggest.get_suggestion(buffer, buffer.document) if self._shell else None

    async def _ready(self) -> Shell:
        return await asyncio.shield(self._start())

    async def _close(self) -> None:
        if self._opening is not None:
            if not self._opening.done():
                self._opening.cancel()
            with suppress(asyncio.CancelledError, AtshellError):
                await self._opening
        if self._ticker is not None:
            self._ticker.stop()
        if self._shell is not None:
            await self._shell.close()
        self._screen.flush()

    # -- Running lines

    async def _execute(self, text: str) -> None:
        """Run a line; Ctrl-C stops waiting for it."""
        self._running = running = asyncio.ensure_future(self._run(text))
        try:
            await asyncio.wait({running}, timeout=PATIENCE)
            if not running.done():
                self._screen.show([("note", "waiting; Ctrl-C stops it")])
            await running
        except asyncio.CancelledError:
            self._screen.show([("note", "no longer waiting")])
        finally:
            self._running = None

    def _interrupt(self) -> None:
        """Ctrl-C while no prompt reads it as a key, or a signal from outside."""
        app = self._session.app
        if self._running is not None:
            self._running.cancel()
        elif app.is_running and not app.is_done:
            app.exit(exception=KeyboardInterrupt())

    def _leave(self, signal_number: int) -> None:
        """The terminal is closed or the program is told to end: close the session as after Ctrl-D."""
        self._ended_by = signal_number
        app = self._session.app
        if self._running is not None:
            self._running.cancel()
        elif app.is_running and not app.is_done:
            app.exit(exception=EOFError())

    async def _run(self, text: str) -> None:
        shell = await self._ready()
        if shell.wants_data and text == GIVE_UP:
            given_up = await shell.give_up_data()
            if given_up is not None:
                self._show(given_up)
            return
        shell.width, shell.on_terminal = min(self._session.output.get_size().columns, WIDEST), True
        async for result in shell.run(text):
            self._show(result)

    def _show(self, result: Result) -> None:
        self._screen.show(result.fragments)

    def _manual(self, text: str, cursor: int) -> None:
        page = self._shell.inspect(text, cursor) if self._shell else None
        self._screen.show(page.fragments if page else [("note", "F1 shows the manual of the command under the cursor")])

    def _give_up(self) -> None:
        self._session.app.exit(result=GIVE_UP)

    # -- What stands around the line

    def _greet(self) -> None:
        if not self._options.no_record and self._options.record is None:
            from atshell.shell.record import record_name

            self._record_name = record_name(self._options.emulated or self._options.model)
        found = self._shell.identity if self._shell is not None and self._options.port else ""
        for line in greeting(self._options, self._record_name, found):
            self._screen.show(line)

    def _prompt(self) -> StyleAndTextTuples:
        if self._wants_data():
            return [("ansicyan", "> ")]
        model = self._shell.profile.model if self._shell else self._options.emulated or self._options.model
        return [("bold", model or "AT"), ("ansicyan", f" {MARK} ")]

    def _toolbar(self) -> StyleAndTextTuples:
        from atshell.repl.toolbar import toolbar

        width = self._session.output.get_size().columns
        if self._shell is None:
            return toolbar(None, "", width)
        document = self._session.default_buffer.document
        signature = None
        if not self._shell.wants_data:
            signature = self._shell.signature(document.text, document.cursor_position)
        return toolbar(signature, self._shell.state, width)

    def _wants_data(self) -> bool:
        return self._shell is not None and self._shell.wants_data

    def _is_private(self, line: str) -> bool:
        return self._shell is not None and (self._shell.wants_data or self._shell.is_secret(line))


MARK = toolkit.MARK if (sys.stdout.encoding or "").lower().replace("-", "") == "utf8" else ">"


def named(options: ShellOptions) -> bool:
    """True when the user named something that can be wrong."""
    return bool(options.port or options.replay or options.emulator or options.model or options.record)


def greeting(options: ShellOptions, record_name: str, found: str = "") -> list[Fragments]:
    """The lines above the first prompt; ``found`` is what is known of the module behind a port."""
    from atshell.shell.record import announced, short

    chinese = options.language.startswith("zh")
    recording = "不记录会话" if chinese else "not recording"
    if not options.no_record:
        where = short(str(options.record)) if options.record else announced(record_name)
        recording = f"会话记录到 {where}" if chinese else f"recording to {where}"
    first: Fragments = [
        ("bold", f"atshell {__version__}"),
        ("", f" · {_talking(options)}{f' · {found}' if found else ''}"),
    ]
    return [first, [("dim", recording)], [("dim", HINTS[chinese])], []]


def _talking(options: ShellOptions) -> str:
    from atshell.shell.options import DEFAULT_MODEL, DEFAULT_PLATFORM

    chinese = options.language.startswith("zh")
    model = options.emulated.upper()
    if model:
        platform = DEFAULT_PLATFORM if model == DEFAULT_MODEL else ""
        if chinese:
            return f"{model} (仿真, 内置 {platform} 平台)".replace("  ", "")
        return f"{model} (emulator, {f'{platform} platform'.strip()} embedded)"
    if options.port:
        return options.port if "://" in options.port else f"{options.port} {options.baud} 8N1"
    return f"回放 {options.replay}" if chinese else f"replay of {options.replay}"


def run(options: ShellOptions, *, color: bool) -> int:
    return asyncio.run(Repl(options, color=color).run())
