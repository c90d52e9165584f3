"""Files on disk: whole or not there, within their limits, and gone in time."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.task import Clock

from lanchat.core.errors import Refused
from lanchat.core.files import File
from lanchat.core.limits import Limits
from lanchat.stores import files as files_store
from lanchat.stores import incoming
from lanchat.stores.faults import JournalError
from lanchat.stores.files import FileStore, Space
from lanchat.stores.incoming import Incoming
from tests.stores.hands import BEGAN, Hand

ROOM = {"nick": "bob", "address": "10.0.0.1", "room": "#dev"}
PLENTY = Space(10**12, 10**11)


class Shelf:
    """A folder with files, whose disk is moved by hand."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.clock = Clock()
        self.clock.rightNow = BEGAN
        self.space = PLENTY
        self.begins()

    def begins(self, **limits: float) -> FileStore:
        """Begin anew, as after a crash."""
        self.hand = Hand()
        given: Any = limits
        self.store = FileStore(
            self.directory, self.hand, Limits(**given), self.clock.seconds, space=lambda directory: self.space
        )
        self.store.open()
        return self.store

    def begin(self, name: str = "plan.pdf", size: int | None = None, **who: str) -> Incoming:
        return self.store.begin(name, size, **{**ROOM, **who})  # type: ignore[arg-type]

    def upload(self, content: bytes = b"hello", name: str = "plan.pdf", **who: str) -> File:
        """Upload a file, and see it there."""
        coming = self.begin(name, len(content), **who)
        coming.write(content)
        answers: list[File | Refused] = []
        coming.finish(answers.append)
        self.hand.settle()
        (file,) = answers
        assert isinstance(file, File)
        return file

    def content(self, file: File) -> bytes:
        """Give the bytes of a file."""
        with self.store.read(file) as content:
            return content.read()

    def names(self) -> list[str]:
        return sorted(path.name for path in self.directory.iterdir())


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """An empty folder."""
    return Shelf(tmp_path / "data" / "files")


def refused(call: Callable[[], object]) -> tuple[str, str]:
    """Give why something is refused."""
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.code, caught.value.text


def test_a_file_is_there_when_it_is_whole(shelf: Shelf) -> None:
    """What was written is what is found, with what is known of it, also after a restart."""
    coming = shelf.begin("../plan.pdf", 11)
    coming.write(b"hello ")
    coming.write(b"world")
    assert not [*shelf.store.listed()]
    answers: list[Any] = []
    coming.finish(answers.append)
    shelf.hand.settle()
    (file,) = answers
    assert (file.name, file.size, file.kind) == ("plan.pdf", 11, "text/plain; charset=utf-8")
    assert (file.time, file.until) == ("2026-11-21T21:00:00.000Z", "2026-11-28T21:00:00.000Z")
    assert shelf.store.find(file.id) == file
    assert shelf.content(file) == b"hello world"
    store = shelf.begins()
    assert [*store.listed()] == [file]
    assert store.find("nothing") is None


def test_files_are_for_their_owner_alone(shelf: Shelf) -> None:
    """Others on this machine cannot read them."""
    file = shelf.upload()
    content = shelf.directory / file.id / "content"
    assert [oct(path.stat().st_mode & 0o777) for path in (shelf.directory, content.parent, content)] == [
        "0o700",
        "0o700",
        "0o600",
    ]


def test_an_empty_file_is_a_file(shelf: Shelf) -> None:
    """Nothing has to be written for a file to be there."""
    assert shelf.content(shelf.upload(b"")) == b""


def test_what_a_crash_left_half_is_removed(shelf: Shelf) -> None:
    """A server that was killed leaves no half file, whenever it was."""
    coming = shelf.begin(size=100)
    coming.write(b"half")
    shelf.hand.settle()
    assert shelf.names() == [f"{coming.file.id}.part"]
    assert not [*shelf.begins().listed()]
    assert shelf.names() == []


def test_what_is_no_file_of_ours_is_left_alone(shelf: Shelf) -> None:
    """Something that somebody else put there is neither shown nor touched."""
    file = shelf.upload()
    (shelf.directory / "notes").mkdir()
    (shelf.directory / "broken").mkdir()
    (shelf.directory / "broken" / "about.json").write_text("{}")
    assert [*shelf.begins().listed()] == [file]
    assert shelf.names() == sorted([file.id, "broken", "notes"])


def test_a_folder_that_cannot_be_had_ends_the_start(tmp_path: Path) -> None:
    """It is said in one line."""
    (tmp_path / "files").write_text("")
    with pytest.raises(JournalError, match=r"File exists: .*/files\. See to it that files can be kept there\."):
        Shelf(tmp_path / "files")


def test_a_cancelled_upload_leaves_nothing(shelf: Shelf) -> None:
    """Neither a file nor a place that is taken, though it be cancelled twice."""
    coming = shelf.begin(size=100)
    coming.write(b"half")
    coming.cancel()
    coming.cancel()
    coming.write(b"late")
    coming.finish(lambda _: pytest.fail("it was cancelled"))
    shelf.hand.settle()
    assert shelf.names() == []
    assert not shelf.store._coming


def test_who_has_sent_everything_cannot_cancel(shelf: Shelf) -> None:
    """What is whole is kept, though the sender be gone before it is on the disk."""
    coming = shelf.begin(size=4)
    coming.write(b"work")
    answers: list[Any] = []
    coming.finish(answers.append)
    coming.cancel()
    shelf.hand.settle()
    assert isinstance(answers[0], File)


def test_a_slow_disk_holds_the_sender_up(shelf: Shelf) -> None:
    """Half a megabyte waits at most, and the sender goes on when there is room again."""
    coming = shelf.begin(size=None)
    woken: list[int] = []
    coming.wake = lambda: woken.append(coming._size)
    coming.write(b"x")  # on its way to the disk
    while not coming.full:
        coming.write(bytes(1 << 16))
    assert coming._size == 1 << 19
    assert not woken
    shelf.hand.work()
    shelf.hand.answer()
    assert woken == [0]
    assert not coming.full
    shelf.hand.settle()
    assert len(woken) == 1


def test_the_disk_begins_before_the_end(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or all of a large file would wait for its last byte; where the system knows no such thing, it does."""
    monkeypatch.setattr(incoming, "_AHEAD", 4)
    asked: list[int] = []
    monkeypatch.setattr(os, "posix_fadvise", lambda *_: asked.append(1))
    shelf.upload(b"hello")
    assert asked == [1]
    monkeypatch.delattr(os, "posix_fadvise")
    assert shelf.content(shelf.upload(b"hello")) == b"hello"


def test_too_large_a_file_is_refused_before_it_comes(shelf: Shelf) -> None:
    """By its length, with the limit in words."""
    shelf.begins(upload=1000)
    assert refused(lambda: shelf.begin("big.iso", 1001)) == (
        "too-large",
        "big.iso is too large: a file has at most 1.0 kB here.",
    )
    shelf.begin("fits", 1000)


def test_too_large_a_file_is_refused_while_it_comes(shelf: Shelf) -> None:
    """Where nobody knew its length, as soon as it is too much, and nothing of it stays."""
    shelf.begins(upload=1000)
    coming = shelf.begin("stream", None)
    coming.write(bytes(1000))
    assert refused(lambda: coming.write(b"x"))[0] == "too-large"
    shelf.hand.settle()
    assert shelf.names() == []


def test_nobody_has_more_than_their_share(shelf: Shelf) -> None:
    """What an address has, and what is on its way from it, counts together; others have their own."""
    shelf.begins(upload=0, upload_member=1000)
    first = shelf.upload(bytes(600))
    second = shelf.begin(size=300)
    assert refused(lambda: shelf.begin(size=101)) == (
        "too-large",
        "Your files have at most 1.0 kB together. /unshare those that nobody needs.",
    )
    shelf.begin(size=1000, address="10.0.0.2")
    second.cancel()
    shelf.begin(size=400).cancel()
    shelf.store.remove(first.id)
    shelf.begin(size=1000)


def test_all_together_have_a_limit(shelf: Shelf) -> None:
    """What everybody has counts together, also after a restart."""
    shelf.upload(bytes(600))
    shelf.begins(upload_total=1000)
    shelf.begin(size=300, address="10.0.0.2")
    assert refused(lambda: shelf.begin(size=101, address="10.0.0.3")) == (
        "disk-full",
        "There is no more space for files. /unshare those that nobody needs.",
    )


def test_limits_can_be_switched_off(shelf: Shelf) -> None:
    """0 is no limit, and files are kept for ever."""
    shelf.begins(upload=0, upload_member=0, upload_total=0, upload_keep=0)
    assert shelf.begin(size=10**10).file.until == ""
    file = shelf.upload()
    shelf.clock.advance(10**9)
    shelf.store.prune()
    assert [*shelf.store.listed()] == [file]


def test_the_disk_is_not_filled_up(shelf: Shelf) -> None:
    """Some is left free, and what is on its way is as good as written."""
    shelf.space = Space(10**12, 300_000_000)
    shelf.begins()
    shelf.begin(size=60_000_000)
    assert refused(lambda: shelf.begin(size=60_000_000))[1] == (
        "The disk of the server is full. Whoever runs it has to make space."
    )
    shelf.space = Space(2 * 10**9, 300_000_000)
    shelf.begins().prune()
    shelf.hand.settle()
    shelf.begin(size=100_000_000)  # a small disk keeps a twentieth free
    shelf.space = PLENTY
    shelf.store.prune()
    shelf.hand.fault = OSError(errno.EIO, "the disk gives errors")
    shelf.hand.settle()  # who cannot look goes by what was seen last
    assert refused(lambda: shelf.begin(size=101_000_000))[0] == "disk-full"


def test_few_uploads_are_under_way_at_once(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one address, and in all."""
    monkeypatch.setattr(files_store, "AT_ONCE", 5)
    first, *_ = [shelf.begin() for _ in range(4)]
    assert refused(lambda: shelf.begin()) == (
        "too-many-uploads",
        "Too many files are on their way already. Try again when one is there.",
    )
    shelf.begin(address="10.0.0.2")
    assert refused(lambda: shelf.begin(address="10.0.0.3"))[0] == "too-many-uploads"
    first.cancel()
    shelf.begin()


def test_few_files_are_kept(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty ones cost a place, too."""
    monkeypatch.setattr(files_store, "MOST_EACH", 1)
    monkeypatch.setattr(files_store, "MOST", 2)
    shelf.upload(b"")
    assert refused(lambda: shelf.begin())[0] == "too-many-files"
    shelf.upload(b"", address="10.0.0.2")
    assert refused(lambda: shelf.begin(address="10.0.0.3"))[0] == "too-many-files"


def test_files_expire(shelf: Shelf) -> None:
    """A file is not found any more when its time is over, and its bytes go soon after that."""
    file = shelf.upload()
    shelf.clock.advance(6 * 86_400)
    younger = shelf.upload()
    shelf.store.prune()
    assert shelf.store.find(file.id) is not None
    shelf.clock.advance(86_400)
    assert shelf.store.find(file.id) is None
    assert [*shelf.store.listed()] == [younger]
    shelf.store.prune()
    shelf.hand.settle()
    assert shelf.names() == [younger.id]


def test_a_removed_file_is_gone_at_once(shelf: Shelf) -> None:
    """Who reads it reads on; when the server is killed on the way, the rest goes at the next start."""
    file = shelf.upload()
    with shelf.store.read(file) as reading:
        shelf.store.remove(file.id)
        assert shelf.store.find(file.id) is None
        shelf.hand.settle()
        assert reading.read() == b"hello"
    assert shelf.names() == []


def test_a_disk_that_fails_ends_the_upload(shelf: Shelf) -> None:
    """The sender is told why, at once or at the end, and the place is free again."""
    coming = shelf.begin(size=None)
    told: list[Refused] = []
    coming.failed = told.append
    coming.write(b"x")
    shelf.hand.fault = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    shelf.hand.work()
    shelf.hand.fault = None
    coming.write(b"y")
    shelf.hand.settle()
    assert [(why.code, why.text) for why in told] == [
        (
            "disk-full",
            "The file cannot be kept (No space left on device). Whoever runs the server has to see to that.",
        )
    ]
    coming = shelf.begin(size=None)
    coming.finish(told.append)  # type: ignore[arg-type]
    shelf.hand.fault = ValueError("odd")
    shelf.hand.work()
    shelf.hand.fault = None
    shelf.hand.settle()
    assert "(odd)" in told[1].text
    assert shelf.names() == []
    assert not shelf.store._coming


def test_what_is_on_its_way_is_cut_off_at_the_end(shelf: Shelf) -> None:
    """A server that stops leaves no half file behind."""
    coming = shelf.begin(size=100)
    coming.write(b"half")
    shelf.store.close()
    shelf.hand.settle()
    assert shelf.names() == []
    assert shelf.hand.stopped


def test_a_real_disk_is_looked_at(tmp_path: Path) -> None:
    """How much is free is asked of the system."""
    store = FileStore(tmp_path, Hand(), Limits(), Clock().seconds)
    store.open()
    assert store._space.total > store._space.free > 0


def test_an_account_has_its_share_wherever_it_is(shelf: Shelf) -> None:
    """Another address is no more space, and who else is at that address has their own; so it is after a restart."""
    shelf.begins(upload_member=1_000)
    shelf.upload(b"x" * 600, account="alice")
    for _ in range(2):
        assert refused(lambda: shelf.begin(size=600, account="Alice", address="10.0.0.2"))[0] == "too-large"
        shelf.begin(size=600, account="bob").cancel()
        shelf.begin(size=600).cancel()
        shelf.begins(upload_member=1_000)
