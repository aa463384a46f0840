"""``python -m tests.acceptance``: each promise of the guide, the tests that name it, and whether they pass.

A test names a promise by its number: ``test_g4_03_…`` is of G4.3; a name may hold several.
"""

# ruff: noqa: T201 - a command that prints

import sys
from collections import defaultdict
from typing import Any

import pytest

from tests.acceptance.promises import numbers_in, promises


class Results:
    """A pytest plugin: how each test ended."""

    def __init__(self) -> None:
        self.of: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Note the worst of set-up, test and clearing up."""
        if report.outcome != "passed":
            self.of[report.nodeid] = report.outcome
        elif report.when == "call":
            self.of.setdefault(report.nodeid, "passed")


def main(arguments: list[str]) -> int:
    """Run the tests, print the list; 0 where every promise has a test and all of them pass."""
    results = Results()
    named = " or ".join(f"g{group}_" for group in range(1, 9))
    how = ["-q", "-k", named, "--numprocesses", "2", "--dist", "loadgroup"]
    pytest.main([*how, "--no-loadscope-reorder", *(arguments or ["tests"])], plugins=[results])
    tests: dict[str, list[str]] = defaultdict(list)
    for node in results.of:
        for number in numbers_in(node.rpartition("::")[2]):
            tests[number].append(node)
    all_well = True
    for number, sentence in promises().items():
        outcomes = {node: results.of[node] for node in sorted(tests[number])}
        word = _word(outcomes)
        all_well &= word == "passed"
        print(f"\n{number}  {word.upper()}  {sentence}")
        for node, outcome in outcomes.items():
            print(f"      {outcome:7} {node}")
    return 0 if all_well else 1


def _word(outcomes: dict[str, str]) -> str:
    if any(outcome != "passed" for outcome in outcomes.values()):
        return "failed"
    return "passed" if outcomes else "no test"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
