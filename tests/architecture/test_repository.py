"""The house itself: what lies where, who may switch schools, and what no file names."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, files, module_of, nodes

pytestmark = pytest.mark.architecture

_NOT_KEPT = {
    ".git", ".venv", ".run", "node_modules", "staticfiles", "dist", "__pycache__", ".hypothesis",
    ".mypy_cache", ".pytest_cache", ".ruff_cache", ".import_linter_cache",
}  # fmt: skip
#: Put together here, because this file is one of those that must not name them.
_REGISTRIES = [
    ".".join(parts)
    for parts in [
        ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"),
        ("yarnpkg", "com"), ("anaconda", "org"), ("docker", "io"), ("ghcr", "io"), ("quay", "io"),
        ("crates", "io"), ("rubygems", "org"), ("golang", "org"), ("jfrog", "io"),
    ]
]  # fmt: skip
_CHOICE_OF_REGISTRY = re.compile(
    r"--(extra-)?index-url|--find-links|--registry[= ]|^registry\s*=|\[\[tool\.uv\.index\]\]|"
    r'"resolved"\s*:\s*"https?:|index-url\s*=',
    re.MULTILINE,
)


def kept_files():
    return [
        path
        for path in ROOT.rglob("*")
        if path.is_file() and not _NOT_KEPT & set(path.relative_to(ROOT).parts[:-1])
    ]


def text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")


def test_platform_is_a_shelf_and_no_package():
    assert not (ROOT / "platform/__init__.py").exists()
    imported = [
        module
        for module, node in nodes(ast.ImportFrom)
        if (node.module or "").split(".")[0] == "platform"
        and len((node.module or "").split(".")) > 1
    ]
    assert imported == []


def test_no_file_names_a_package_registry():
    kept = kept_files()
    names = {path.name for path in kept}
    assert {"package-lock.json", "pyproject.toml", ".npmrc", "runtime.txt", "run"} <= names
    named = [
        (str(path.relative_to(ROOT)), host)
        for path in kept
        if path.stat().st_size < 5_000_000
        for host in _REGISTRIES
        if host in text_of(path)
    ]
    assert named == []


def test_the_locks_pin_hashes_and_choose_no_registry():
    for lock in (ROOT / "infra/locks").glob("*.txt"):
        text = text_of(lock)
        pinned = re.findall(
            r"^[a-z0-9][a-z0-9._-]*(?:\[[^]]*])?==", text, re.MULTILINE | re.IGNORECASE
        )
        assert len(pinned) > 30
        assert text.count("--hash=sha256:") >= len(pinned)
    for name in ("package-lock.json", ".npmrc", "pyproject.toml", "package.json", "Makefile"):
        assert not _CHOICE_OF_REGISTRY.search(text_of(ROOT / name)), name
    for lock in (ROOT / "infra/locks").glob("*.txt"):
        assert not _CHOICE_OF_REGISTRY.search(text_of(lock)), lock.name


_SWITCHES = {
    "set_tenant", "set_schema", "set_schema_to_public", "schema_context", "tenant_context",
    "activate", "deactivate",
}  # fmt: skip
#: Who switches schools, and why.
MAY_SWITCH = {
    "core.tenancy": "the only way to switch",
    "core.database.base": "a new connection is nowhere",
    "tenants.services.walls": "the owner's connection, which makes and migrates schemas",
}
#: Who writes the search path, and why.
MAY_SET_THE_PATH = {
    "core.database.places": "takes it together with the role, and gives both up",
    "config.settings.base": "a connection begins with none",
    "core.audit.guards": "has functions that write where the calling table is, and nowhere else",
    "core.audit.stays": "has a function that reads and writes no table at all",
}


def test_only_in_school_switches_schools():
    switching = {
        module
        for module, node in nodes(ast.Call)
        if isinstance(node.func, ast.Attribute)
        and node.func.attr in _SWITCHES
        and not ast.unparse(node.func.value).endswith(("TOTP", "RecoveryCodes", "timezone"))
    }
    assert switching == set(MAY_SWITCH)
    writing = {
        module_of(path) for path in files(".py") if re.search(r"search_path", text_of(path))
    } - set(MAY_SWITCH)
    assert writing == set(MAY_SET_THE_PATH)


#: What a process remembers between requests, and why no school's answer reaches another's.
REMEMBERED = {
    "core.keyring._open": "keyed by the school's reference and its wrapped keyset",
    "core.keyring.wrapping.local_wrapper": "one key for the whole platform",
    "core.keyring.wrapping.kms_client": "one client for the whole platform",
    "core.attachments.storage._client": "one client for the whole platform",
    "config.shell.all": "of one request's own object",
    "config.shell.number": "of one request's own object",
    "helpdesk.working_time.calendar.open_times": "of one calendar's own object; it knows no school",
    "support.articles.articles": "the guide, the same at every school",
    "tenants.schema_state.wanted": "the migrations of the repository, the same for every school",
    "tenants.schema_state.fingerprint": "likewise",
    "ui.moments._written": "keyed by a day and a language; our own words",
    "ui.moments._words_ago": "keyed by a language; our own words",
    "ui.names_in_text._fold": "keyed by a single letter",
}


def test_what_a_process_remembers_is_listed_with_its_reason():
    remembered = {
        f"{module}.{node.name}"
        for module, node in nodes(ast.FunctionDef)
        if any("cache" in ast.unparse(mark) for mark in node.decorator_list)
    }
    assert remembered == set(REMEMBERED)


#: Signs at one place what is for another, and with what it is salted.
SIGNED_FOR_ANOTHER_PLACE = {"helpdesk.passes": "_salt(school)"}


def test_every_signature_is_salted_with_the_place():
    signing = {
        module
        for module, node in nodes(ast.Call)
        if ast.unparse(node.func) in {"signing.dumps", "signing.loads", "Signer", "TimestampSigner"}
    }
    assert {"core.accounts.adapter", "safeguarding.services.drafts"} <= signing
    for module, node in nodes(ast.Call):
        if ast.unparse(node.func).startswith("signing."):
            salts = [one.value for one in node.keywords if one.arg == "salt"]
            expected = SIGNED_FOR_ANOTHER_PLACE.get(module, "_salt()")
            assert [ast.unparse(salt) for salt in salts] == [expected], (module, node.lineno)
    for module, node in nodes(ast.FunctionDef):
        if node.name in {"_salt", "key_salt"}:
            place = "{school}" if module in SIGNED_FOR_ANOTHER_PLACE else "place()"
            assert place in ast.unparse(node), module


def test_the_middleware_of_the_tenancy_library_is_not_used():
    # Its error page and its fallback to public know nothing of our states of a school.
    from django.conf import settings

    assert not [name for name in settings.MIDDLEWARE if name.startswith("django_tenants")]
