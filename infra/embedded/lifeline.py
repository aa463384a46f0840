"""Become another program that dies when the program that started it dies.

    python lifeline.py PARENT_PID [--in-own-namespace | --as-nobody] -- COMMAND...

Linux kills the program for us (``PR_SET_PDEATHSIG``), so that nothing survives a ``kill -9`` of
the supervisor. Elsewhere the command simply runs. The options are for PostgreSQL, which
refuses to run as root or as a user without a name.

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


def in_own_namespace() -> None:
    """Call ourselves nobody while the files we make still belong to our user; needs no chown.

    Fails where the kernel, or a container's seccomp filter, does not allow it.
    """
    user, group = os.geteuid(), os.getegid()
    if ctypes.CDLL(None).unshare(CLONE_NEWUSER) != 0:
        sys.exit("no user namespaces here")
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{NOBODY} {user} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{NOBODY} {group} 1", encoding="ascii")


def as_nobody() -> None:
    """As root, be nobody, and keep only the right to walk folders closed to others (such as /root)."""
    libc = ctypes.CDLL(None)
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
    if "--as-nobody" in options:
        as_nobody()
    if "--in-own-namespace" in options:
        in_own_namespace()
    die_with(int(options[0]))
    os.execv(command[0], command)  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main(sys.argv[1:])
