"""The kernel through nbclient, as a notebook uses it: execute, complete, inspect, is_complete, interrupt."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager, start_new_kernel
from nbclient import NotebookClient

from atshell.kernel import kernelspec


@pytest.fixture(scope="module", autouse=True)
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The kernel specification in a Jupyter folder of this test's own."""
    folder = tmp_path_factory.mktemp("jupyter")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(folder / "share" / "jupyter"))
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        kernelspec.install(prefix=str(folder))
        yield


@pytest.fixture(scope="module")
def client() -> Iterator[BlockingKernelClient]:
    manager: KernelManager
    manager, client = start_new_kernel(kernel_name=kernelspec.NAME)
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    manager.cleanup_resources()


def reply(client: BlockingKernelClient, message_id: str) -> dict[str, Any]:
    while True:
        message: dict[str, Any] = client.get_shell_msg(timeout=30)
        if message["parent_header"].get("msg_id") == message_id:
            content: dict[str, Any] = message["content"]
            return content


def test_a_notebook_runs(tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook(  # type: ignore[no-untyped-call]
        cells=[
            nbformat.v4.new_code_cell("AT+CGMM"),  # type: ignore[no-untyped-call]
            nbformat.v4.new_code_cell("AT+CSQ\nAT+NOSUCH"),  # type: ignore[no-untyped-call]
        ]
    )
    done = asyncio.run(NotebookClient(notebook, kernel_name=kernelspec.NAME, timeout=60).async_execute())
    first, second = (
        [output["data"] for output in cell["outputs"] if output["output_type"] == "display_data"]
        for cell in done["cells"]
    )
    assert "MN316" in first[0]["text/plain"]
    assert first[0]["text/html"].startswith("<pre")
    assert "application/json" in first[0]
    assert len(second) >= 2
    assert "+CSQ:" in second[0]["text/plain"]
    assert "ERROR" in second[-1]["text/plain"]


def test_complete(client: BlockingKernelClient) -> None:
    content = reply(client, client.complete("AT+MIPLNOT", 10))
    assert content["status"] == "ok"
    completed = ["AT+MIPLNOT"[: content["cursor_start"]] + match for match in content["matches"]]
    assert completed[0] == "AT+MIPLNOTIFY"
    assert content["cursor_end"] == 10


def test_complete_on_a_later_line_of_a_cell(client: BlockingKernelClient) -> None:
    code = "AT+CSQ\nAT+MIPLNOT"
    content = reply(client, client.complete(code, len(code)))
    assert content["cursor_start"] >= len("AT+CSQ\n")
    assert content["matches"]


def test_inspect(client: BlockingKernelClient) -> None:
    content = reply(client, client.inspect("AT+MIPLOPEN=0,", 14))
    assert content["found"] is True
    assert "<lifetime>" in content["data"]["text/plain"]
    assert reply(client, client.inspect("nothing", 3))["found"] is False


def test_is_complete(client: BlockingKernelClient) -> None:
    assert reply(client, client.is_complete("AT+CSQ"))["status"] == "complete"


def test_hostile_cells_do_not_end_the_kernel(client: BlockingKernelClient) -> None:
    for cell in ("\x1b]0;x\x07", "%nosuchmagic", "AT+X=" + "9" * 10_000, "\n\n", "<script>"):
        assert reply(client, client.execute(cell))["status"] in ("ok", "error")
    assert reply(client, client.execute("AT"))["status"] == "ok"
