"""Become another program that dies when the program that started it dies.

    python lifeline.py PARENT_PID [--not-root] -- COMMAND...

Linux kills the program for us (``PR_SET_PDEATHSIG``), so that nothing survives a ``kill -9`` of
the supervisor. Elsewhere the command simply runs. ``--not-root`` also gives up root, which
PostgreSQL refuses to run as.

Standard library only and no imports of ours: it runs under ``python -I -S`` to start quickly.
The kernel counts the *thread* that started a program as its parent, so callers start programs
from a thread that lives as long as they do.
"""

import ctypes
import os
import signal
import struct
import sys
from pathlib import Path

NOBODY = 65534

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CLONE_NEWUSER = 0x10000000
CAP_DAC_OVERRIDE = 1
LINUX_CAPABILITY_VERSION_3 = 0x20080522


def in_own_namespace() -> bool:
    """Call ourselves nobody while the files we make still belong to root; needs no chown.

    Returns:
        False where the kernel or a container's seccomp filter does not allow it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        return False
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{NOBODY} 0 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{NOBODY} 0 1", encoding="ascii")
    return True


def as_nobody() -> None:
    """Be nobody, and keep only the right to walk folders closed to others (such as /root)."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    wanted = 1 << CAP_DAC_OVERRIDE
    header = struct.pack("Ii", LINUX_CAPABILITY_VERSION_3, 0)
    libc.capset(header, struct.pack("6I", wanted, wanted, wanted, 0, 0, 0))
    libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


def die_with(parent: int, how: int = signal.SIGKILL) -> None:
    """Ask the kernel to end this process when its parent dies; leave if it already did."""
    if sys.platform == "linux":
        # After every change of identity: each of them clears the request.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, how, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def main(arguments: list[str]) -> None:
    """Read the arguments and become the command."""
    options, command = arguments[: arguments.index("--")], arguments[arguments.index("--") + 1 :]
    if "--as-nobody" in options or ("--not-root" in options and not in_own_namespace()):
        as_nobody()
    die_with(int(options[0]))
    os.execv(command[0], command)  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main(sys.argv[1:])
