"""The arrows between the layers point one way."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent / "lanchat"
SOURCES = {
    path.relative_to(HOUSE.parent).with_suffix("").as_posix().replace("/", "."): path for path in HOUSE.rglob("*.py")
}
CORE = [name for name in SOURCES if name.startswith("lanchat.core.")]
DOORS = [name for name in SOURCES if name.startswith("lanchat.doors.")]
SHARED = {
    f"lanchat.doors.{name}"
    for name in ("beneath", "front", "factory", "door", "half_close", "pinging", "pipe", "straight", "telnet")
}
IRC = {name for name in DOORS if name.startswith("lanchat.doors.irc")}
WEB = {name for name in DOORS if name.startswith("lanchat.doors.web")}
# Each may import those before it.
ORDER = [
    ["errors", "times", "clean", "words", "sizes"],
    ["names", "limits", "opaque", "tries"],
    ["masks", "modes", "files"],
    ["accounts", "events"],
    ["replies"],
    ["phrases"],
    ["answers"],
    ["audit", "journal", "wording", "searching", "server_bans"],
    ["marks"],
    ["members", "pulse", "session", "room"],
    ["enforcing", "nobody", "people", "private", "ranks", "rooms", "rules", "slow", "watching", "welcoming"],
    ["devices", "finding"],
    ["belongings", "certificates", "proving"],
    ["logins"],
    ["admins"],
    ["talking"],
    ["presenting"],
    ["hearing", "sharing"],
    ["happening"],
    ["looking"],
    ["hub"],
    ["announcing", "auditing", "commands", "catching_up", "governing", "looking_back", "whom"],
    ["caretaking", "deleting", "restricting"],
    ["account_verbs", "admin_verbs", "file_verbs", "mod_verbs", "op_verbs"],
    ["verbs"],
]
IO = {
    "twisted",
    "socket",
    "threading",
    "time",
    "os",
    "select",
    "asyncio",
    "subprocess",
    "pathlib",
    "random",
    "sqlite3",
}


def imports(name: str, *, everywhere: bool = True) -> Iterator[str]:
    """Go through what a module imports, but for types alone; not ``everywhere``: at its top level."""
    tree = ast.parse(SOURCES[name].read_text())
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree) if everywhere else ast.iter_child_nodes(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "say where it is from"
            yield from (
                f"{node.module}.{alias.name}" if f"{node.module}.{alias.name}" in SOURCES else str(node.module)
                for alias in node.names
            )


@pytest.mark.parametrize("name", CORE)
def test_core_does_nothing_but_chat(name: str) -> None:
    """The core knows no I/O, no clock, no threads, no Twisted, and nothing else of lanchat."""
    found = set(imports(name))
    assert not {each.partition(".")[0] for each in found} & IO
    assert not {each for each in found if each.startswith("lanchat.") and not each.startswith("lanchat.core")}


@pytest.mark.parametrize("name", CORE)
def test_core_has_an_order(name: str) -> None:
    """Nothing in the core imports what stands above it."""
    rank = {f"lanchat.core.{each}": number for number, names in enumerate(ORDER) for each in names}
    assert name in rank or name == "lanchat.core.__init__", "give it a place in ORDER"
    assert not [each for each in imports(name) if rank.get(each, -1) > rank.get(name, 0)]


@pytest.mark.parametrize("name", DOORS)
def test_doors_see_neither_each_other_nor_a_store(name: str) -> None:
    """A door knows the core and what doors share; only the table sees all doors."""
    found = {each for each in imports(name) if each.startswith("lanchat.")}
    allowed = SHARED if name != "lanchat.doors.table" else set(DOORS)
    if name in IRC:  # one door in several files
        allowed = allowed | IRC
    if name in WEB:  # the same; and a page speaks the JSON door's protocol
        allowed = allowed | WEB | {"lanchat.doors.lines"}
    assert not {each for each in found if each.startswith("lanchat.doors") and each not in allowed}
    assert not {each for each in found if not each.startswith(("lanchat.core", "lanchat.doors"))}


def test_only_the_service_sees_everything() -> None:
    """Stores, doors and core meet in one file; the commands that need no server see the stores without the doors."""
    both = {
        name
        for name in SOURCES
        if any(each.startswith("lanchat.stores") for each in imports(name)) and not name.startswith("lanchat.stores")
    }
    assert both == {"lanchat.service", "lanchat.keeping", "lanchat.reaching"}
    for name in ("lanchat.keeping", "lanchat.reaching"):
        assert not [each for each in imports(name) if each.startswith("lanchat.doors")]


@pytest.mark.parametrize("name", SOURCES)
def test_nobody_installs_a_reactor_by_being_imported(name: str) -> None:
    """The reactor is imported where a process begins, never at a module's top."""
    assert "twisted.internet.reactor" not in imports(name, everywhere=False)
    top = [
        node for node in ast.iter_child_nodes(ast.parse(SOURCES[name].read_text())) if isinstance(node, ast.ImportFrom)
    ]
    assert not [
        node for node in top if node.module == "twisted.internet" and "reactor" in {a.name for a in node.names}
    ]
