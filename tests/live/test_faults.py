"""A journal that cannot be written, on real servers: what people see, what the operator reads, and how it heals."""

from __future__ import annotations

import json
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.live.conftest import Dials, Starts
from tests.live.servers import LOOPBACK, WAYS, Server, start_fails
from tests.live.talk import PATIENCE, Wire, until

SHOWN = "-- History has stopped: "
HEALED = "-- History goes on. Nothing that was said meanwhile is lost."


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The folder of the journal."""
    return tmp_path / "kept"


def journal(data: Path) -> Path:
    return data / "journal.sqlite3"


def texts(data: Path) -> list[str]:
    """What was said, as it is on the disk."""
    with closing(sqlite3.connect(f"file:{journal(data)}?mode=ro", uri=True)) as connection:
        connection.execute("begin")
        events = [json.loads(content) for (content,) in connection.execute("select content from event order by id")]
        for (content,) in connection.execute("select content from turn order by last"):
            events += json.loads(content)["events"]
    return [event["text"] for event in events if event["event"] == "said"]


class Talk:
    """alice and bob talk, whatever happens to the disk; carol is a program."""

    def __init__(self, server: Server, dials: Dials) -> None:
        self.alice: Wire = dials(server.address)
        self.alice.joins("alice")
        self.bob: Wire = dials(server.address)
        self.bob.joins("bob")
        self.carol: Wire = dials(server.address)
        self.carol.says('{"op":"hello","nick":"carol"}')
        self.carol.hears('"entered"')
        self.said: list[str] = []

    def says(self, text: str) -> None:
        self.said.append(text)
        self.alice.says(text)

    def hears(self, text: str) -> None:
        """Read it, on either side."""
        self.bob.hears(text)
        self.carol.hears(text)

    def stops(self, why: str) -> None:
        """Everybody is told why history has stopped; who comes in now is told as well."""
        for who in (self.alice, self.bob):
            sees(who, f"{SHOWN}{why}")
        sees(self.carol, f"History has stopped: {why}")

    def goes_on(self) -> None:
        """Everybody is told that history goes on, and nothing is lost."""
        for who in (self.alice, self.bob):
            sees(who, HEALED, within=45)
        sees(self.carol, HEALED.removeprefix("-- "))


def sees(who: Wire, text: str, within: float = PATIENCE) -> None:
    """What is told about history may come before or after what people say."""
    if text not in who.read:
        who.hears(text, within)


def starts_on(starts: Starts, data: Path, *options: str, **how: object) -> Server:
    server = starts("--port", LOOPBACK, "--rate", "0", "--data", str(data), *options, **how)
    server.in_trouble = True  # the log may say where an error came from
    return server


def test_full_disk(starts: Starts, dials: Dials, data: Path, disk: Path, tmp_path: Path) -> None:
    """The chat goes on, everybody is told, and what was said meanwhile is kept as soon as there is room."""
    marker = tmp_path / "the disk is full"
    server = starts_on(starts, data, environment={"LD_PRELOAD": str(disk), "DISK_FULL_WHILE": str(marker)})
    talk = Talk(server, dials)
    talk.says("before")
    talk.hears("before")
    marker.touch()
    talk.says("meanwhile")
    talk.hears("meanwhile")
    talk.stops("the disk is full")
    talk.says("and more")
    talk.hears("and more")
    assert texts(data) == ["before"]
    server.logs("the disk is full")
    marker.unlink()
    talk.goes_on()
    talk.says("after")
    talk.hears("after")
    assert texts(data) == talk.said


def test_who_comes_in_while_history_has_stopped_is_told(
    starts: Starts, dials: Dials, data: Path, disk: Path, tmp_path: Path
) -> None:
    """It concerns them too."""
    marker = tmp_path / "the disk is full"
    server = starts_on(starts, data, environment={"LD_PRELOAD": str(disk), "DISK_FULL_WHILE": str(marker)})
    talk = Talk(server, dials)
    marker.touch()
    talk.says("meanwhile")
    talk.stops("the disk is full")
    dave = dials(server.address)
    dave.joins("dave")
    sees(dave, f"{SHOWN}the disk is full")


def test_files_may_not_grow(starts: Starts, dials: Dials, data: Path) -> None:
    """What the system refuses otherwise (here: a limit on the size of files) is no different."""
    server = starts_on(starts, data)
    talk = Talk(server, dials)
    talk.says("before")
    talk.hears("before")
    before = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (65_536, before[1]))
    for number in range(5):
        text = f"long {number} {'x' * 3000} end {number}"
        talk.says(text)
        talk.hears(f"end {number}")
    talk.stops("the disk gives errors")
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, before)
    talk.goes_on()
    assert texts(data) == talk.said


@contextmanager
def locked(data: Path) -> Iterator[None]:
    """Somebody looks into the file with another program, and leaves a transaction open."""
    with closing(sqlite3.connect(journal(data), isolation_level=None)) as connection:
        connection.execute("begin immediate")
        yield
        connection.execute("rollback")


def test_locked_file(starts: Starts, dials: Dials, data: Path) -> None:
    """After two seconds the chat goes on without the file; when it is free again nothing is lost."""
    server = starts_on(starts, data)
    talk = Talk(server, dials)
    talk.says("before")
    talk.hears("before")
    with locked(data):
        talk.says("meanwhile")
        talk.hears("meanwhile")
        talk.stops("another program has locked its file")
    talk.goes_on()
    assert texts(data) == talk.said


def test_file_that_is_locked_for_a_moment(starts: Starts, dials: Dials, data: Path) -> None:
    """Nobody is told anything: the message waits for the file."""
    server = starts_on(starts, data)
    talk = Talk(server, dials)
    with locked(data):
        talk.says("in a moment")
    talk.hears("in a moment")
    assert "History" not in talk.bob.read
    assert texts(data) == talk.said


def test_server_stops_although_the_disk_is_full(
    starts: Starts, dials: Dials, data: Path, disk: Path, tmp_path: Path
) -> None:
    """It ends as it always does, and what was kept before is there when it starts again."""
    marker = tmp_path / "the disk is full"
    server = starts_on(starts, data, environment={"LD_PRELOAD": str(disk), "DISK_FULL_WHILE": str(marker)})
    talk = Talk(server, dials)
    talk.says("before")
    talk.hears("before")
    marker.touch()
    talk.says("lost")
    talk.stops("the disk is full")
    server.process.terminate()
    assert server.ends(within=10) == 0
    again = starts_on(starts, data)
    newcomer = dials(again.address)
    newcomer.says("dora")
    newcomer.hears("before")
    assert texts(data) == ["before"]


# -- at the start --------------------------------------------------------------------------------------------


@pytest.fixture
def used(starts: Starts, dials: Dials, data: Path) -> Path:
    """A folder with a journal in which something was said, and whose server has ended."""
    server = starts_on(starts, data)
    talk = Talk(server, dials)
    talk.says("before")
    talk.hears("before")
    server.process.terminate()
    assert server.ends() == 0
    return data


def fails(tmp_path: Path, data: Path, way: str) -> str:
    """What a person reads when the server does not start: one line; a daemon's start names the log file for more."""
    directory = tmp_path / "fails"
    told = start_fails(directory, way, "--port", LOOPBACK, "--data", str(data))
    assert "Traceback" not in told
    if way == "twistd":
        assert "--data: " in told
        log = directory / "lanchat.log"
        until(lambda: "RuntimeError: --data: " in log.read_text(), "the log of the process that has ended")
        return log.read_text()
    lines = [line for line in told.splitlines() if line.startswith("lanchat: ")]
    assert len(lines) == 1, told
    return lines[0]


@pytest.mark.parametrize("way", WAYS)
def test_file_of_a_newer_version(used: Path, tmp_path: Path, way: str) -> None:
    """It is not touched, and whoever starts the server reads what to do."""
    with closing(sqlite3.connect(journal(used))) as connection:
        connection.execute("pragma user_version = 999")
    before = journal(used).read_bytes()
    assert "newer" in fails(tmp_path, used, way)
    assert journal(used).read_bytes() == before


@pytest.mark.parametrize("way", WAYS)
def test_damaged_file(used: Path, tmp_path: Path, way: str) -> None:
    """A file that is damaged at its beginning is none of ours: it stays as it is."""
    content = b"x" * 4096 + journal(used).read_bytes()[4096:]
    journal(used).write_bytes(content)
    assert "damaged" in fails(tmp_path, used, way)
    assert journal(used).read_bytes() == content


@pytest.mark.parametrize("way", WAYS)
def test_folder_that_cannot_be_made(tmp_path: Path, way: str) -> None:
    """The line names the folder."""
    (tmp_path / "file").write_text("a file")
    assert str(tmp_path / "file") in fails(tmp_path, tmp_path / "file" / "kept", way)


@pytest.mark.parametrize("way", WAYS)
def test_two_servers_on_one_folder(starts: Starts, data: Path, tmp_path: Path, way: str) -> None:
    """The second one does not start; the first does not notice."""
    first = starts_on(starts, data)
    assert "in use by another lanchat" in fails(tmp_path, data, way)
    assert first.alive


def test_folder_is_the_owners_alone(used: Path) -> None:
    """What people said is not for everybody on the machine."""
    assert used.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o077 for path in used.iterdir()} == {0}
