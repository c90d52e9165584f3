"""PRIVMSG, NOTICE, TAGMSG; rooms, ranks, people; CTCP and client-only tags."""

from __future__ import annotations

import pytest

from lanchat.doors.irc.talking import MOST_TAGS
from tests.doors.irc.clients import Irc, host_of
from tests.network import Line, Network


def talkers(network: Network, *nicks: str, room: str = "#dev", caps: str = "") -> list[Irc]:
    """Let people into a room, and let them forget what they heard on the way."""
    people = [Irc(network, nick, caps) for nick in nicks]
    for one in people:
        one.says(f"JOIN {room}")
    for one in people:
        one.hears()
    return people


def json(network: Network, nick: str) -> Line:
    """Connect a program that speaks JSON."""
    wire = network.connect()
    wire.sends(b'{"op":"hello","nick":"%b"}\n{"op":"join","room":"#dev"}\n' % nick.encode())
    wire.receives()
    return wire


def test_rooms_and_people_are_talked_to(network: Network) -> None:
    """RFC 2812, 3.3.1: PRIVMSG says something in a room, or to one other; nobody hears their own words."""
    alice, bob, carol = talkers(network, "alice", "bob", "carol")
    alice.says("PRIVMSG #DEV :hi all", "PRIVMSG Bob hi", "NOTICE #dev :be warned", "notice bob psst")
    me = f":alice!{host_of(network, 'alice')}"
    assert bob.hears() == [
        f"{me} PRIVMSG #dev :hi all",
        f"{me} PRIVMSG bob :hi",
        f"{me} NOTICE #dev :be warned",
        f"{me} NOTICE bob :psst",
    ]
    assert carol.hears() == [f"{me} PRIVMSG #dev :hi all", f"{me} NOTICE #dev :be warned"]
    assert alice.hears() == []


def test_several_targets(network: Network) -> None:
    """RFC 2812, 3.3.1: a message goes to several targets; to each once, and what fails for one stops no other."""
    alice, bob, carol = talkers(network, "alice", "bob", "carol")
    answers = alice.asks("PRIVMSG bob,zoe,BOB,carol :hi")
    assert [line.split(" :")[0] for line in answers] == [":room-1.lan 401 alice zoe"]
    for one in (bob, carol):
        assert [line.split(" ", 1)[1] for line in one.hears()] == [f"PRIVMSG {one.nick} :hi"]


def test_too_many_targets(network: Network) -> None:
    """modern.ircdocs.horse, ERR_TOOMANYTARGETS (407): beyond TARGMAX nothing is sent, and that is said."""
    alice, *others = talkers(network, "alice", "b", "c", "d", "e", "f")
    assert alice.asks("PRIVMSG b,c,d,e,f :hi") == [
        ":room-1.lan 407 alice f :One message goes to 4 at most: nothing was sent to this one and those behind it"
    ]
    assert [len(one.hears()) for one in others] == [1, 1, 1, 1, 0]
    alice.says("NOTICE b,c,d,e,f :hi")
    assert [len(one.hears()) for one in others] == [1, 1, 1, 1, 0]
    assert alice.hears() == []


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("PRIVMSG", "411 alice :No recipient given (PRIVMSG)"),
        ("PRIVMSG :", "411 alice :No recipient given (PRIVMSG)"),
        ("PRIVMSG bob", "412 alice :No text to send"),
        ("PRIVMSG bob :", "412 alice :No text to send"),
        ("PRIVMSG bob :\x02", "412 alice :There is nothing to send. Type a text."),
        ("PRIVMSG bob :\x01ACTION\x01", "412 alice :There is nothing to send. Type a text."),
        ("PRIVMSG bob :\x01\x01", "412 alice :There is nothing to send. Type a text."),
        ("PRIVMSG zoe hi", "401 alice zoe :There is no zoe here. /names lists who is."),
        ("PRIVMSG #gone hi", "403 alice #gone :There is no room #gone. /list lists them, /join makes one."),
        ("PRIVMSG @#gone hi", "403 alice @#gone :There is no room #gone. /list lists them, /join makes one."),
        ("PRIVMSG #hidden hi", "403 alice #hidden :There is no room #hidden. /list lists them, /join makes one."),
        ("PRIVMSG #closed hi", "404 alice #closed :You are not in #closed. /join #closed goes there."),
        ("PRIVMSG @#closed hi", "404 alice @#closed :You are not in #closed. /join #closed goes there."),
        ("PRIVMSG @ hi", "401 alice @ :There is no @ here. /names lists who is."),
    ],
)
def test_what_is_refused(network: Network, line: str, answer: str) -> None:
    """RFC 2812, 3.3.1: 401, 403, 404, 411, 412; 3.3.2: a NOTICE never gets an answer."""
    bob, alice = Irc(network, "bob"), Irc(network, "alice")
    bob.says("JOIN #closed", "JOIN #hidden", "MODE #hidden +s")
    assert alice.asks(line) == [f":room-1.lan {answer}"]
    assert alice.asks(line.replace("PRIVMSG", "NOTICE")) == []


def test_a_silenced_room(network: Network) -> None:
    """RFC 2812, 3.3.1, ERR_CANNOTSENDTOCHAN (404): who may not speak in a moderated room is told so."""
    alice, bob = talkers(network, "alice", "bob")
    alice.says("MODE #dev +m")
    assert bob.asks("PRIVMSG #dev hi") == [
        ":room-1.lan 404 bob #dev :Only ops and who has voice may speak in #dev. Ask an op for /voice."
    ]


def test_a_room_that_is_open_to_words_from_outside(network: Network) -> None:
    """RFC 2811, 4.2.6: without +n who is not in a room may speak there."""
    alice, bob = talkers(network, "alice", "bob")
    alice.says("MODE #dev -n")
    bob.says("PART #dev", "PRIVMSG #dev hi")
    assert alice.hears()[-1] == f":bob!{host_of(network, 'bob')} PRIVMSG #dev :hi"


def test_masks_name_their_nick(network: Network) -> None:
    """RFC 2812, 3.3.1: somebody may be named with user and host."""
    alice, bob = talkers(network, "alice", "bob")
    alice.says("PRIVMSG bob!b@host :one", "PRIVMSG bob@host :two")
    assert [message.params for message in bob.reads()] == [["bob", "one"], ["bob", "two"]]


def test_words_for_a_rank(network: Network) -> None:
    """modern.ircdocs.horse, STATUSMSG: ``@#dev`` is for ops, ``+#dev`` for who has voice, and for ops too."""
    alice, bob, carol, dave = talkers(network, "alice", "bob", "carol", "dave")
    alice.says("MODE #dev +v bob")
    for one in (alice, bob, carol, dave):
        one.hears()
    dave.says(
        "PRIVMSG @#dev :ops", "NOTICE +#dev :both", "PRIVMSG @#dev :\x01ACTION waves\x01", "PRIVMSG @#dev :\x01X\x01"
    )
    me = f":dave!{host_of(network, 'dave')}"
    assert alice.hears() == [
        f"{me} PRIVMSG @#dev :ops",
        f"{me} NOTICE +#dev :both",
        f"{me} PRIVMSG @#dev :\x01ACTION waves\x01",
        f"{me} PRIVMSG @#dev :\x01X\x01",
    ]
    assert bob.hears() == [f"{me} NOTICE +#dev :both"]
    assert carol.hears() == dave.hears() == []


@pytest.mark.parametrize("sent", ["\x01ACTION waves\x01", "\x01ACTION waves", "\x01ACTION wa\x02ves\x01 and more"])
def test_actions(network: Network, sent: str) -> None:
    """modern.ircdocs.horse/ctcp, ACTION: what somebody does is the same as ``/me`` on every other door."""
    alice, bob = talkers(network, "alice", "bob", room="#lobby")
    wire = network.connect()
    wire.sends(b"tess\n")
    wire.receives()
    bob.hears()
    alice.says(f"PRIVMSG #lobby :{sent}", f"PRIVMSG bob :{sent}", f"PRIVMSG tess :{sent}")
    me = f":alice!{host_of(network, 'alice')}"
    assert bob.hears() == [f"{me} PRIVMSG #lobby :\x01ACTION waves\x01", f"{me} PRIVMSG bob :\x01ACTION waves\x01"]
    room, private = wire.receives().decode().splitlines()
    assert room.endswith("] * alice waves")
    assert private.endswith("] (private) * alice waves")


def test_words_for_several_ranks(network: Network) -> None:
    """modern.ircdocs.horse, "PRIVMSG message": of several prefixes the lowest counts, in any order."""
    alice, bob, carol = talkers(network, "alice", "bob", "carol")
    alice.says("MODE #dev +v bob")
    for one in (alice, bob, carol):
        one.hears()
    carol.says("PRIVMSG @+#dev :one", "PRIVMSG +@#dev :two", "PRIVMSG @@#dev :three", "PRIVMSG @+ :four")
    assert [message.params for message in alice.reads()] == [["+#dev", "one"], ["+#dev", "two"], ["@#dev", "three"]]
    assert [message.params for message in bob.reads()] == [["+#dev", "one"], ["+#dev", "two"]]
    assert [message.command for message in carol.reads()] == ["401"]


def test_ctcp_is_between_programs(network: Network) -> None:
    """modern.ircdocs.horse/ctcp: what is asked and answered passes on as it is; no person is shown it."""
    alice, bob = talkers(network, "alice", "bob", room="#lobby")
    text, program = network.connect(), network.connect()
    text.sends(b"tess\n")
    program.sends(b'{"op":"hello","nick":"robot"}\n')
    for one in (text, program):
        one.receives()
    bob.hears()
    alice.says("PRIVMSG #lobby :\x01VERSION\x01", "PRIVMSG bob,tess :\x01PING 17 \x034x\x01", "PRIVMSG bob :\x01TIME")
    me = f":alice!{host_of(network, 'alice')}"
    assert bob.hears() == [
        f"{me} PRIVMSG #lobby :\x01VERSION\x01",
        f"{me} PRIVMSG bob :\x01PING 17 x\x01",
        f"{me} PRIVMSG bob :\x01TIME\x01",
    ]
    assert text.receives() == b""
    assert b'"event":"signalled"' in program.receives()
    bob.says("NOTICE alice :\x01VERSION sic\x01", "NOTICE alice :\x01ACTION x\x01")
    assert [line.split(" ", 1)[1] for line in alice.hears()[-2:]] == [
        "NOTICE alice :\x01VERSION sic\x01",
        "NOTICE alice :\x01ACTION x\x01",
    ]


def test_a_ctcp_stays_one_line(network: Network) -> None:
    """modern.ircdocs.horse/ctcp: one that its source makes too long is cut, and ends as it should."""
    alice, bob = talkers(network, "alice", "bob")
    alice.says(f"PRIVMSG bob :\x01X {'é' * 240}\x01")
    (line,) = bob.hears()
    assert line.endswith("éé\x01")
    assert len(line.encode()) in (509, 510)


def test_formatting_is_taken_out(network: Network) -> None:
    """modern.ircdocs.horse/formatting: no other door could show it."""
    alice, bob = talkers(network, "alice", "bob")
    alice.says("PRIVMSG #dev :\x02\x0304,01red\x03 \x04ff0000and\x0f \x1dso\x1d \x11on")
    assert [message.params[1] for message in bob.reads()] == ["red and so on"]


def test_client_only_tags_are_passed_on(network: Network) -> None:
    """ircv3.net, message-tags: ``+`` tags go to who wants tags, other tags to nobody."""
    alice, bob = talkers(network, "alice", "bob", caps="message-tags")
    (carol,) = talkers(network, "carol")
    bob.hears()
    alice.says(r"@+draft/reply=7;+a=x\:\sy;+b;msgid=5;time=now;+=x;+a/b/c=1;+ü=1 PRIVMSG #dev :hi")
    (heard,) = bob.reads()
    assert heard.tags.pop("msgid").isdigit()
    assert heard.tags == {"+draft/reply": "7", "+a": "x; y", "+b": ""}
    assert carol.reads()[-1].tags == {}
    alice.says("@+typing=a\x02b\tc PRIVMSG bob :hi", "@+a NOTICE bob :\x01X\x01")
    assert [message.tags.get("+typing", message.tags.get("+a")) for message in bob.reads()] == ["ab    c", ""]


def test_who_wants_no_tags_sends_none(network: Network) -> None:
    """ircv3.net, message-tags: without the capability a client's tags are passed over."""
    (alice,) = talkers(network, "alice")
    (bob,) = talkers(network, "bob", caps="message-tags")
    alice.says("@+a=b PRIVMSG #dev :hi")
    (heard,) = bob.reads()
    assert list(heard.tags) == ["msgid"]


def test_tags_of_other_doors(network: Network) -> None:
    """What clients tell each other is there for programs on the JSON door, without the plus."""
    (alice,) = talkers(network, "alice", caps="message-tags")
    program = json(network, "robot")
    alice.says("@+a=b PRIVMSG #dev :hi")
    assert b'"tags":{"a":"b"}' in program.receives()


def test_tags_have_a_limit(network: Network) -> None:
    """ircv3.net, message-tags: 4,094 bytes of tags, as they are sent on; what is longer then is left out."""
    alice, bob = talkers(network, "alice", "bob", caps="message-tags")
    bob.hears()
    alice.says(f"@+a={'x' * 4091} PRIVMSG bob :one")
    alice.wire.sends(b"@+a=%b PRIVMSG bob :two\r\n" % (b"\xe9" * 4091))
    one, two = bob.reads()
    assert len(one.tags["+a"]) == 4091
    assert list(two.tags) == ["msgid"]


def test_tags_alone(network: Network) -> None:
    """ircv3.net, message-tags, TAGMSG: tags without a text, for rooms, ranks and people that want tags."""
    alice, bob = talkers(network, "alice", "bob", caps="message-tags")
    (carol,) = talkers(network, "carol")
    carol.says("PRIVMSG #dev :x")
    alice.hears()
    bob.hears()
    alice.says("@+typing=active TAGMSG #dev", "@+typing=done TAGMSG bob,carol", "@+x TAGMSG @#dev", "@x=y TAGMSG #dev")
    assert [(message.command, message.params, message.tags.get("+typing")) for message in bob.reads()] == [
        ("TAGMSG", ["#dev"], "active"),
        ("TAGMSG", ["bob"], "done"),
    ]
    assert carol.hears() == alice.hears() == []
    bob.says("@+x TAGMSG @#dev")
    assert [message.params for message in alice.reads()] == [["@#dev"]]


def test_tags_alone_may_be_refused(network: Network) -> None:
    """ircv3.net, message-tags, TAGMSG: it is refused as PRIVMSG is, and to who has not asked for tags."""
    talkers(network, "bob", caps="message-tags")
    (alice,) = talkers(network, "alice", room="#lobby")
    assert alice.asks("@+a TAGMSG bob")[0].startswith(":room-1.lan 421 alice TAGMSG :")
    alice.says("CAP REQ message-tags")
    answers = alice.asks("@+a TAGMSG #dev,zoe", "@+a TAGMSG")
    assert [line.split(" ")[1:4] for line in answers] == [
        ["404", "alice", "#dev"],
        ["401", "alice", "zoe"],
        ["461", "alice", "TAGMSG"],
    ]


def test_what_one_said_comes_back(network: Network) -> None:
    """ircv3.net, echo-message: one's own words come back as others hear them, with the same msgid and time."""
    caps = "echo-message message-tags server-time"
    alice, bob = talkers(network, "alice", "bob", caps=caps)
    bob.hears()
    alice.says(
        "PRIVMSG #dev :hi",
        "PRIVMSG bob :psst",
        "NOTICE #dev :n",
        "@+a=b TAGMSG #dev",
        "PRIVMSG #dev :\x01ACTION acts\x01",
    )
    alice.says("PRIVMSG #dev :\x01VERSION\x01")
    heard = bob.hears()
    assert len(heard) == 6
    assert alice.hears() == heard
    alice.says("PRIVMSG @#dev :ops")
    assert alice.reads()[0].params == ["@#dev", "ops"]


def test_too_many_tags_are_left_out(network: Network) -> None:
    """ircv3.net, message-tags: what is kept of a message stays near what was sent; no client has so many of them."""
    alice, bob = talkers(network, "alice", "bob", caps="message-tags")
    for many, passed in ((MOST_TAGS, MOST_TAGS), (MOST_TAGS + 1, 0)):
        tags = ";".join([f"+t{number}" for number in range(many)])
        alice.says(f"@{tags} PRIVMSG #dev :hi")
        assert sum(key.startswith("+t") for key in bob.reads()[0].tags) == passed
