"""The files of the page: small, whole, and with nothing in them that a strict policy would have to forbid."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import lanchat.doors.web
from lanchat.doors.web.pages import lean

PAGE = Path(lanchat.doors.web.__file__).parent / "page"
FILES = {path.relative_to(PAGE).as_posix(): path.read_text() for path in PAGE.rglob("*") if path.is_file()}
OURS = {name: text for name, text in FILES.items() if not name.startswith("vendor/")}
NODE = shutil.which("node")
MODULES = {name: text for name, text in OURS.items() if name.endswith(".js")}


def imported(text: str) -> set[str]:
    """Give the modules that a module names."""
    return set(re.findall(r'^import .* from "\./(.+)";$', text, re.MULTILINE))


def test_it_is_small() -> None:
    """Under 150 kB in all as it is sent, before it is compressed, and no module is a long one."""
    assert sum(len(lean(name, text.encode())) for name, text in FILES.items()) < 150_000
    assert {name: text.count("\n") for name, text in MODULES.items() if text.count("\n") > 350} == {}


def test_all_of_it_is_used_and_loaded_at_once() -> None:
    """A browser is told of each module at the start, and need not find them one behind the other."""
    named = set().union(*[imported(text) for name, text in MODULES.items() if name != "join.js"])
    assert named <= set(FILES)
    assert {name for name in FILES if name.endswith(".js")} == named | {"main.js", "join.js"}
    assert set(re.findall(r'modulepreload" href="/(.+?)"', FILES["index.html"])) == named


def test_nothing_is_lost_with_the_comments() -> None:
    """Of scripts and styles only comments and blanks are left out, no word and nothing within quotation marks."""
    for name, text in OURS.items():
        sent = lean(name, text.encode()).decode()
        bare = re.sub(r"^\s*/\*.*?\*/$", "", text, flags=re.MULTILINE | re.DOTALL)
        lines = [re.sub(r"(?<=[;{},]) // [\w ,'():]+$", "", line.lstrip()) for line in bare.split("\n")]
        if name.endswith(".css"):
            assert re.sub(r"[ \n]", "", sent) == re.sub(r"[ \n]", "", bare).replace(";}", "}")
        elif name.endswith(".js"):
            assert " // " not in sent, "a comment would hide what is put behind it"
            lines = [line for line in lines if line and not line.startswith("//")]
            assert re.sub(r"[ \n]", "", sent) == re.sub(r"[ \n]", "", "".join(lines)), name
            assert re.findall(r"\w+", sent) == re.findall(r"\w+", "\n".join(lines)), name
            assert [line for line in lines if re.search("[\"'`/]", line) and line not in sent] == [], name
        else:
            assert sent == text
    for name in set(FILES) - set(OURS):
        assert lean(name, FILES[name].encode()).decode() == FILES[name]


def test_texts_never_become_markup() -> None:
    """No text is put into the page as HTML, and nothing is made of text to be run."""
    for name, text in OURS.items():
        assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|new Function", text), name


def test_nothing_is_inline_and_nothing_comes_from_elsewhere() -> None:
    """Scripts and styles are files of this server; no address of another one stands in any."""
    for name in ("index.html", "join.html"):
        assert not re.search(r"<style|style=|\son\w+=|<script(?![^>]* src=)", FILES[name]), name
    for name, text in OURS.items():
        assert set(re.findall(r"https?://[\w.]+", text)) <= {"http://www.w3.org"}, name


def test_what_is_not_ours_says_whose_it_is() -> None:
    """The vendored file names its versions and licences."""
    (name,) = set(FILES) - set(OURS)
    head = FILES[name].partition("*/")[0]
    assert all(words in head for words in ("htm 3.1.1", "Apache License 2.0", "Preact", "MIT License"))


@pytest.mark.skipif(NODE is None, reason="there is no node")
def test_what_is_sent_can_be_read() -> None:
    """Each module is one still without its blanks."""
    sent = [(name, lean(name, text.encode()).decode()) for name, text in MODULES.items()]
    script = f"""const vm = require("vm");
    for (const [identifier, text] of {json.dumps(sent)})
      new vm.SourceTextModule(text, {{ identifier }});"""
    command = [str(NODE), "--experimental-vm-modules"]
    ran = subprocess.run(command, input=script, capture_output=True, text=True, timeout=20, check=False)
    assert (ran.returncode, ran.stderr.count("SyntaxError")) == (0, 0), ran.stderr


@pytest.mark.skipif(NODE is None, reason="there is no node")
def test_a_link_ends_where_its_sentence_does() -> None:
    """And a message of nothing but marks is no work: it would hold up every page that shows it."""
    texts = ["see (http://a/b).", "http://a/(b)", "http://a/x],", "http://a" + ")" * 100_000]
    script = f"""{(PAGE / "text.js").read_text()}
    const links = {json.dumps(texts)}.map((text) => pieces(text).find(({{ kind }}) => kind === "link").text);
    console.log(JSON.stringify(links));"""
    ran = subprocess.run(
        [str(NODE), "--input-type=module"], input=script, capture_output=True, text=True, timeout=20, check=True
    )
    assert json.loads(ran.stdout) == ["http://a/b", "http://a/(b)", "http://a/x", "http://a"]


@pytest.mark.skipif(NODE is None, reason="there is no node")
def test_a_page_of_history_puts_no_line_there_twice() -> None:
    """It may overlap with what was shown on coming in, which may come before it or after it."""
    script = f"""{(PAGE / "stretch.js").read_text()}
    const live = new Stretch();
    for (const line of [{{ id: 7 }}, {{ id: 0, text: "a notice" }}, {{ id: 8 }}]) live.append(line);
    live.prepend(live.unknown([{{ id: 6 }}, {{ id: 7 }}, {{ id: 8 }}]));
    console.log(JSON.stringify(live.ids));"""
    ran = subprocess.run(
        [str(NODE), "--input-type=module"], input=script, capture_output=True, text=True, timeout=20, check=True
    )
    assert json.loads(ran.stdout) == [6, 7, 0, 8]
