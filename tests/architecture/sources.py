"""Our own source files, and what is written in them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
APPS = ("platform", "tenants", "schools", "safeguarding", "notifications", "helpdesk", "support")
_NOT_OURS = {"node_modules", "dist", "staticfiles", "__pycache__", "migrations"}


def files(suffix: str, *folders: str) -> list[Path]:
    """Return our files of a kind, below some folders or all of the platform."""
    found = [path for one in folders or APPS for path in (ROOT / one).rglob(f"*{suffix}")]
    return sorted(path for path in found if not _NOT_OURS & set(path.parts))


@cache
def tree_of(path: Path) -> ast.Module:
    """Return a file as it is parsed; nobody changes it."""
    return ast.parse(path.read_text(encoding="utf-8"))


def module_of(path: Path) -> str:
    """Return the name under which a file is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[1:] if parts[0] == "platform" else parts).removesuffix(".__init__")


def nodes(kind: type[ast.AST], *folders: str) -> Iterator[tuple[str, ast.AST]]:
    """Yield every node of a kind with the name of its module."""
    for path in files(".py", *folders):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, kind):
                yield module_of(path), node


def imports_at_run_time(path: Path) -> set[str]:
    """Return what a module imports, apart from what it imports for the type checker."""
    found: set[str] = set()

    def walk(node: ast.AST) -> None:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            return
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
        for child in ast.iter_child_nodes(node):
            walk(child)

    walk(tree_of(path))
    return found
