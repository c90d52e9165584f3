"""Coming into rooms, leaving them, and their topics: JOIN, PART, TOPIC."""

from __future__ import annotations

from lanchat.core.limits import Limits
from lanchat.core.modes import Change, Mode
from tests.doors.irc.clients import Irc, host_of
from tests.network import Network
from tests.talkers import TextTalker

NOW = 1_795_294_845
"""When everything happens here."""


def take(network: Network, room: str, *changes: Change) -> None:
    """Let changes hold in a room without anybody's doing."""
    for change in changes:
        network.hub.rooms.find(room).modes.take(change, "alice", network.hub.stamp())


# -- JOIN ------------------------------------------------------------------------------------------------------


def test_a_newcomer_hears_the_join_and_who_is_there(network: Network) -> None:
    """RFC 2812, 3.2.1: one's own JOIN comes first, then who is in the room; others hear the JOIN alone."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    assert alice.asks("JOIN #dev") == [
        f":alice!{host_of(network, 'alice')} JOIN #dev",
        ":room-1.lan 353 alice = #dev :@alice",
        ":room-1.lan 366 alice #dev :End of /NAMES list",
    ]
    assert bob.asks("JOIN #DEV") == [
        f":bob!{host_of(network, 'bob')} JOIN #dev",
        ":room-1.lan 353 bob = #dev :@alice bob",
        ":room-1.lan 366 bob #dev :End of /NAMES list",
    ]
    assert alice.hears()[-1] == f":bob!{host_of(network, 'bob')} JOIN #dev"


def test_a_newcomer_hears_the_topic_and_who_gave_it(network: Network) -> None:
    """modern.ircdocs.horse, "JOIN message": 332 and 333 stand before the names, where there is a topic."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    alice.says("JOIN #dev", "TOPIC #dev :exam at nine")
    assert bob.asks("JOIN #dev")[1:3] == [
        ":room-1.lan 332 bob #dev :exam at nine",
        f":room-1.lan 333 bob #dev alice {NOW}",
    ]


def test_a_topic_from_nobody_knows_when_has_no_333(network: Network) -> None:
    """modern.ircdocs.horse, "RPL_TOPICWHOTIME": it is left out where it is not known."""
    alice = Irc(network, "alice")
    network.hub.lobby.topic = "welcome"
    assert alice.asks("TOPIC #lobby") == [":room-1.lan 332 alice #lobby :welcome"]


def test_several_rooms_each_with_its_key(network: Network) -> None:
    """RFC 2812, 3.2.1: keys belong to rooms in their order; a room without one may stand behind."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    alice.says("JOIN #a,#b,#c", "MODE #a +k one", "MODE #b +k two")
    said = bob.asks("JOIN #a,#b,,#c one,two")
    assert [line.split(" ")[2] for line in said if " JOIN " in line] == ["#a", "#b", "#c"]
    assert not [line for line in said if " 475 " in line]


def test_a_room_one_is_in_is_passed_over(network: Network) -> None:
    """modern.ircdocs.horse, "JOIN message": nothing is said to who is in the room already."""
    alice = Irc(network, "alice")
    assert alice.asks("JOIN #LOBBY") == []


def test_join_0_leaves_every_room(network: Network) -> None:
    """RFC 2812, 3.2.1: 0 stands for leaving all, and one may be in no room at all."""
    alice = Irc(network, "alice")
    alice.says("JOIN #dev")
    source = f":alice!{host_of(network, 'alice')}"
    assert alice.asks("JOIN 0") == [f"{source} PART #lobby", f"{source} PART #dev"]
    assert not network.hub.people.find("alice").rooms
    assert alice.asks("JOIN 0") == []


def test_names_that_no_room_has(network: Network) -> None:
    """modern.ircdocs.horse, "JOIN message": 403, which clients know, for names that are bad, too."""
    alice = Irc(network, "alice")
    assert alice.asks("JOIN dev,#", "JOIN :#a b") == [
        ":room-1.lan 403 alice dev :A room's name begins with #. Try #dev",
        ":room-1.lan 403 alice # :A room has a name behind the #, for example: #dev",
        ":room-1.lan 403 alice #a :A room's name has no spaces, commas or control characters. Try another one.",
    ]


def test_a_bad_name_does_not_keep_one_out_of_the_others(network: Network) -> None:
    """RFC 2812, 3.2.1: each room of a list is looked at for itself."""
    alice = Irc(network, "alice")
    said = alice.asks("JOIN dev,#dev")
    assert " 403 " in said[0]
    assert said[1].endswith("JOIN #dev")


def test_without_a_name_there_is_nothing_to_join(network: Network) -> None:
    """RFC 2812, 3.2.1: 461 for a list with nothing in it, too."""
    alice = Irc(network, "alice")
    needed = ":room-1.lan 461 alice JOIN :Not enough parameters"
    assert alice.asks("JOIN", "JOIN :", "JOIN ,") == [needed] * 3


def test_doors_that_are_shut(network: Network) -> None:
    """RFC 2812, 3.2.1: 471 full, 473 only for who is invited, 474 banned, 475 another key."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    alice.says("JOIN #full,#shut,#locked,#no")
    take(network, "#full", Change(Mode.LIMIT, True, "1"))
    take(network, "#shut", Change(Mode.INVITE_ONLY))
    take(network, "#locked", Change(Mode.KEY, True, "sesame"))
    take(network, "#no", Change(Mode.BAN, True, "bob!*@*"))
    said = bob.asks("JOIN #full,#shut,#locked,#no x,x,guess")
    assert [line.split(" :")[0] for line in said] == [
        ":room-1.lan 471 bob #full",
        ":room-1.lan 473 bob #shut",
        ":room-1.lan 475 bob #locked",
        ":room-1.lan 474 bob #no",
    ]


def test_nobody_is_in_more_rooms_than_the_limit() -> None:
    """RFC 2812, 3.2.1: 405; ISUPPORT CHANLIMIT says how many."""
    network = Network(Limits(rate=0, rooms=2))
    alice = Irc(network, "alice")
    assert alice.asks("JOIN #a,#b")[-1] == ":room-1.lan 405 alice #b :You are in 2 rooms. /part one of them first."


# -- PART ------------------------------------------------------------------------------------------------------


def test_who_leaves_is_heard_with_the_reason(network: Network) -> None:
    """RFC 2812, 3.2.2: several rooms, one reason; the one who leaves and those who stay hear the same."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    alice.says("JOIN #dev")
    bob.hears()
    source = f":alice!{host_of(network, 'alice')}"
    assert alice.asks("PART #dev,#lobby :back at nine") == [
        f"{source} PART #dev :back at nine",
        f"{source} PART #lobby :back at nine",
    ]
    assert bob.hears() == [f"{source} PART #lobby :back at nine"]


def test_a_long_reason_is_cut(network: Network) -> None:
    """modern.ircdocs.horse, "PART message": the server may cut it; nobody has to stay for a long word."""
    alice = Irc(network, "alice")
    assert alice.asks(f"PART #lobby :{'x' * 400}")[0].endswith(f"PART #lobby {'x' * 390}")


def test_rooms_that_cannot_be_left(network: Network) -> None:
    """RFC 2812, 3.2.2: 403 where there is no such room, or where it is hidden; 442 where one is not in it."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    alice.says("JOIN #dev,#secret", "MODE #secret +s")
    said = bob.asks("PART #none,#dev,#secret,dev")
    assert [line.split(" :")[0] for line in said] == [
        ":room-1.lan 403 bob #none",
        ":room-1.lan 442 bob #dev",
        ":room-1.lan 403 bob #secret",
        ":room-1.lan 403 bob dev",
    ]


# -- TOPIC -----------------------------------------------------------------------------------------------------


def test_a_topic_is_given_shown_and_taken_away(network: Network) -> None:
    """RFC 2812, 3.2.4: TOPIC sets it, an empty one clears it; 331 and 332 with 333 say how it is."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    source = f":alice!{host_of(network, 'alice')}"
    assert alice.asks("TOPIC #lobby") == [":room-1.lan 331 alice #lobby :No topic is set"]
    bob.hears()
    assert alice.asks("TOPIC #lobby :exam at nine") == [f"{source} TOPIC #lobby :exam at nine"]
    assert bob.hears() == [f"{source} TOPIC #lobby :exam at nine"]
    assert bob.asks("TOPIC #lobby") == [
        ":room-1.lan 332 bob #lobby :exam at nine",
        f":room-1.lan 333 bob #lobby alice {NOW}",
    ]
    assert alice.asks("TOPIC #lobby :") == [f"{source} TOPIC #lobby :"]
    assert bob.asks("TOPIC #lobby")[-1] == ":room-1.lan 331 bob #lobby :No topic is set"


def test_a_long_topic_is_cut_at_a_character(network: Network) -> None:
    """ISUPPORT TOPICLEN: a longer one is cut, as IRC servers do."""
    alice, tom = Irc(network, "alice"), TextTalker(network, "tom")
    tom.enters()
    alice.says(f"TOPIC #lobby :{'é' * 120}{'x' * 200}")
    assert network.hub.lobby.topic == "é" * 120 + "x" * 200
    network.hub.limits = Limits(rate=0, topic=100)
    alice.says(f"TOPIC #lobby :{'é' * 120}")
    assert network.hub.lobby.topic == "é" * 100


def test_topics_one_may_not_see_or_give(network: Network) -> None:
    """RFC 2812, 3.2.4: 403 no such room, 442 not in it, 482 only its ops may; who looks from outside may see it."""
    alice, bob, carol = Irc(network, "alice"), Irc(network, "bob"), Irc(network, "carol")
    alice.says("JOIN #dev", "TOPIC #dev :build", "MODE #dev +t", "JOIN #secret", "MODE #secret +s")
    carol.says("JOIN #dev")
    assert bob.asks("TOPIC #dev")[0] == ":room-1.lan 332 bob #dev :build"
    said = [*bob.asks("TOPIC #none", "TOPIC #secret", "TOPIC :", "TOPIC #dev :mine"), *carol.asks("TOPIC #dev :mine")]
    assert [line.split(" :")[0] for line in said] == [
        ":room-1.lan 403 bob #none",
        ":room-1.lan 403 bob #secret",
        ":room-1.lan 403 bob *",
        ":room-1.lan 442 bob #dev",
        ":room-1.lan 482 carol #dev",
    ]


def test_a_room_that_was_left_is_not_in_view(network: Network) -> None:
    """Who is in no room says nothing by a command that names none: another room may have that name by now."""
    mallory, alice = Irc(network, "mallory"), Irc(network, "alice")
    mallory.says("JOIN #dev", "MODE #dev -n", "JOIN 0")
    del network.hub.rooms["#dev"], network.hub.rooms.vacant["#dev"]  # too many others stand empty
    alice.says("JOIN #dev", "MODE #dev +im")
    alice.hears()
    for line in ("SAY :let me in", "ME waves", "MODES", "LOCK"):
        assert mallory.asks(line)[-1].startswith(":room-1.lan NOTICE mallory :-- You are not in #dev.")
    assert alice.hears() == []


def test_a_room_is_named_once(network: Network) -> None:
    """RFC 2812, 3.2.1: one JOIN tries one key of a room, or a hundred of them would be guessed at once."""
    alice, mallory = Irc(network, "alice"), Irc(network, "mallory")
    alice.says("JOIN #dev", "MODE #dev +k 3")
    assert [line.split(" ")[1] for line in mallory.asks("JOIN #dev,#DEV,#dev,#lan 1,2,5")] == [
        "475",
        "JOIN",
        "353",
        "366",
    ]
