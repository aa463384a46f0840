"""Every promise of the guide has a test that names it."""

import ast

import pytest

from tests.acceptance.promises import numbers_in, promises
from tests.architecture.sources import ROOT, tree_of

pytestmark = pytest.mark.architecture


def named():
    return {
        number
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef)
        for number in numbers_in(node.name)
    }


def test_every_promise_of_the_guide_is_named_by_a_test():
    assert len(promises()) == 40
    assert set(promises()) - named() == set()


def test_no_test_names_a_promise_that_the_guide_does_not_make():
    assert named() - set(promises()) == set()
