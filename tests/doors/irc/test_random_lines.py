"""Random lines from several IRC clients, some of which do not read: whatever they say, the chat stays whole."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule
from twisted.logger import LogEvent, globalLogPublisher

from lanchat.core.clean import clean
from lanchat.core.limits import Limits
from lanchat.core.names import fold
from lanchat.core.verbs import TABLE
from lanchat.doors.irc.capabilities import HEARD, OFFERED
from lanchat.doors.irc.message import LINE, parse
from lanchat.doors.irc.verbs import VERBS
from tests.doors.irc.people import plain
from tests.logins import account, logins
from tests.network import Line, Network

_TAGS = 8_191
"""Bytes of the tags of a line that a client reads (ircv3.net, message-tags)."""
OWN = st.sampled_from(["#own", "#Own", "@#own", "+#own"])
NICKS = st.sampled_from(["alice", "BOB", "carol", "Zoë", "owner", "x" * 32, "mallory!u@h"])
ROOMS = st.sampled_from(["#lobby", "#dev", "#Dev", "@#dev", "+#dev", "#", "0", "#né", "#own", f"#{'y' * 63}"])
MODES = st.sampled_from(
    [
        "+o",
        "-o",
        "+v",
        "+b",
        "b",
        "+k",
        "-k",
        "+l",
        "+imnst-imnst",
        "+i",
        "-n",
        "+s",
        "o",
        "+B",
        "+ovbeIkl",
        "+qAW",
        "-q",
        "+W",
    ]
)
HISTORY = st.sampled_from(["LATEST", "BETWEEN", "TARGETS", "*", "msgid=3", "timestamp=2026-11-21T00:00:00.000Z"])
ODD = st.sampled_from(
    [
        "*",
        "*!*@*",
        "a*?b!*",
        ",",
        ",,a",
        ">1",
        "T>0",
        "+",
        "-",
        "S",
        "%tcuihsnfdlaor,7",
        "5",
        "key",
        "u",
        "::",
        "302",
        "",
        "PLAIN",
        plain("bob"),
        "IDENTIFY bob correct horse",
        "bob correct horse",
        "correct-horse",
        "NickServ",
        "m:a:bob",
        "~m:*!*@*",
        "address:127.0.0.0/8",
        "address:*",
    ]
)
CONTROLS = st.sampled_from(
    ["\x01VERSION\x01", "\x01ACTION x\x01", "\x01", "\u2028x", "\u202e", "\x00", "\x1b[31m", "\r", "\x85", "é" * 200]
)
CAPABILITIES = st.lists(st.sampled_from(["", "-"]).flatmap(lambda sign: st.sampled_from([sign + c for c in OFFERED])))
TAGS = st.sampled_from(
    [
        *("", "", "", "+typing=active;+draft/reply=3", "label=x", r"label=a\n\r\s\:b", "+a=\\n\x1b[1m;+b", "+é=1"),
        *("=", ";;;+x", f"+{'k' * 50}={'v' * 3_000}", ";".join([f"+{number}" for number in range(900)])),
    ]
)
COMMANDS = st.sampled_from(sorted({*VERBS, *[command.name.upper() for command in TABLE.commands]} - {"QUIT"}))
PLAIN = [plain(nick) for nick in ("bob", "alice", "carol", "alice\0bob")] + [plain("bob", "wrong horse")]
LOGINS = st.sampled_from(
    [
        *[
            f"CAP REQ sasl\r\n{tags}AUTHENTICATE PLAIN\r\n{tags}AUTHENTICATE {each}"
            for each in PLAIN
            for tags in ("", "@label=y ")
        ],
        "AUTHENTICATE PLAIN",
        f"AUTHENTICATE {'A' * 400}",
        "AUTHENTICATE *",
        "AUTHENTICATE EXTERNAL\r\nAUTHENTICATE +",
        "REGISTER * * :correct horse",
        "@label=z REGISTER * * :correct horse",
        "REGISTER correct-horse",
        "PRIVMSG NickServ :IDENTIFY bob correct horse",
        "PRIVMSG NickServ :REGISTER correct horse",
        "NS IDENTIFY wrong",
        "@label=l LOGIN bob :correct horse",
        "LOGOUT",
        "PASSWD :correct horse correct horse",
        "CERT ADD",
    ]
)
"""Ways to log in, and to begin to."""
RULED = st.sampled_from(
    [
        *("MODE #dev +q bob", "MODE #dev -q bob", "MODE #dev +b m:a:bob", "MODE #dev +b bob", "MODE #dev +b a:bob"),
        *("MODE #dev -b+e a:bob m:bob", "MODE #dev +b *!*@*", "MODE #dev +b", "MODE #dev b", "KICK #dev bob :out"),
        *("BAN #dev 1m bob adverts", "MUTE #dev bob", "SLOW #dev 60", "MODE #dev +W 5", "MODE #dev +A", "DELETE bob"),
        *("DELETE", "@label=d DELETE", "AUDIT #dev", "@label=s SEARCH x", "WHO #dev %na", "WHOIS bob", "NAMES #dev"),
    ]
)
"""What is done in a room with somebody in charge."""
TALK = st.sampled_from(["JOIN", "PRIVMSG", "NOTICE", "TAGMSG", "MODE", "TOPIC", "KICK", "NICK", "PART", "INVITE"])


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    """Write a line that a client might send, more or less."""
    words = NICKS | ROOMS | MODES | HISTORY | ODD | CONTROLS
    command = draw(TALK | TALK | COMMANDS)
    params = draw(st.lists(st.lists(words, min_size=1, max_size=3).map(",".join), max_size=5))
    if command in ("CAP", "QUIT"):
        params = ["REQ", f":{' '.join(draw(CAPABILITIES))}"]
    if params and draw(st.booleans()):
        params[-1] = f":{params[-1]} and more"
    tags = draw(TAGS)
    return f"{f'@{tags} ' if tags else ''}{command} {' '.join(params)}".replace("\n", "").encode()


class Chat(RuleBasedStateMachine):
    """Clients come, say anything, stop reading and go; the owner of a room lets nobody in, and says nothing."""

    clients: Bundle[Line] = Bundle("clients")

    def __init__(self) -> None:
        super().__init__()
        self.network = Network(Limits(rate=0, per_address=0, sendq=100_000), tls=False)
        self.hub = self.network.hub
        self.hub.logins = logins(self.hub, founds=False)
        account(self.hub, "bob")
        self.let_answers_take_their_time()
        self.failures: list[LogEvent] = []
        self.heard: dict[Line, bytes] = {}
        globalLogPublisher.addObserver(self.observe)
        self.owner = self.connects("owner", [])
        self.owner.sends(b"JOIN #own\r\nMODE #own +imstk sesame\r\nTOPIC #own :hushed\r\nPRIVMSG #own :hushed\r\n")
        self.heard[self.owner] = b""
        self.owner.receives()
        self.own = self.hub.rooms["#own"]

    def let_answers_take_their_time(self) -> None:
        journal, later, hub_logins = self.network.journal, self.network.reactor.callLater, self.hub.logins
        find, delete, check = journal.find, journal.delete, hub_logins._check
        assert check is not None
        hub_logins._check = lambda credentials, then: later(0, check, credentials, then) and None
        journal.find = lambda query, then: later(0, find, query, then)  # type: ignore[method-assign]
        journal.delete = lambda event, then: later(0, delete, event, then)  # type: ignore[method-assign]

    def observe(self, event: LogEvent) -> None:
        if "log_failure" in event:
            self.failures.append(event)

    def connects(self, nick: str, wanted: list[str]) -> Line:
        wire = self.network.connect("127.0.0.1", through=self.network.factory.only("irc"))
        self.heard[wire] = b""
        wire.sends(f"CAP REQ :{' '.join(wanted)}\r\nNICK {nick}\r\nUSER u 0 * :{nick}\r\nCAP END\r\n".encode())
        return wire

    # -- who does what -----------------------------------------------------------------------------------

    @initialize(target=clients)
    def one_is_there(self) -> Line:
        return self.connects("alice", sorted(OFFERED))

    @rule(target=clients, nick=NICKS, wanted=CAPABILITIES)
    def comes(self, nick: str, wanted: list[str]) -> Line:
        return self.connects(nick, wanted)

    @rule(said=st.lists(st.tuples(clients, lines()), max_size=5))
    def talk_in_one_turn(self, said: list[tuple[Line, bytes]]) -> None:
        for wire, line in said:
            wire.types(line + b"\r\n")
        self.network.reactor.settle()

    @rule(wire=clients, data=st.binary(max_size=600))
    def says_anything(self, wire: Line, data: bytes) -> None:
        wire.sends(data)

    @rule(wire=clients, command=TALK, param=OWN, rest=lines())
    def tries_to_get_into_what_is_locked(self, wire: Line, command: str, param: str, rest: bytes) -> None:
        wire.sends(f"\r\n{command} {param} ".encode() + rest.lstrip(b"@") + b"\r\n")

    @rule(wire=clients, how=LOGINS)
    def logs_in(self, wire: Line, how: str) -> None:
        wire.sends(f"\r\n{how}\r\n".encode())

    @rule(target=clients, wanted=CAPABILITIES, how=st.sampled_from(["sasl", "pass"]))
    def comes_with_one_more_device(self, wanted: list[str], how: str) -> Line:
        wire = self.network.connect("127.0.0.1", through=self.network.factory.only("irc"))
        self.heard[wire] = b""
        proof = "PASS :bob:correct horse" if how == "pass" else f"AUTHENTICATE PLAIN\r\nAUTHENTICATE {plain('bob')}"
        told = f"CAP REQ :sasl {' '.join(wanted)}\r\n{proof}\r\nNICK x\r\nUSER u 0 * :x\r\nCAP END\r\n"
        wire.sends(told.encode())
        return wire

    @rule(
        said=st.lists(
            st.tuples(clients, RULED | RULED | st.just("PRIVMSG #dev :x") | st.just("JOIN #dev")), max_size=6
        )
    )
    def rule_a_room(self, said: list[tuple[Line, str]]) -> None:
        for wire, line in said:
            wire.types(f"\r\n{line}\r\n".encode())
        self.network.reactor.settle()

    @rule(wire=clients, whose=ROOMS | NICKS, number=st.integers(0, 30), label=st.sampled_from(["", "@label=r "]))
    def redacts(self, wire: Line, whose: str, number: int, label: str) -> None:
        wire.sends(f"\r\n{label}REDACT {whose} {number} :why\r\n".encode())

    @rule(wire=clients)
    def stalls(self, wire: Line) -> None:
        wire.stalls()

    @rule(wire=clients, size=st.none() | st.integers(1, 5_000))
    def reads(self, wire: Line, size: int | None) -> None:
        wire.reads(size)

    @rule(wire=consumes(clients), how=st.sampled_from([b"QUIT :bye\r\nPRIVMSG #lobby :x\r\n", b"JOIN 0\r\nquit", b""]))
    def leaves(self, wire: Line, how: bytes) -> None:
        wire.reads()
        wire.sends(how)
        wire.hangs_up()
        self.network.reactor.wait(10)
        assert wire.gone

    @rule(wire=consumes(clients))
    def drops(self, wire: Line) -> None:
        wire.reads()
        wire.drops()
        assert wire.gone

    # -- what always holds -------------------------------------------------------------------------------

    @invariant()
    def nothing_fails(self) -> None:
        assert [event["log_failure"].getTraceback() for event in self.failures] == []

    @invariant()
    def every_line_is_one(self) -> None:
        """It parses, fits, and steers nobody's terminal."""
        for wire, before in self.heard.items():
            *whole, self.heard[wire] = (before + wire.receives()).split(b"\r\n")
            for line in whole:
                tags, _, rest = line.partition(b" ") if line.startswith(b"@") else (b"", b"", line)
                assert len(rest) <= LINE
                assert len(tags) < _TAGS
                text = rest.decode()
                assert clean(text) == text.replace("\x01", "")
                message = parse(line.decode())
                assert message is not None
                assert message.source or message.command in ("AUTHENTICATE", "PING", "ERROR")
                if wire is not self.owner:
                    assert "sesame" not in text.replace("LOCK key sesame", "")  # that is an example
                    assert "hushed" not in text

    @invariant()
    def the_chat_is_whole(self) -> None:
        members = self.hub.people.members
        assert all(fold(member.nick) == key for key, member in members.items())
        for room in self.hub.rooms.values():
            assert {member for ranked in room.ranked.values() for member in ranked} <= room.members.keys()
            assert all(room in member.rooms for member in room.members)
            for dialect, audience in room.audiences.items():
                assert audience.sends
                assert not audience.pending
                assert audience.dialect is dialect
        for member in members.values():
            for session in member.sessions:
                assert session.present
                assert set(session.audiences) == set(member.rooms)
                for room, audience in session.audiences.items():
                    assert room.audiences[session.dialect_of(room)] is audience
                    assert audience.sends[session] == session.send
        assert not self.hub.pulse._apart
        assert not any(door.session.outbox for door in self.network.factory.doors)
        assert len(self.hub.dialects) <= 1 << len(HEARD)

    @invariant()
    def what_is_locked_stays_so(self) -> None:
        """Nobody comes in, is told of it, speaks there, or changes anything."""
        (owner,) = self.own.members
        assert self.hub.rooms["#own"] is self.own
        assert [*self.own.governors()] == [owner]
        assert (self.own.topic, self.own.modes.key, len(self.own.recent)) == ("hushed", "sesame", 1)
        assert len(self.own.modes.flags) == 5
        assert not any(self.own.modes.lists.values())

    def teardown(self) -> None:
        """When all have gone, nothing is left."""
        globalLogPublisher.removeObserver(self.observe)
        for wire in self.heard:
            wire.reads()
            wire.drops()
        self.network.reactor.wait(130)
        assert self.network.factory.admission.live == 0
        assert not self.hub.people.members
        assert not self.hub.watching._watched
        assert not self.network.reactor.getDelayedCalls()


TestRandomLines = Chat.TestCase
TestRandomLines.settings = settings(max_examples=settings.default.max_examples, stateful_step_count=30)
