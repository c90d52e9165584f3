"""What a power cut would find: the journal is on the disk before anybody is sent anything (tests/live/order.c)."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.live.conftest import Dials, Starts
from tests.live.servers import LOOPBACK, Server, preloaded
from tests.live.talk import Wire

_HEADER = struct.Struct("=BBHII")
_MARKER = re.compile(rb"marker-\d{4}-end")


class Note(NamedTuple):
    """What the server did: it wrote, began to sync, had synced, or was about to send (``w``, ``b``, ``e``, ``s``)."""

    what: str
    where: str
    failed: int
    thread: int
    content: bytes


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that notes what a process does."""
    return preloaded(Path(__file__).with_name("order.c"), tmp_path_factory.mktemp("order"))


def notes(path: Path) -> list[Note]:
    """Read what was noted."""
    content, found, at = path.read_bytes(), [], 0
    while at < len(content):
        what, where, failed, thread, length = _HEADER.unpack_from(content, at)
        at += _HEADER.size
        found.append(Note(chr(what), chr(where), failed, thread, content[at : at + length]))
        at += length
    return found


def sends(found: Sequence[Note]) -> dict[bytes, int]:
    """Where each marker is sent first."""
    firsts: dict[bytes, int] = {}
    for at, note in enumerate(found):
        if note.what == "s":
            for marker in _MARKER.findall(note.content):
                firsts.setdefault(marker, at)
    return firsts


def writes(found: Sequence[Note], markers: Sequence[bytes]) -> dict[bytes, int]:
    """Where each marker is written first."""
    firsts: dict[bytes, int] = {}
    pages: list[bytes] = []
    for at, note in enumerate(found):
        if note.where == "w" and note.what == "w" and not note.failed:
            pages.append(note.content)
            for marker in markers:
                if marker not in firsts and (marker in note.content or _split(marker, pages)):
                    firsts[marker] = at
        elif note.where == "w" and note.what == "b":
            pages.clear()
    return firsts


def _split(marker: bytes, pages: Sequence[bytes]) -> bool:
    """Say whether a marker goes from one page to another, which begins with four bytes of SQLite's own."""
    cuts = [(marker[:cut], marker[cut:]) for cut in range(1, len(marker))]
    pairs = [(page, pages[-1]) for page in pages] + [(pages[-1], page) for page in pages]
    return any(other.startswith(after, 4) and before in one for before, after in cuts for one, other in pairs)


def synced(found: Sequence[Note], after: int) -> int:
    """Where a sync of the log has ended that began after something; behind everything if there is none."""
    began: set[int] = set()
    for at in range(after + 1, len(found)):
        note = found[at]
        if note.where == "w" and note.what == "b":
            began.add(note.thread)
        elif note.where == "w" and note.what == "e" and note.thread in began and not note.failed:
            return at
    return len(found)


class Chat:
    """Two people with nc and two programs, who say things all at once; each of them has a marker."""

    def __init__(self, server: Server, dials: Dials) -> None:
        self.ann, self.bob, self.cem, self.dea = self.all = [dials(server.address) for _ in range(4)]
        self.ann.joins("ann")
        self.bob.joins("bob")
        for wire, nick in ((self.cem, "cem"), (self.dea, "dea")):
            wire.says(json.dumps({"op": "hello", "nick": nick}))
            wire.hears('"entered"')
        self._numbers = count(1)
        self.markers: list[bytes] = []

    def marker(self) -> str:
        marker = f"marker-{next(self._numbers):04}-end"
        self.markers.append(marker.encode())
        return marker

    def says(self, who: Wire, lines: int) -> None:
        """Say some lines at once."""
        said = [self.marker() for _ in range(lines)]
        program = who in (self.cem, self.dea)
        who.says(*(json.dumps({"op": "say", "room": "#lobby", "text": text}) if program else text for text in said))

    def hear(self) -> None:
        """Wait until everybody has heard what everybody said, and end."""
        last = [self.marker() for _ in self.all]
        for who, text in zip(self.all, last, strict=True):
            who.says(json.dumps({"op": "say", "room": "#lobby", "text": text}) if who in self.all[2:] else text)
        for who, own in zip(self.all, last, strict=True):
            for text in last:
                if who in self.all[2:] or text != own:
                    while text not in who.read:
                        who.hears("-end")


def talk(server: Server, dials: Dials) -> list[bytes]:
    """Say something alone, something in bursts, and something long; gives the markers."""
    chat = Chat(server, dials)
    for who in chat.all:
        chat.says(who, 1)
        chat.hear()
    for _ in range(4):
        for who in chat.all:
            chat.says(who, 15)
    chat.hear()
    return chat.markers


def test_nothing_is_sent_before_it_is_on_the_disk(starts: Starts, dials: Dials, shim: Path, tmp_path: Path) -> None:
    """Each message is written to the log, then the log is synced, and only then the first byte of it is sent."""
    log = tmp_path / "notes"
    noted = {"LD_PRELOAD": str(shim), "ORDER_NOTES": str(log)}
    server = starts("--port", LOOPBACK, "--rate", "0", environment=noted)
    markers = talk(server, dials)
    found = notes(log)
    written, sent = writes(found, markers), sends(found)
    assert set(markers) <= set(written)
    assert set(markers) <= set(sent)
    early = [marker for marker in markers if not written[marker] < synced(found, written[marker]) < sent[marker]]
    assert early == []
    folders = [at for at, note in enumerate(found) if (note.what, note.where) == ("e", "f")]
    assert folders
    assert folders[0] < min(sent.values()), "the folder knows the file before anybody is sent anything"


def test_with_sync_normal_the_disk_comes_later(starts: Starts, dials: Dials, shim: Path, tmp_path: Path) -> None:
    """The same look tells the difference: each message is written before it is sent, and synced at some other time."""
    log = tmp_path / "notes"
    noted = {"LD_PRELOAD": str(shim), "ORDER_NOTES": str(log)}
    server = starts("--port", LOOPBACK, "--rate", "0", "--sync", "normal", environment=noted)
    markers = talk(server, dials)
    found = notes(log)
    written, sent = writes(found, markers), sends(found)
    assert all(written[marker] < sent[marker] for marker in markers)
    assert all(synced(found, written[marker]) > sent[marker] for marker in markers)
