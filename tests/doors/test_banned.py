"""Whatever they try, through any door: who is banned hears nothing of a room, and who is muted is not heard in it.

What is done in the room, or tried by who is muted, bears a mark that nothing else does: its bytes must not reach the
other side.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.core.limits import Limits
from lanchat.stores.files import FileStore
from tests.doors.web.test_files import PLENTY, Answer, request
from tests.irc_talker import IrcTalker, SecureIrcTalker
from tests.logins import account, logins
from tests.network import EASY, Line, Network
from tests.restarts import Prompt
from tests.talkers import JsonTalker, SecureJsonTalker, SecureTextTalker, Talker, TextTalker
from tests.web_talker import SecureWebTalker, WebTalker, frame

MARK = "quokka"
ELSEWHERE = "192.168.7.66"
WAYS = (
    TextTalker,
    JsonTalker,
    WebTalker,
    IrcTalker,
    SecureTextTalker,
    SecureJsonTalker,
    SecureWebTalker,
    SecureIrcTalker,
)
DOORS = st.sampled_from(WAYS)
MEANT = ("@mallory", ELSEWHERE, "192.168.7.64/28", "mallory", f"address:{ELSEWHERE}")
"""Whom an op names who means mallory, a guest at a machine of their own."""
FROM_SOMEBODY = re.compile(rb"^(@\S+ )?:[^ ]+![^ ]+ [A-Z]+ [^:]*#dev", re.MULTILINE)
"""What an IRC client is told of what somebody does in the room."""
ABOUT = {"joined", "parted", "topic", "kicked", "changed", "deleted", "said", "acted", "shared", "confided", "tagged"}
ABOUT |= {"signalled", "backlog", "history", "files", "audit", "entered", "names"}
"""What a JSON client is told of a room."""
DONE = re.compile(r"^(?!-- (You|Only|There|That|Nobody|What|Type|/\w+) ).*#dev", re.MULTILINE)
"""What a person with nc is told of it."""


class Device:
    """One connection of somebody, and all that it was ever told."""

    def __init__(self, talker: Talker) -> None:
        self.talker = talker
        self.told = b""

    @property
    def is_irc(self) -> bool:
        return isinstance(self.talker, IrcTalker)

    @property
    def over(self) -> bool:
        return bool(self.talker.wire.gone)

    def sends(self, data: bytes) -> None:
        """Send something, unless the server has ended the connection."""
        if not self.over:
            self.talker.wire.sends(data)
        self.listens()

    def types(self, line: str) -> None:
        """Type a line, as a client does that knows nothing of where it is."""
        if self.is_irc and line.startswith("/"):
            name, _, rest = line[1:].partition(" ")
            self.sends(f"{name} {rest}\r\n".encode())
        elif self.is_irc:
            self.sends(f"PRIVMSG #dev :{line}\r\n".encode())
        else:
            self.sends(self.talker.typed(line))

    @property
    def is_inside(self) -> bool:
        """Whether the person is in the room, by the server's own book."""
        door = self.talker.wire.server._line_door()
        return (
            door is not None and door.session.present and "#dev" in [each.name for each in door.session.member.rooms]
        )

    def listens(self) -> None:
        """Take what has come."""
        self.told += self.talker.wire.receives()


class Chat:
    """A room of alice's, whom bob and carol are with, who are nowhere else; and mallory, at another machine."""

    def __init__(self, directory: str, *, hidden: bool = False, registered: bool = False) -> None:
        self.network = Network(Limits(rate=0, per_address=0, sendq=1_500))  # who does not read soon falls behind
        self.hub = self.network.hub
        self.hub.logins = logins(self.hub, plain=True)
        self.hub.files = self.store_in(Path(directory))
        self.hub.url = "http://room-1:5555/"
        for nick in ("alice", "mallory", "spare") if registered else ("alice", "spare"):
            account(self.hub, nick)
        self.alice, self.bob, self.carol = inside = [
            self.comes(way, nick) for way, nick in ((JsonTalker, "alice"), (TextTalker, "bob"), (IrcTalker, "carol"))
        ]
        for one in inside:
            one.types("/join #dev")
            one.types("/part #lobby")
        if hidden:
            self.alice.types("/lock hidden")
        self.names = 0
        self.devices: list[Device] = []

    def store_in(self, directory: Path) -> FileStore:
        """Keep files there."""
        hand, space = Prompt(self.network.reactor), lambda _: PLENTY
        store = FileStore(directory, hand, EASY, self.network.reactor.seconds, space=space)
        store.open()
        return store

    @property
    def inside(self) -> Sequence[Device]:
        return self.alice, self.bob, self.carol

    def comes(self, way: type[Talker], nick: str, host: str = "192.168.7.2") -> Device:
        """Let somebody in, with an account if there is one."""
        device = Device(way(self.network, nick, host))
        if self.hub.accounts.find(nick) is None:
            device.talker.enters()
        else:
            device.talker.logs_in()
        return device

    def mallory(self, way: type[Talker], *, anew: bool = False) -> Device:
        """Let mallory in with one more device; a guest whose nick is taken, or who wants another one, has it."""
        nick, registered = "mallory", self.hub.accounts.find("mallory") is not None
        if not registered and (anew or nick in self.hub.people.members):
            self.names += 1
            nick = f"molly{self.names}"
        device = self.comes(way, nick, ELSEWHERE)
        self.devices.append(device)
        return device

    def resumes(self, since: int) -> None:
        """Let mallory come back with a program that was there before."""
        device = self.mallory(JsonTalker)
        device.sends(b'{"op":"quit"}\n')
        wire = self.network.connect(ELSEWHERE)
        hello: dict[str, Any] = {"op": "hello", "nick": device.talker.nick, "rooms": ["#dev"], "since": since}
        wire.sends(json.dumps({**hello, "password": "correct horse"}).encode() + b"\n")
        wire.sends(json.dumps(hello).encode() + b"\n")
        device.talker.wire = wire
        device.listens()

    def permit(self, device: Device) -> str:
        """Let somebody ask where a file for the room goes; empty where they may not send one."""
        before = len(device.told)
        device.types("/send #dev")
        found = re.search(r"/files/[^/ \"]+/", device.told[before:].decode())
        return found[0] if found else ""

    def uploads(self, path: str) -> int:
        """Send a file whose name and content bear the mark, and give the status of the answer."""
        wire = self.network.connect()
        wire.sends(request(f"PUT {path}{MARK}.txt", Content_Length=str(len(MARK))) + MARK.encode())
        return Answer(wire.receives()).status

    def listen(self) -> None:
        for device in (*self.devices, *self.inside):
            device.listens()


def heard_of_the_room(device: Device) -> list[str]:
    """Give what somebody was told of what happens in ``#dev``."""
    if device.is_irc:
        return [found[0].decode() for found in FROM_SOMEBODY.finditer(device.told)]
    if isinstance(device.talker, JsonTalker):
        objects = [json.loads(line) for line in device.told.splitlines()]
        return [str(each) for each in objects if each["event"] in ABOUT and each.get("room") == "#dev"]
    return [found[0] for found in DONE.finditer(device.told.decode())]


# -- banned ----------------------------------------------------------------------------------------------------------

IN_THE_ROOM = (
    ("alice", f"{MARK} says alice"),
    ("bob", f"/me {MARK} does bob"),
    ("alice", f"/topic #dev {MARK}"),
    ("alice", f"/announce #dev {MARK}"),
    ("alice", f"/ban nobody!*@* {MARK}"),
    ("alice", "/voice bob"),
    ("alice", "/devoice bob"),
    ("alice", f"/lock key {MARK}"),
    ("alice", "/unlock key"),
    ("alice", "/slow 1"),
    ("alice", "/slow off"),
    ("bob", f"/away {MARK}"),
    ("bob", "/back"),
    ("bob", f"/nick {MARK}"),
    ("bob", "/nick bob"),
    ("carol", f"/setname :{MARK}"),
    ("carol", f"/privmsg @#dev :{MARK} for ops"),
    ("carol", f"/notice #dev :{MARK}"),
    ("carol", f"/privmsg #dev :\x01PING {MARK}\x01"),
    ("carol", f"/@+draft/react={MARK} TAGMSG #dev"),
    ("alice", "a file"),
    ("alice", f"{MARK} " * 300),
    ("alice", f"/delete #dev bob {MARK}"),
    ("bob", "/invite mallory #dev"),
    ("alice", "/invite mallory #dev"),
    ("alice", "/invite molly1 #dev"),
    ("carol", f"/part #dev :{MARK}"),
    ("carol", "/join #dev"),
)
TYPED = (
    "/join #dev",
    f"/join #dev {MARK}x",
    "hello?",
    "/history",
    "/history #dev",
    "/history #dev 1h",
    f"/search {MARK[:4]}*",
    "/search says in:#dev",
    "/mentions",
    "/missed",
    "/files #dev",
    "/send #dev",
    "/bans #dev",
    "/audit #dev",
    "/topic #dev",
    "/say #dev may I?",
    "/delete #dev 7",
    "/kick #dev alice",
    "/unban #dev mallory",
    "/part #dev",
    "/help",
    "/nick mallard",
    "/away",
    "/back",
    "/login spare correct horse",
    "/logout",
    "/quit",
)
RAW = (
    "CHATHISTORY LATEST #dev * 50",
    "CHATHISTORY AFTER #dev msgid=1 50",
    "CHATHISTORY TARGETS timestamp=2020-01-01T00:00:00.000Z timestamp=2030-01-01T00:00:00.000Z 50",
    "MARKREAD #dev",
    "CAP REQ :draft/chathistory draft/event-playback echo-message invite-notify labeled-response",
    "PRIVMSG @#dev :may I?",
    "INVITE",
    "INVITE mallory #dev",
)
OUTSIDE = ("/rooms", "/names #dev", "/whois alice", "/whois bob", "/modes #dev")
"""What tells everybody how things stand in a room, if it is not hidden."""
STEPS = st.lists(
    st.tuples(st.just("room"), st.sampled_from(IN_THE_ROOM))
    | st.tuples(st.just("type"), st.sampled_from(TYPED + OUTSIDE))
    | st.tuples(st.just("raw"), st.sampled_from(RAW))
    | st.tuples(st.sampled_from(["device", "anew"]), DOORS)
    | st.tuples(st.just("resume"), st.integers(0, 12))
    | st.tuples(st.sampled_from(["drop", "stall", "read"]), st.none()),
    min_size=5,
    max_size=40,
)


def step(chat: Chat, what: str, which: Any, number: int, *, hidden: bool) -> None:
    """Let one thing happen."""
    device = chat.devices[number % len(chat.devices)]
    wire = device.talker.wire
    match what:
        case "room" if which[1] == "a file":
            if path := chat.permit(chat.alice):
                assert chat.uploads(path) == 201
        case "room":
            {"alice": chat.alice, "bob": chat.bob, "carol": chat.carol}[which[0]].types(which[1])
        case "type":
            if hidden or which not in OUTSIDE:
                device.types(which)
        case "raw":
            if device.is_irc:
                device.sends(f"{which}\r\n".encode())
        case "device" | "anew":
            chat.mallory(which, anew=what == "anew").types("/join #dev")
        case "resume":
            chat.resumes(which)
        case "drop" if type(wire) is Line:
            wire.drops()
        case "stall" if type(wire) is Line:
            wire.stalls()
        case "read" if type(wire) is Line:
            wire.reads()
    chat.listen()


@given(
    ways=st.tuples(DOORS, DOORS),
    meant=st.sampled_from(MEANT),
    registered=st.booleans(),
    hidden=st.booleans(),
    steps=STEPS,
)
def test_who_is_banned_hears_nothing(
    ways: Sequence[type[Talker]], meant: str, registered: bool, hidden: bool, steps: list[tuple[str, Any]]
) -> None:
    """Nothing that happens in the room after it, on whatever device, under whatever name."""
    with tempfile.TemporaryDirectory() as directory:
        chat = Chat(directory, hidden=hidden, registered=registered)
        for way in ways:
            chat.mallory(way).types("/join #dev")
        chat.bob.types("before the ban")
        chat.alice.types(f"/ban #dev {meant}")
        chat.listen()
        for device in chat.devices:
            assert heard_of_the_room(device), device.talker.door
            device.told = b""
        for number, (what, which) in enumerate(steps):
            step(chat, what, which, number, hidden=hidden)
        for device in chat.devices:
            device.talker.wire.reads()
        chat.bob.types(f"the last {MARK}")
        chat.listen()
    for device in chat.devices:
        assert MARK.encode() not in device.told, device.talker.door
        if not hidden:
            assert heard_of_the_room(device) == [], device.talker.door


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_who_is_not_banned_hears_of_it(way: type[Talker], tmp_path: Path) -> None:
    """Each of these steps is heard by who is there, or the test before would show nothing."""
    chat = Chat(str(tmp_path))
    device = chat.mallory(way)
    device.types("/join #dev")
    for other in chat.inside:
        other.told = b""
    silent = {
        "/slow 1",
        "/slow off",
        "/back",
        "/nick bob",
        "/invite mallory #dev",
        "/invite molly1 #dev",
        "/join #dev",
    }
    silent |= {line for who, line in IN_THE_ROOM if who == "carol" and line.startswith(("/setname", "/@", "/privmsg"))}
    for which in IN_THE_ROOM:
        chat.listen()
        device.told = b""
        step(chat, "room", which, 0, hidden=False)
        if which[1] not in silent:
            assert MARK.encode() in device.told or heard_of_the_room(device), which


# -- muted -----------------------------------------------------------------------------------------------------------

WORDS = (
    MARK,
    f"/say #dev {MARK}",
    f"/me {MARK}",
    f"/me #dev {MARK}",
    f"/announce {MARK}",
    f"/announce #dev {MARK}",
    f"/topic {MARK}",
    f"/topic #dev {MARK}",
    f"/part #dev {MARK}",
    f"/part {MARK}",
    f"/quit {MARK}",
    f"/away {MARK}",
    f"/afk {MARK}",
    "/back",
    "/join #dev",
    f"/join #dev {MARK}",
    f"/delete 12 {MARK}",
    f"/delete #dev {MARK} {MARK}",
    f"/delete #dev mallory {MARK}",
    f"/kick #dev bob {MARK}",
    f"/ban #dev bob {MARK}",
    f"/invite spare #dev {MARK}",
    f"/audit #dev {MARK}",
    f"/wallops {MARK}",
    f"/kill bob {MARK}",
    f"/lock key {MARK}",
    f"//{MARK}",
    "/login spare correct horse",
    "/unmute #dev mallory",
    f"/exempt #dev mallory {MARK}",
)
LINES = (
    f"PRIVMSG #dev :\x01ACTION {MARK}\x01",
    f"PRIVMSG #dev :\x01PING {MARK}\x01",
    f"PRIVMSG @#dev :{MARK}",
    f"PRIVMSG +#dev :{MARK}",
    f"PRIVMSG #dev,@#dev :{MARK}",
    f"NOTICE #dev :{MARK}",
    f"NOTICE #dev :\x01VERSION {MARK}\x01",
    f"NOTICE @#dev :{MARK}",
    f"@+draft/react={MARK};+draft/reply=5 TAGMSG #dev",
    f"@+draft/react={MARK} TAGMSG @#dev",
    f"@+typing={MARK} PRIVMSG #dev :{MARK}",
    f"TOPIC #dev :{MARK}",
    f"SETNAME :{MARK}",
    f"AWAY :{MARK}",
    f"PART #dev :{MARK}",
    f"QUIT :{MARK}",
    f"KICK #dev bob :{MARK}",
    f"MODE #dev +b {MARK}!*@*",
    f"MODE #dev +k {MARK}",
    f"REDACT #dev 12 :{MARK}",
    f"INVITE spare #dev :{MARK}",
    f"KNOCK #dev :{MARK}",
    f"{MARK} #dev :{MARK}",
    f"JOIN #dev {MARK}",
    f"ERROR :{MARK}",
    "CAP REQ :draft/message-redaction message-tags setname echo-message",
)
TRIES = st.lists(
    st.tuples(st.just("type"), st.sampled_from(WORDS))
    | st.tuples(st.just("raw"), st.sampled_from(LINES))
    | st.tuples(st.sampled_from(["device", "anew"]), DOORS)
    | st.tuples(st.sampled_from(["rename", "upload", "ask", "goodbye", "drop"]), st.none()),
    min_size=5,
    max_size=40,
)


def tries(chat: Chat, what: str, which: Any, number: int, permits: list[str]) -> None:
    """Let mallory try one thing."""
    device = chat.devices[number % len(chat.devices)]
    match what:
        case "rename":
            if device.is_inside:  # elsewhere names are free
                device.types(f"/nick {MARK}")
        case "upload":
            if permits:
                assert chat.uploads(permits.pop()) != 201
        case "ask":
            assert chat.permit(device) == ""
        case "goodbye" if isinstance(device.talker, WebTalker | SecureWebTalker):
            if not device.over:
                device.talker.wire.sends_raw(frame(b"\x03\xe8" + MARK.encode(), 8))
        case _:
            step(chat, what, which, number, hidden=False)
    chat.listen()


@given(ways=st.tuples(DOORS, DOORS), meant=st.sampled_from(MEANT), registered=st.booleans(), steps=TRIES)
def test_who_is_muted_is_not_heard(
    ways: Sequence[type[Talker]], meant: str, registered: bool, steps: list[tuple[str, Any]]
) -> None:
    """Nothing that they type comes before the room, neither words nor reasons nor names nor files."""
    with tempfile.TemporaryDirectory() as directory:
        chat = Chat(directory, registered=registered)
        for way in ways:
            chat.mallory(way).types("/join #dev")
        chat.devices[0].types("this is heard")
        permits = [chat.permit(device) for device in chat.devices]
        assert all(permits)
        chat.alice.types(f"/mute #dev {meant}")
        chat.listen()
        for one in chat.inside:
            assert b"this is heard" in one.told
            one.told = b""
        for number, (what, which) in enumerate(steps):
            tries(chat, what, which, number, permits)
        chat.listen()
    for one in chat.inside:
        assert MARK.encode() not in one.told, one.talker.door
