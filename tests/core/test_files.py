"""What is said of files: their names, their kinds, whose they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.core.errors import Refused
from lanchat.core.files import NAME, OFF, TEXT, UNKNOWN, File, NoFiles, file_name, kind_of, path_of


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("plan.pdf", "plan.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\bob\\cat.png", "cat.png"),
        ("..", "file"),
        ("", "file"),
        ("  . ", "file"),
        ("/", "file"),
        ("a\x1b[31mb\x00\nc.txt", "ab c.txt"),
        ("gpj.\u202eexe.png", "gpj.exe.png"),
        ("<script>.html", "<script>.html"),
        ("x" * 300 + ".tar.gz", "x" * 197 + ".gz"[:3]),
        ("é" * 150, "é" * 100),
        ("a." + "b" * 300, "a." + "b" * 198),
        ("." + "b" * 300, "b" * 200),
    ],
)
def test_names_are_cleaned(written: str, shown: str) -> None:
    """No path is left of a name, nothing that steers a terminal, and not more than fits."""
    assert file_name(written) == shown


@given(st.text())
def test_every_name_can_be_shown(written: str) -> None:
    """Whatever somebody calls a file, its name is one printable word of a path."""
    name = file_name(written)
    assert name.isprintable()
    assert 0 < len(name.encode()) <= NAME
    assert not set("/\\") & set(name)
    assert name.strip(".")


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a...", "image/gif"),
        (b"GIF87a...", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", UNKNOWN),
        (b"\0\0\0\x1cftypavif", "image/avif"),
        (b"\0\0\0\x1cftypavis", "image/avif"),
        (b"\0\0\0\x1cftypisom", UNKNOWN),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", TEXT),
        (b"<!doctype html><script>alert(1)</script>", TEXT),
        ("grün\tund\r\n".encode(), TEXT),
        ("ü".encode()[:1], UNKNOWN),
        ("aü".encode()[:2], TEXT),
        (b"a\xffb", UNKNOWN),
        (b"a\0b", UNKNOWN),
        (b"", UNKNOWN),
    ],
)
def test_kinds_are_found_by_content(head: bytes, kind: str) -> None:
    """A file is what its first bytes say, and what a browser could run is text."""
    assert kind_of(head) == kind


def test_a_link_has_the_name_in_one_piece() -> None:
    """Nothing of a name ends a path or begins a query."""
    assert path_of("ID", "a b?#/ü.png") == "files/ID/a%20b%3F%23%2F%C3%BC.png"


@pytest.mark.parametrize(
    ("name", "link"),
    [("ü" * 50 + ".pdf", "file.pdf"), ("ü" * 50, "file"), ("a." + "ü" * 50, "file"), ("x" * 120, "x" * 120)],
)
def test_a_link_fits_a_line(name: str, link: str) -> None:
    """A long name is left out of it but for its ending: on IRC a link that is cut in two leads nowhere."""
    assert path_of("ID", name) == f"files/ID/{link}"


def test_a_file_is_of_who_sent_it() -> None:
    """The nick and the address have to be the same; without a nick the address has to do."""
    bobs = File(id="1", name="x", size=1, kind=TEXT, time="", until="", nick="Bob", address="10.0.0.1")
    assert bobs.is_of("bob", "10.0.0.1")
    assert not bobs.is_of("bob", "10.0.0.2")
    assert not bobs.is_of("al", "10.0.0.1")
    assert File(id="1", name="x", size=1, kind=TEXT, time="", until="", address="10.0.0.1").is_of("al", "10.0.0.1")


def test_what_an_account_sent_is_the_accounts() -> None:
    """Wherever it is used; neither a guest's of the same name nor that of who gets the name later."""
    sent = "2026-11-21T21:00:00.000Z"
    bobs = File(id="1", name="x", size=1, kind=TEXT, time=sent, until="", nick="Bob", address="a", account="Bob")
    assert bobs.owner == "account bob"
    assert bobs.is_of("bob", "10.0.0.2", "BOB", "2026-11-20T00:00:00.000Z")
    assert not bobs.is_of("bob", "a")
    assert not bobs.is_of("bob", "a", "rob", "2026-11-20T00:00:00.000Z")
    assert not bobs.is_of("bob", "a", "bob", "2026-11-22T00:00:00.000Z")
    assert File(id="1", name="x", size=1, kind=TEXT, time="", until="", address="10.0.0.1").owner == "10.0.0.1"


def test_a_server_without_a_folder_keeps_none() -> None:
    """It says so, and finds nothing."""
    files = NoFiles()
    assert files.off == OFF
    assert files.find("1") is None
    assert not [*files.listed()]
    files.remove("1")
    with pytest.raises(Refused, match="keeps no files"):
        files.begin("x", 1)
    with pytest.raises(OSError, match="x"):
        files.read(File(id="1", name="x", size=1, kind=TEXT, time="", until=""))
