"""The files of the page: what a browser has is not sent again, what it has not is sent compressed."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from lanchat.doors.web.pages import lean, page_files, takes_gzip
from tests.doors.web.browsing import asked, get, serve
from tests.network import Network

PAGE = b"<!doctype html>" + b"<p>hello</p>" * 100


@pytest.fixture
def network(tmp_path: Path) -> Network:
    (tmp_path / "index.html").write_bytes(PAGE)
    (tmp_path / "join.html").write_bytes(b"join")
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "small.js").write_bytes(b"export {}")
    (tmp_path / "notes.md").write_bytes(b"not for browsers")
    (tmp_path / "__pycache__").mkdir()
    found = Network()
    serve(found, page_files(tmp_path))
    return found


@pytest.mark.parametrize(
    ("path", "kind", "body"),
    [
        ("/", "text/html; charset=utf-8", PAGE),
        ("/join", "text/html; charset=utf-8", b"join"),
        ("/vendor/small.js", "text/javascript; charset=utf-8", b"export {}"),
    ],
)
def test_each_file_is_found_by_its_name(network: Network, path: str, kind: str, body: bytes) -> None:
    """With its type; a page without its ending."""
    answer = get(network, asked(path))
    assert (answer.status, answer.fields["content-type"], answer.body) == (200, kind, body)
    assert answer.fields["cache-control"] == "no-cache"
    assert answer.fields["vary"] == "Accept-Encoding"


def test_comments_are_not_for_browsers() -> None:
    """They are left out of scripts and styles, with the spaces that part nothing; all else is as it was."""
    script = b'/** What. */\n\nlet a = 1; // one\n  // two\n  let b = "// three"; /* four */\n'
    assert lean("a.js", script) == b'let a=1;let b = "// three"; /* four */\n'
    assert lean("a.js", b"if (a < b) {\n  c = d + +e, f\n}\n") == b"if(a<b){c=d + +e,f\n}\n"
    assert (
        lean("a.css", b"/* a\n b */\n.a, .b:hover { color: red; margin: 0 1px; }\n")
        == b".a,.b:hover{color:red;margin:0 1px}"
    )
    assert lean("vendor/a.js", script) == script
    assert lean("a.html", b"<p>  //  </p>\n") == b"<p>  //  </p>\n"


@pytest.mark.parametrize("path", ["/notes.md", "/vendor/", "/vendor", "/index.html", "/join.html", "/Join"])
def test_nothing_else_is_found(network: Network, path: str) -> None:
    """What has no type is not for browsers, and each file has one name."""
    assert get(network, asked(path)).status == 404


def test_a_browser_that_takes_it_gets_it_compressed(network: Network) -> None:
    """Under a validator of its own, and only where there is something to gain."""
    plain, small = get(network, asked("/")), get(network, asked("/vendor/small.js", Accept_Encoding="gzip"))
    packed = get(network, asked("/", Accept_Encoding="br, gzip"))
    assert packed.fields["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == PAGE
    assert packed.fields["etag"] != plain.fields["etag"]
    assert "content-encoding" not in plain.fields
    assert "content-encoding" not in small.fields


@pytest.mark.parametrize("coding", ["", "gzip"])
def test_a_browser_that_has_it_gets_no_body(network: Network, coding: str) -> None:
    """If it is the one that it has; a proxy may have made the validator weak."""
    tag = get(network, asked("/", Accept_Encoding=coding)).fields["etag"]
    for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        answer = get(network, asked("/", Accept_Encoding=coding, If_None_Match=known))
        assert (answer.status, answer.body, answer.fields["etag"]) == (304, b"", tag)
        assert "content-length" not in answer.fields
        assert "content-security-policy" in answer.fields
    assert get(network, asked("/", Accept_Encoding=coding, If_None_Match='"x"')).body


def test_head_gets_the_head(network: Network) -> None:
    """What GET would get, without its body."""
    head, whole = get(network, asked("/", "HEAD")), get(network, asked("/"))
    assert head.fields == whole.fields
    assert head.body == b""


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("gzip", True),
        ("GZIP;q=0.5", True),
        ("*", True),
        ("br", False),
        ("", False),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
        ("identity, gzip;q=1", True),
    ],
)
def test_who_takes_gzip(accepted: str, taken: bool) -> None:
    """Who says so, and does not say that it is the last choice of all."""
    assert takes_gzip(accepted) is taken


def test_the_page_is_there() -> None:
    """In the package as it is installed."""
    answer = get(Network(), asked("/"))
    assert answer.status == 200
    assert b"<title>" in answer.body
