"""The documents say what the program does: what is generated is up to date, what is named exists."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs import generate
from lanchat.options import Options

TOP = generate.TOP
PAGES = sorted(
    path for pattern in ("*.md", "docs/*.md", "certs/README.md", "bench/*.md") for path in TOP.glob(pattern)
)

INSTALL = "python3 -m venv .venv && .venv/bin/pip install -q -e "


def page_name(page: Path) -> str:
    return str(page.relative_to(TOP))


@pytest.mark.parametrize("name", generate.DOCUMENTS)
def test_generated_parts_are_up_to_date(name: str) -> None:
    """Run .venv/bin/python docs/generate.py when this fails, and read what changed."""
    page = (TOP / name).read_text()
    assert generate.generated(page) == page


def test_every_table_stands_somewhere() -> None:
    names = {match[2] for name in generate.DOCUMENTS for match in generate.BLOCK.finditer((TOP / name).read_text())}
    assert names == {*generate.MAKERS, "dialogue"}


def test_dialogues_are_what_the_doors_say() -> None:
    """Each line that a client gets in docs/protocol.md is what the doors give it, in that order, and no other."""
    page = (TOP / "docs/protocol.md").read_text()
    blocks = [match[3] for match in generate.BLOCK.finditer(page) if match[2] == "dialogue"]
    login, history, everything = (set(re.findall(r'← \{"event":"(\w+)"', block)) for block in blocks)
    assert {"loggedin", "identified", "awayhere", "waiting", "history", "deleted", "closed"} <= login
    assert {"acknowledged", "history"} <= history
    assert {"refused", "told", "said", "ping", "entered"} <= everything
    for block in blocks:
        lines = [line for line in block.splitlines() if line and not line.startswith("```")]
        steps = "\n".join(line for line in lines if " ← " not in line)
        played: list[str] = []
        with generate.utc():
            for step, heard in generate.play(steps):
                played += [step, *(f"{who} ← {line}" for who, line in heard)]
        assert played == lines
        assert sum(" ← {" in line for line in lines) > (20 if block is blocks[-1] else 12)


# -- refusals ------------------------------------------------------------------------------------------------------


def refusal_codes() -> Iterator[str]:
    """The code of each ``Refused("code", …)`` that a client may get."""
    sources = [path for part in ("core", "doors", "stores") for path in (TOP / "lanchat" / part).glob("*.py")]
    sources.append(TOP / "lanchat/portal.py")
    for path in sources:
        if path.name == "caretaking.py":  # what `lanchat admin` alone is told
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Name(id="Refused"), args=[ast.Constant(value=str(code)), *_]):
                    yield code
                case ast.Call(func=ast.Name(id="Refused")):
                    pytest.fail(f"{path}:{node.lineno}: a code that cannot be listed")


def test_every_refusal_code_is_listed() -> None:
    """The list has each code that the program uses, no other, in order."""
    section = (TOP / "docs/protocol.md").read_text().split("\n## Refusals\n")[1].split("\n## ")[0]
    listed = re.findall(r"^\| `([a-z-]+)` \|", section, re.MULTILINE)
    assert listed == sorted(set(refusal_codes()))


# -- links ---------------------------------------------------------------------------------------------------------


def prose(page: Path) -> str:
    """A page without its code blocks."""
    return re.sub(r"^( *)```.*?^\1```$", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """The anchors of the headings of a page, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    plain = [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower() for heading in headings]
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_links_lead_somewhere(page: Path) -> None:
    """Each relative link names a file that is there, and a heading that it has."""
    dead = []
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            dead.append(link)
    assert dead == []


def test_architecture_names_what_there_is() -> None:
    """Each row of a table that names a file and then what is in it names something that is defined there."""
    page = TOP / "docs/architecture.md"
    missing = []
    rows = re.findall(r"^\|.*?\]\(\.\./([\w/]+\.py)\) \| ([^|]+) \|", page.read_text(), re.MULTILINE)
    assert len(rows) > 10
    for path, names in rows:
        tree = ast.parse((TOP / path).read_text())
        defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)} | {
            node.id for node in ast.walk(tree) if isinstance(node, ast.Name)
        }
        missing += [(path, name) for name in re.findall(r"`([\w.]+)`", names) if not set(name.split(".")) <= defined]
    assert missing == []


# -- what is to be typed -------------------------------------------------------------------------------------------


def commands(page: str) -> list[str]:
    """The lines of the shell blocks of a page."""
    return [
        line
        for block in re.findall(r"^```sh\n(.*?)^```$", (TOP / page).read_text(), re.DOTALL | re.MULTILINE)
        for line in block.splitlines()
    ]


def test_readme_has_the_two_commands() -> None:
    """Each is one line that makes its own .venv; .ci/run calls the second."""
    first, second, *_ = commands("README.md")
    assert first == f"{INSTALL}. && .venv/bin/twistd -n lanchat --port tcp:5555"
    assert second == f"{INSTALL}'.[test]' && .venv/bin/pytest"


def test_gate_takes_its_command_from_the_readme() -> None:
    gate = TOP / ".ci/run"
    assert gate.stat().st_mode & 0o111
    pattern = re.search(r"grep -E '([^']+)' README\.md", gate.read_text())
    assert pattern
    assert re.findall(pattern[1], (TOP / "README.md").read_text(), re.MULTILINE) == [commands("README.md")[1]]


def test_options_in_the_example_of_a_config_file_exist() -> None:
    (config,) = re.findall(r"^```toml\n(.*?)^```$", (TOP / "docs/operating.md").read_text(), re.DOTALL | re.MULTILINE)
    known = {"port", *(name for name, *_ in Options.optParameters)}
    assert set(tomllib.loads(config)) <= known


def test_bot_of_the_protocol_is_python() -> None:
    (bot,) = re.findall(r"^```python\n(.*?)^```$", (TOP / "docs/protocol.md").read_text(), re.DOTALL | re.MULTILINE)
    compile(bot, "docs/protocol.md", "exec")
