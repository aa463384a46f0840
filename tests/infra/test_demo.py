"""The demo refuses in one line, and its processes end together."""

import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from infra.embedded import demo
from infra.embedded.processes import TRIMMINGS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("text", ["", "8000x", "0", "65536", "-1"])
def test_01_only_a_port_number_is_taken(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PORT", text or "nothing")
    with pytest.raises(demo.DemoError, match="is not a port number"):
        demo.chosen_port()


@pytest.mark.parametrize(("family", "host"), [("AF_INET", "127.0.0.1"), ("AF_INET6", "::1")])
def test_02_a_port_in_use_is_said_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch, family: str, host: str
) -> None:
    with socket.socket(getattr(socket, family)) as stranger:
        try:
            stranger.bind((host, 0))
        except OSError:
            pytest.skip("this machine has no such loopback")
        stranger.listen()
        port = stranger.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(demo.DemoError, match=f"port {port} is in use"):
            demo.chosen_port()
    assert demo.chosen_port() == port


def test_03_a_second_demo_in_the_same_folder_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(demo, "RUN", tmp_path)
    monkeypatch.setattr(demo, "LOGS", tmp_path / "logs")
    with (
        demo.only_demo_here(),
        pytest.raises(demo.DemoError, match="running in this folder already"),
        demo.only_demo_here(),
    ):
        pass
    with demo.only_demo_here():
        pass


def test_04_a_full_disk_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(demo, "RUN", tmp_path)
    monkeypatch.setattr(demo, "LOGS", tmp_path / "logs")
    monkeypatch.setattr(demo, "ROOM_NEEDED", 10**18)
    with pytest.raises(demo.DemoError, match="the disk is full"), demo.only_demo_here():
        pass


RUN = """
import multiprocessing, os, sys
from pathlib import Path
from infra.embedded.processes import Processes
if sys.platform == "linux":
    multiprocessing.set_start_method("fork")
sleep = [sys.executable, "-c", "import os; os.fork(); import time; time.sleep(600)"]
end = [sys.executable, "-c", "import time; time.sleep(1)"]
processes = Processes(
    {"one": sleep, "two": end if sys.argv[2] == "one ends" else sleep},
    environment=os.environ, logs=Path(sys.argv[1]),
    other_environments={},
    is_ready=lambda: True, on_ready=lambda: print("ready", flush=True), tend=lambda: None,
)
processes.loop()
print(processes.failure)
"""


@pytest.mark.parametrize("how", ["terminate", "one ends", "kill"])
def test_05_no_process_outlives_the_others(tmp_path: Path, how: str) -> None:
    if how == "kill" and sys.platform != "linux":
        pytest.skip("only Linux ends children of a killed parent")
    with subprocess.Popen(
        [sys.executable, "-c", RUN, str(tmp_path), how], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as manager:
        assert manager.stdout is not None
        assert manager.stdout.readline() == "ready\n"
        family = psutil.Process(manager.pid).children(recursive=True)
        if how != "one ends":
            time.sleep(0.5)
            family = psutil.Process(manager.pid).children(recursive=True)
            assert len(family) >= 4
            getattr(manager, how)()
        said = manager.stdout.read().strip()
    # The forked grandchildren stand for workers; they live until their group is ended.
    direct = [process for process in family if process.is_running()]
    _gone, alive = psutil.wait_procs(direct, timeout=10)
    assert said == {"terminate": "None", "one ends": "two ended by itself", "kill": ""}[how]
    assert alive == []


def test_06_lines_on_the_terminal_are_short() -> None:
    line = (
        "2026-11-23T17:45:14.904869Z [info     ] answered                       [request] "
        "method=GET ms=87.7 request=f9dcd0fb route=readyz school=01a20978-ba86 status=200"
    )
    assert TRIMMINGS.sub("", line).split() == [
        "answered",
        "method=GET",
        "ms=87.7",
        "route=readyz",
        "status=200",
    ]
