"""Events as IRC: shared bytes, lines that fit, tags for who wants them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.core.clean import clean
from lanchat.core.events import (
    Acted,
    Alerted,
    Announced,
    AnyEvent,
    Away,
    Back,
    Changed,
    Confided,
    Deleted,
    Described,
    Handed,
    Identified,
    Invited,
    Kicked,
    Moved,
    Parted,
    Quit,
    Renamed,
    Said,
    Shared,
    Signalled,
    Tagged,
    Told,
    Topic,
)
from lanchat.core.modes import Change, Mode
from lanchat.core.names import fold
from lanchat.core.people import Former
from lanchat.core.replies import Pong
from lanchat.doors.irc.capabilities import HEARD
from lanchat.doors.irc.dialect import IrcDialect
from lanchat.doors.irc.message import LINE, parse
from tests.doors.irc.clients import Irc, host_of
from tests.network import Network

TIME = "2026-11-21T21:04:05.123Z"
BOB = {"id": 7, "time": TIME, "nick": "bob"}
ROOM = {**BOB, "room": "#dev"}
WHO = ":bob!bob@gone.lan"
FILE = {"file": "x1", "name": "plan.pdf", "size": 1_234_567, "kind": "k", "url": "http://h/files/x1/plan.pdf"}
EVENTS = [
    (Said(**ROOM, text="hi", announcement=True), f"{WHO} NOTICE #dev :To everybody: hi"),
    (Announced(**BOB, text="hi"), f"{WHO} NOTICE $* :To everybody: hi"),
    (Deleted(**ROOM, of=3), f"{WHO} REDACT #dev 3"),
    (Deleted(**BOB, to="alice", of=3, reason="no adverts"), f"{WHO} REDACT alice 3 :no adverts"),
    (Identified(**BOB), f"{WHO} ACCOUNT bob"),
    (Changed(**{**ROOM, "nick": ""}, changes=[Change(Mode.MODERATED)]), ":room-1.lan MODE #dev +m"),
    (Said(**ROOM, text="hi"), f"{WHO} PRIVMSG #dev :hi"),
    (Said(**ROOM, text="hi", notice=True), f"{WHO} NOTICE #dev :hi"),
    (Acted(**ROOM, text="waves"), f"{WHO} PRIVMSG #dev :\x01ACTION waves\x01"),
    (Shared(**ROOM, **FILE), f"{WHO} PRIVMSG #dev :sent plan.pdf (1.2 MB): http://h/files/x1/plan.pdf"),
    (Handed(**BOB, to="alice", **FILE), f"{WHO} PRIVMSG alice :sent plan.pdf (1.2 MB): http://h/files/x1/plan.pdf"),
    (Told(**BOB, to="alice", text="hi"), f"{WHO} PRIVMSG alice :hi"),
    (Told(**BOB, to="alice", text="hi", notice=True), f"{WHO} NOTICE alice :hi"),
    (Told(**BOB, to="alice", text="waves", acted=True), f"{WHO} PRIVMSG alice :\x01ACTION waves\x01"),
    (Confided(**ROOM, to=Mode.OP.value, text="hi"), f"{WHO} PRIVMSG @#dev :hi"),
    (Confided(**ROOM, to=Mode.VOICE.value, text="hi", notice=True), f"{WHO} NOTICE +#dev :hi"),
    (Signalled(**BOB, to="alice", text="VERSION"), f"{WHO} PRIVMSG alice :\x01VERSION\x01"),
    (Signalled(**ROOM, text="PING 1", notice=True), f"{WHO} NOTICE #dev :\x01PING 1\x01"),
    (Signalled(**ROOM, to=Mode.OP.value, text="X"), f"{WHO} PRIVMSG @#dev :\x01X\x01"),
    (Parted(**ROOM), f"{WHO} PART #dev"),
    (Parted(**ROOM, reason="so\nQUIT long"), f"{WHO} PART #dev :so QUIT long"),
    (Kicked(**ROOM, who="al"), f"{WHO} KICK #dev al bob"),
    (Kicked(**ROOM, who="al", reason="a\nb"), f"{WHO} KICK #dev al :a b"),
    (Topic(**ROOM, text="a\nb"), f"{WHO} TOPIC #dev :a b"),
    (Quit(**BOB, reason="a\nb"), f"{WHO} QUIT :a b"),
    (Quit(**BOB), f"{WHO} QUIT :connection closed"),
    (Renamed(**BOB, new="rob"), f"{WHO} NICK rob"),
    (Away(**BOB, text="a\nb"), f"{WHO} AWAY :a b"),
    (Back(**BOB), f"{WHO} AWAY"),
    (Described(**BOB, text="Bob B."), f"{WHO} SETNAME :Bob B."),
    (Moved(**BOB, user="b", host="h"), f"{WHO} CHGHOST b h"),
    (Alerted(**BOB, text="a b"), f"{WHO} WALLOPS :a b"),
    (Invited(**ROOM, to="alice"), f"{WHO} INVITE alice #dev"),
]
ONLY_WITH = {
    Away: "away-notify",
    Back: "away-notify",
    Described: "setname",
    Moved: "chghost",
    Identified: "account-notify",
}


@pytest.mark.parametrize(("event", "line"), EVENTS)
def test_events_are_lines(network: Network, event: AnyEvent, line: str) -> None:
    """RFC 2812, section 3: every event is one line, whatever its text has; some only for who asked for them."""
    assert IrcDialect(network.hub, HEARD - {"message-tags", "server-time"}).lines(event) == f"{line}\r\n".encode()
    wanted = "" if type(event) in ONLY_WITH else f"{line}\r\n"
    if isinstance(event, Deleted):
        where, why = (" in #dev", "") if event.room else ("", " (no adverts)")
        wanted = f":room-1.lan NOTICE {event.room or event.to} :-- bob took a message away{where}{why}\r\n"
    assert IrcDialect(network.hub, frozenset()).lines(event) == wanted.encode()


@pytest.mark.parametrize(("event", "line"), EVENTS)
def test_events_have_tags(network: Network, event: AnyEvent, line: str) -> None:
    """ircv3.net, server-time and message-ids: what is heard has its time, and the journal's number as its msgid."""
    assert IrcDialect(network.hub, HEARD).lines(event, "batch=1") == (
        f"@batch=1;time={TIME};msgid=7 {line}\r\n".encode()
    )
    assert IrcDialect(network.hub, HEARD - {"message-tags"}).lines(event) == f"@time={TIME} {line}\r\n".encode()


def test_tags_alone_are_for_who_wants_tags(network: Network) -> None:
    """ircv3.net, message-tags, TAGMSG."""
    event = Tagged(**ROOM, tags={"typing": "active", "x": ""})
    assert IrcDialect(network.hub, frozenset({"server-time"})).lines(event) == b""
    tagged = IrcDialect(network.hub, frozenset({"message-tags"})).lines(event)
    assert tagged == f"@msgid=7;+typing=active;+x {WHO} TAGMSG #dev\r\n".encode()
    private = IrcDialect(network.hub, frozenset({"message-tags"})).lines(Tagged(**BOB, to="alice", tags={"x": "a b"}))
    assert private == rf"@msgid=7;+x=a\sb {WHO} TAGMSG alice".encode() + b"\r\n"


def test_events_are_encoded_once(network: Network) -> None:
    """Who asked for the same capabilities shares the bytes; a reply is for one session alone."""
    alice, bob, carol = Irc(network, "alice"), Irc(network, "bob"), Irc(network, "carol", "server-time")
    one, two, three = (network.hub.people.find(irc.nick).sessions for irc in (alice, bob, carol))
    shared = {next(iter(sessions)).dialect.in_view for sessions in (one, two)}
    assert len(shared) == 1
    (dialect,) = shared
    assert next(iter(three)).dialect.in_view not in shared
    event = Said(**ROOM, text="hi")
    assert dialect.encode(event) is dialect.encode(event)
    assert dialect.mirror(event) is dialect.encode(event)
    assert dialect.encode(Pong()) == dialect.own(event, "") == b""


def test_long_messages_take_several_lines(network: Network) -> None:
    """A message of another door has 4,096 bytes, and lines of its own: each line has a msgid of its own."""
    event = Said(**ROOM, text=f"one\n\n{'word ' * 150}\nlast", tags={"x": "y"})
    data = IrcDialect(network.hub, frozenset({"message-tags"})).lines(event)
    found = [parse(line) for line in data.decode().split("\r\n")[:-1]]
    assert [message.tags for message in found if message] == [
        {"msgid": "7", "+x": "y"},
        {"msgid": "7.2", "+x": "y"},
        {"msgid": "7.3", "+x": "y"},
        {"msgid": "7.4", "+x": "y"},
    ]
    texts = [message.params[1] for message in found if message]
    assert (texts[0], texts[-1]) == ("one", "last")
    assert set(" ".join(texts[1:3]).split(" ")) == {"word", ""}


NICK = "\U00010400" * 32
LONG = "#" + "\U0001f600" * 63
TEXTS = st.text(st.sampled_from("ab \n€😀") | st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=1500)


@given(TEXTS, st.booleans())
def test_every_line_fits(text: str, acted: bool) -> None:
    """With the longest nick, host and room each line has 512 bytes, and all the text is there."""
    network = Network(tls=False)
    network.hub.people.former[fold(NICK)] = Former(NICK, "u" * 16, "h" * 63, "", TIME)
    text = clean(text, lines=True)
    dialect = IrcDialect(network.hub, frozenset())
    event = Acted if acted else Said
    data = dialect.lines(event(id=7, time=TIME, room=LONG, nick=NICK, text=text))
    lines = data.decode().split("\r\n")
    assert lines.pop() == ""
    assert all(len(line.encode()) <= LINE for line in lines)
    assert all("\n" not in line and (not acted or line.endswith("\x01")) for line in lines)
    heard = [line.partition(" :")[2].removeprefix("\x01ACTION ").removesuffix("\x01") for line in lines]
    assert re.sub("[ \n]", "", "".join(heard)) == re.sub("[ \n]", "", text)


def test_what_a_bot_does_is_marked(network: Network) -> None:
    """ircv3.net, bot-mode: the tag ``bot``."""
    alice, bob = Irc(network, "alice", "message-tags"), Irc(network, "bob")
    network.hub.people.find("bob").bot = True
    alice.hears()
    bob.says("PRIVMSG #lobby x")
    (line,) = alice.hears()
    assert re.fullmatch(rf"@msgid=[0-9]+;bot :bob!{host_of(network, 'bob')} PRIVMSG #lobby :x", line)


def test_a_message_of_many_lines_drowns_no_client(network: Network) -> None:
    """Its last lines stand together over IRC: a few kilobytes never become hundreds for everybody in the room."""
    tagged, plain = Irc(network, "alice", "server-time message-tags"), Irc(network, "bob")
    web = network.connect("192.168.7.9")
    web.sends(b'{"op":"hello","nick":"mallory"}\n')
    tagged.hears()
    plain.hears()
    said = b'{"op":"say","text":"%b"}\n' % rb"\n".join([b"a"] * 2_000)
    web.sends(said)
    assert len(tagged.wire.receives()) < 12_000
    web.sends(said * 20)
    assert not tagged.wire.ended
    assert not plain.wire.ended
    carol = Irc(network, "carol")
    assert sum(map(len, carol.greeted)) < 200_000
