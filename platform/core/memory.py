"""What is in a process's memory stays there: opened keys among it."""

import resource


def forbid_core_dumps() -> None:
    """Let no crash of this process, or of those that it starts, write its memory to a file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
