"""What was said at one door and deleted at another is nowhere: whoever looks, wherever, then and after a restart."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lanchat.core.limits import Limits
from lanchat.stores.files import FileStore
from tests.doors.web.test_files import PLENTY, Answer, request
from tests.irc_talker import IrcTalker, SecureIrcTalker
from tests.logins import account, logins
from tests.network import EASY
from tests.restarts import Kept, Prompt
from tests.talkers import JsonTalker, SecureTextTalker, Talker, TextTalker
from tests.web_talker import WebTalker

WORD = "zebrafish"
TEXT = f"erin: look, a {WORD} swims"
TOLD = re.compile(r"^-- \w+ took a message (of \w+ )?away")
LOOKS = (
    "/history",
    "/history #dev 100",
    "/history #dev 1h",
    "/history #lobby 1h",
    f"/search {WORD}",
    f"/search {WORD} from:bob",
    "/search swims",
    "/mentions",
    "/missed",
    "/files #dev",
    "/audit #dev",
    "/topic",
    *[f"/history {nick}" for nick in ("alice", "bob", "erin", "dave")],
)
"""What anybody may type who looks for something."""
CHATHISTORY = (
    *[f"LATEST {target} * 100" for target in ("#dev", "#lobby", "bob", "erin", "dave")],
    "AFTER #dev msgid=1 100",
    "BETWEEN #dev timestamp=2020-01-01T00:00:00.000Z timestamp=2030-01-01T00:00:00.000Z 100",
    "TARGETS timestamp=2020-01-01T00:00:00.000Z timestamp=2030-01-01T00:00:00.000Z 100",
)
ACCOUNTS = ("alice", "bob", "erin", "dave", "root")


class OldIrcTalker(IrcTalker):
    """A person whose IRC client knows nothing of taking messages away."""

    def name(self, nick: str) -> bytes:
        return super().name(nick).replace(b" draft/message-redaction", b"")


class WordyIrcTalker(IrcTalker):
    """A person who types the word of the other doors at an IRC client."""

    def typed(self, text: str) -> bytes:
        if text.startswith("/delete"):
            return f"{text[1:]}\r\n".encode()
        return super().typed(text)


WITNESSES = (TextTalker, JsonTalker, WebTalker, IrcTalker, OldIrcTalker, SecureIrcTalker)
DELETERS = (TextTalker, JsonTalker, WebTalker, IrcTalker, WordyIrcTalker, SecureTextTalker)


class Shelves(Kept):
    """A server on a folder that keeps files, too."""

    def __init__(self, folder: Path, limits: Limits = EASY, **options: object) -> None:
        super().__init__(folder, limits, **options)  # type: ignore[arg-type]
        self.hub.logins = logins(self.hub, plain=True)
        space = lambda directory: PLENTY  # noqa: E731
        self.store = FileStore(folder / "files", Prompt(self.reactor), limits, self.reactor.seconds, space=space)
        self.store.open()
        self.hub.files = self.store
        self.hub.url = "http://room-1:5555/"

    def asks(self, head: str, body: bytes = b"", **fields: str) -> Answer:
        """Ask for something over HTTP."""
        wire = self.connect()
        wire.sends(request(head, **fields) + body)
        return Answer(wire.receives())

    def stops(self) -> None:
        self.store.close()
        super().stops()


class Chat:
    """A room of alice's, with bob and erin in it, and one at each door who looks on; dave is not here any more."""

    def __init__(self, folder: Path, door: type[Talker]) -> None:
        self.folder, self.door = folder, door
        self.server = Shelves(folder)
        for nick in ACCOUNTS:
            account(self.server.hub, nick, admin=nick == "root")
        self.numbers: dict[str, int] = {}
        self.come()

    def come(self) -> None:
        """Let everybody come in."""
        self.alice, self.bob, self.erin = [self.enters(self.door, nick) for nick in ("alice", "bob", "erin")]
        self.witnesses = [self.enters(way, f"witness{number}") for number, way in enumerate(WITNESSES)]
        dave = self.enters(JsonTalker, "dave")
        self.numbers["dave"] = self.server.journal.last
        dave.wire.drops()
        self.read()

    @property
    def here(self) -> list[Talker]:
        return [self.alice, self.bob, self.erin, *self.witnesses]

    def enters(self, way: type[Talker], nick: str, room: str = "#dev") -> Talker:
        """Let somebody in, with an account if there is one."""
        person = way(self.server, nick)
        if self.server.hub.accounts.find(nick) is None:
            person.enters()
        else:
            person.logs_in()
        if room:
            person.says(f"/join {room}")
        return person

    def read(self) -> None:
        for person in self.here:
            person.hears()

    def restarts(self) -> None:
        """Stop the server and start another one on what it has kept."""
        self.server.stops()
        self.server = Shelves(self.folder, reactor=self.server.reactor)

    # -- what is said ----------------------------------------------------------------------------------------

    def say(self, kind: str) -> int:
        """Let bob say something, and give its number."""
        match kind:
            case "file":
                self.bob.says("/send #dev")
                path = re.search(r"/files/[^/ ]+/", "\n".join(self.bob.hears()))
                assert path is not None
                size = {"Content_Length": str(len(TEXT))}
                answer = self.server.asks(f"PUT {path[0]}{WORD}.txt", TEXT.encode(), **size)
                assert answer.status == 201
                self.link = answer.path
                assert self.server.asks(f"GET {self.link}").status == 200
            case "acted":
                self.bob.says(f"/me {TEXT}")
            case "private":
                self.bob.says(f"/msg erin {TEXT}")
            case "waiting":
                self.bob.says(f"/msg dave {TEXT}")
            case _:
                self.bob.says(TEXT)
        return self.server.journal.last

    # -- who looks for it --------------------------------------------------------------------------------------

    def looked(self) -> Iterator[tuple[str, bytes]]:
        """Give all that anybody can get to see, and how."""
        server = self.server
        for nick in ACCOUNTS:
            for way in (TextTalker, JsonTalker, IrcTalker):
                person = self.enters(way, nick)
                yield f"{nick} coming in at the {way.door} door", person.wire.receives()
                for line in LOOKS:
                    person.wire.sends(person.typed(line))
                    yield f"{nick} typing {line} at the {way.door} door", person.wire.receives()
                if way is IrcTalker:
                    for line in CHATHISTORY:
                        person.wire.sends(f"CHATHISTORY {line}\r\n".encode())
                        yield f"CHATHISTORY {line} by {nick}", person.wire.receives()
                person.wire.drops()
        for since in (0, self.numbers["dave"]):
            wire = server.connect()
            hello = {"op": "hello", "nick": "dave", "password": "correct horse", "rooms": ["#dev"], "since": since}
            wire.sends(json.dumps(hello).encode() + b"\n")
            yield f"dave resuming since {since}", wire.receives()
            wire.drops()
        for form in ("text", "json"):
            yield f"export as {form}", server.exported(form).encode()

    def seen(self) -> list[str]:
        """Say by which ways the word can be seen."""
        return [how for how, what in self.looked() if WORD.encode() in what]


@pytest.fixture(params=DELETERS, ids=lambda way: way.__name__)
def chat(request: pytest.FixtureRequest, tmp_path: Path) -> Chat:
    return Chat(tmp_path / "data", request.param)


def nowhere(chat: Chat) -> None:
    """Look everywhere, then and after a restart."""
    chat.server.passes(5)
    for again in (False, True):
        if again:
            chat.restarts()
        assert chat.seen() == []
        assert chat.server.traces(WORD) == {}
        assert [path.name for path in chat.folder.rglob("*") if WORD in path.name] == []


def told_once(chat: Chat, people: list[Talker]) -> None:
    """See that each of those who are there was told that something was taken away, once, and not what."""
    for person in people:
        heard = person.hears()
        assert len([line for line in heard if TOLD.match(line)]) == 1, (person.door, heard)
        assert not any(WORD in line for line in heard)
    for person in chat.here:
        assert not any(TOLD.match(line) for line in person.hears())


def test_these_looks_would_find_it(tmp_path: Path) -> None:
    """What is there is found by all these ways, or the other tests would show nothing."""
    chat = Chat(tmp_path / "data", TextTalker)
    chat.say("said")
    chat.say("private")
    chat.say("waiting")
    chat.server.passes(5)
    seen = chat.seen()
    for nick, way, look in [
        ("erin", "json", "/history"),
        ("erin", "text", "/history bob"),
        ("bob", "irc", "/history dave"),
        ("alice", "text", f"/search {WORD}"),
        ("alice", "irc", "/history #dev 100"),
        ("erin", "text", "/mentions"),
        ("dave", "text", "/missed"),
    ]:
        assert f"{nick} typing {look} at the {way} door" in seen
    assert {"CHATHISTORY LATEST #dev * 100 by root", "CHATHISTORY LATEST bob * 100 by erin"} <= set(seen)
    assert {"alice coming in at the text door", "export as text", "export as json"} <= set(seen)
    assert {f"dave resuming since {since}" for since in (0, chat.numbers["dave"])} <= set(seen)
    assert chat.server.traces(WORD)


@pytest.mark.parametrize("kind", ["said", "acted", "file"])
def test_what_its_author_deletes(chat: Chat, kind: str) -> None:
    """Whatever it was, whoever was there is told once, and nobody finds it."""
    chat.say(kind)
    chat.alice.says("something else")
    chat.read()
    chat.bob.says("/delete")
    chat.server.passes(2)
    told_once(chat, chat.here)
    if kind == "file":
        assert chat.server.asks(f"GET {chat.link}").status == 404
    nowhere(chat)


@pytest.mark.parametrize("by", ["an op, by the number", "an op, by the nick", "an admin who is elsewhere"])
def test_what_others_delete(chat: Chat, by: str) -> None:
    """An op of the room, and an admin from outside."""
    number = chat.say("said")
    deleter = chat.alice
    if "admin" in by:
        deleter = chat.enters(chat.door, "root", "")
        deleter.hears()
    chat.read()
    if "nick" in by:
        deleter.says("/delete bob adverts")
    elif isinstance(deleter, IrcTalker):
        deleter.wire.sends(deleter.typed(f"/delete #dev {number} adverts"))
    else:
        deleter.says(f"/delete {number} adverts")
    chat.server.passes(2)
    told_once(chat, chat.here)
    nowhere(chat)


@pytest.mark.parametrize("kind", ["private", "waiting"])
def test_what_was_told_in_private(chat: Chat, kind: str) -> None:
    """To who is here, and to who is not and never gets it then; the others hear nothing at all."""
    number = chat.say(kind)
    chat.read()
    to = "erin" if kind == "private" else "dave"
    redact = isinstance(chat.bob, IrcTalker) and not isinstance(chat.bob, WordyIrcTalker)
    if redact:
        chat.bob.wire.sends(f"REDACT {to} {number}\r\n".encode())
    else:
        chat.bob.says(f"/delete {number}")
    chat.server.passes(2)
    told_once(chat, [chat.bob, chat.erin] if kind == "private" else [chat.bob])
    nowhere(chat)


def test_what_was_said_before_a_restart(chat: Chat) -> None:
    """An author is known again by the account, and a file that was sent then goes as well."""
    number = chat.say("file")
    chat.server.passes(2)
    chat.restarts()
    chat.come()
    line = f"/delete {number}"
    chat.bob.says(line)
    chat.server.passes(2)
    told_once(chat, chat.here)
    assert chat.server.asks(f"GET {chat.link}").status == 404
    nowhere(chat)


def test_who_has_not_read_it_never_does(tmp_path: Path) -> None:
    """A device that has fallen behind before is caught up without it."""
    chat = Chat(tmp_path / "data", TextTalker)
    stuck = chat.witnesses[1]
    stuck.wire.stalls()
    for _ in range(400):
        chat.alice.says("x" * 4_000)
    assert stuck.session.behind is not None
    chat.say("said")
    chat.bob.says("/delete")
    chat.server.passes(2)
    stuck.wire.reads()
    chat.server.passes(2)
    heard = stuck.hears()
    assert len(heard) > 400
    assert not any(WORD in line for line in heard)
    assert sum([bool(TOLD.match(line)) for line in heard]) == 1
