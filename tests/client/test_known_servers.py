from __future__ import annotations

import stat
from pathlib import Path

import pytest

from lanchat.client import places
from lanchat.client.known_servers import KnownServers


@pytest.fixture
def known(tmp_path: Path) -> KnownServers:
    return KnownServers(tmp_path / "lanchat" / "known_servers")


def test_nothing_is_known_at_first(known: KnownServers) -> None:
    assert known.find("room-1:5555") is None
    assert not known.forget("room-1:5555")
    assert not known.path.exists()


def test_keys_are_kept_replaced_and_forgotten(known: KnownServers) -> None:
    known.remember("room-1:5555", "SHA256:a")
    known.remember("room-2:5555", "SHA256:b")
    known.remember("room-1:5555", "SHA256:c")
    assert known.path.read_text() == "room-2:5555 SHA256:b\nroom-1:5555 SHA256:c\n"
    assert known.forget("room-2:5555")
    assert known.find("room-2:5555") is None
    assert known.find("room-1:5555") == "SHA256:c"


def test_only_their_user_reads_them(known: KnownServers) -> None:
    known.remember("room-1:5555", "SHA256:a")
    assert stat.S_IMODE(known.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(known.path.parent.stat().st_mode) == 0o700


def test_what_is_not_understood_stays(known: KnownServers) -> None:
    known.path.parent.mkdir()
    known.path.write_bytes(b"# mine\n\nodd\nroom-1:5555\n\xff x\n")
    assert known.find("room-1:5555") is None
    known.remember("room-2:5555", "SHA256:b")
    assert known.path.read_text(errors="replace").startswith("# mine\n\nodd\nroom-1:5555\n")


def test_a_write_that_fails_leaves_the_old_file(known: KnownServers, monkeypatch: pytest.MonkeyPatch) -> None:
    known.remember("room-1:5555", "SHA256:a")

    def full(_: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(places.os, "fsync", full)
    with pytest.raises(OSError, match="disk full"):
        known.remember("room-1:5555", "SHA256:b")
    assert [each.name for each in known.path.parent.iterdir()] == ["known_servers"]
    assert known.find("room-1:5555") == "SHA256:a"
