"""prompt-toolkit without what a first prompt does not need, in a process of its own."""

from __future__ import annotations

import subprocess
import sys


def python(program: str) -> str:
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_what_is_deferred_is_not_there_and_then_as_always() -> None:
    said = python("""
import sys
from atshell.repl import toolkit
toolkit.defer()
from prompt_toolkit.shortcuts.prompt import PromptSession
print("prompt_toolkit.shortcuts.progress_bar" in sys.modules, "wcwidth._clip" in sys.modules)
from prompt_toolkit.utils import get_cwidth
print(get_cwidth("AT"), get_cwidth(toolkit.MARK), "wcwidth._clip" in sys.modules)
print(get_cwidth("平"), "wcwidth._clip" in sys.modules)
toolkit.complete()
import prompt_toolkit, prompt_toolkit.utils, wcwidth
from prompt_toolkit.shortcuts import ProgressBar
print(prompt_toolkit.PromptSession is PromptSession, prompt_toolkit.utils.wcwidth is wcwidth.wcwidth)
print(wcwidth.wcswidth("平台"), prompt_toolkit.__version__ > "3")
""")
    assert said.split("\n") == ["False False", "2 1 False", "2 True", "True True", "4 True", ""]


def test_where_it_is_imported_already_nothing_happens() -> None:
    said = python("""
import prompt_toolkit, wcwidth
from atshell.repl import toolkit
before = prompt_toolkit.utils.wcwidth
toolkit.defer()
toolkit.complete()
print(prompt_toolkit.utils.wcwidth is before)
""")
    assert said == "True\n"


def test_a_release_that_does_not_agree_is_imported_as_always() -> None:
    said = python("""
import sys
from atshell.repl import toolkit
toolkit.PACKAGES = (*toolkit.PACKAGES, "prompt_toolkit.no_such_package")
toolkit.defer()
toolkit.complete()
from prompt_toolkit import PromptSession
from wcwidth import wcswidth
print(wcswidth("AT"))
""")
    assert said == "2\n"
