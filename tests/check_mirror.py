"""The tests mirror the source: ``atshell/at/stream.py`` has ``tests/atshell/at/test_stream.py``.

Prints what is missing on either side and ends with 1. Packages' ``__init__`` files and modules that hold
records and protocols alone (no function body, nothing to go wrong) need no test.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("atshell", "plugins")
NOT_MIRRORED = ("conftest.py", "check_mirror.py")


def sources() -> list[Path]:
    return sorted(path.relative_to(ROOT) for top in SOURCES for path in (ROOT / top).rglob("*.py"))


def test_of(source: Path) -> Path:
    return Path("tests") / source.parent / f"test_{source.name}"


def has_behaviour(source: Path) -> bool:
    """True when a function in it does more than declare."""
    tree = ast.parse((ROOT / source).read_text(encoding="utf-8"))
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return any(not _declares(function.body) for function in functions)


def _declares(body: list[ast.stmt]) -> bool:
    """True for a docstring, ``...``, or a single simple return."""
    rest = [node for node in body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))]
    return not rest or (len(rest) == 1 and isinstance(rest[0], ast.Return))


def main() -> int:
    expected = {test_of(path): path for path in sources() if path.name not in ("__init__.py", "__main__.py")}
    missing = [
        f"{source} has no {test}"
        for test, source in expected.items()
        if not (ROOT / test).exists() and has_behaviour(source)
    ]
    tests = (path.relative_to(ROOT) for top in SOURCES for path in (ROOT / "tests" / top).rglob("test_*.py"))
    folders = {test.parent / f"test_{test.parent.name}" for test in expected}
    orphans = [
        f"{test} tests nothing that is there: name it after its source"
        for test in tests
        if test not in expected and test.with_suffix("") not in folders
    ]
    for line in missing + orphans:
        print(line)
    return 1 if missing or orphans else 0


if __name__ == "__main__":
    sys.exit(main())
