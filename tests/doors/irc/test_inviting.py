"""Asking people into rooms, and making them leave: INVITE, KICK."""

from __future__ import annotations

from tests.doors.irc.clients import Irc, host_of
from tests.network import Network
from tests.talkers import TextTalker


def heads(lines: list[str]) -> list[str]:
    """Give the lines without what is for people."""
    return [line.split(" :")[0] for line in lines]


# -- INVITE ----------------------------------------------------------------------------------------------------


def test_who_is_invited_may_come_in(network: Network) -> None:
    """RFC 2812, 3.2.7: 341 to who invites, INVITE to who is invited, and the door is open for them once."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    alice.says("JOIN #dev", "MODE #dev +i")
    bob.hears()
    assert alice.asks("INVITE BOB #DEV") == [":room-1.lan 341 alice bob :#dev"]
    assert bob.hears() == [f":alice!{host_of(network, 'alice')} INVITE bob #dev"]
    assert bob.asks("JOIN #dev")[0].endswith(" JOIN #dev")
    bob.says("PART #dev")
    assert heads(bob.asks("JOIN #dev")) == [":room-1.lan 473 bob #dev"]


def test_ops_hear_who_is_invited(network: Network) -> None:
    """ircv3.net, invite-notify: the room's ops hear of it, if they asked to."""
    alice, bob, carol = Irc(network, "alice", "invite-notify"), Irc(network, "bob"), Irc(network, "carol")
    alice.says("JOIN #dev")
    bob.says("JOIN #dev")
    carol.hears()
    alice.hears()
    bob.says("INVITE carol #dev")
    assert alice.hears() == [f":bob!{host_of(network, 'bob')} INVITE carol #dev"]


def test_who_is_away_is_said_to_be(network: Network) -> None:
    """RFC 2812, 3.2.7: 301 behind 341."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    bob.says("AWAY :lunch")
    alice.says("JOIN #dev")
    assert alice.asks("INVITE bob #dev") == [
        ":room-1.lan 341 alice bob :#dev",
        ":room-1.lan 301 alice bob :lunch",
    ]


def test_one_may_ask_where_one_is_invited(network: Network) -> None:
    """modern.ircdocs.horse, "INVITE message": without parameters 336 for each invitation, and 337."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    alice.says("JOIN #a,#b,#c", "INVITE bob #a", "INVITE bob #c")
    assert bob.asks("INVITE") == [
        ":room-1.lan 336 bob #a",
        ":room-1.lan 336 bob #c",
        ":room-1.lan 337 bob :End of /INVITE list",
    ]
    bob.says("JOIN #a,#c")
    assert bob.asks("INVITE") == [":room-1.lan 337 bob :End of /INVITE list"]


def test_invitations_that_are_refused(network: Network) -> None:
    """RFC 2812, 3.2.7: 401, 403, 442, 443, 461 and 482, each with what it is about."""
    alice, bob, carol = Irc(network, "alice"), Irc(network, "bob"), Irc(network, "carol")
    alice.says("JOIN #dev", "MODE #dev +i", "INVITE bob #dev")
    bob.says("JOIN #dev")
    said = bob.asks("INVITE carol", "INVITE zoe #dev", "INVITE carol #none", "INVITE alice #dev", "INVITE carol #dev")
    assert heads([*said, *carol.asks("INVITE alice #dev")]) == [
        ":room-1.lan 461 bob INVITE",
        ":room-1.lan 401 bob zoe",
        ":room-1.lan 403 bob #none",
        ":room-1.lan 443 bob alice #dev",
        ":room-1.lan 482 bob #dev",
        ":room-1.lan 442 carol #dev",
    ]


# -- KICK ------------------------------------------------------------------------------------------------------


def test_who_is_kicked_has_left(network: Network) -> None:
    """RFC 2812, 3.2.8: everybody in the room hears it with the reason, or with the nick of who does it."""
    alice, bob, carol = Irc(network, "alice"), Irc(network, "bob"), Irc(network, "carol")
    for each in (alice, bob, carol):
        each.says("JOIN #dev")
    bob.hears()
    source = f":alice!{host_of(network, 'alice')}"
    assert alice.asks("KICK #dev bob :no adverts") == [f"{source} KICK #dev bob :no adverts"]
    assert bob.hears() == [f"{source} KICK #dev bob :no adverts"]
    assert alice.asks("KICK #dev carol") == [f"{source} KICK #dev carol alice"]
    assert [member.nick for member in network.hub.rooms.find("#dev").members] == ["alice"]


def test_several_people_leave_one_room(network: Network) -> None:
    """RFC 2812, 3.2.8: one channel and several people, each with a KICK of their own."""
    alice, bob, carol = Irc(network, "alice"), Irc(network, "bob"), Irc(network, "carol")
    for each in (alice, bob, carol):
        each.says("JOIN #dev")
    source = f":alice!{host_of(network, 'alice')}"
    assert alice.asks("KICK #dev bob,zoe,carol out") == [
        f"{source} KICK #dev bob out",
        ":room-1.lan 401 alice zoe :There is no zoe here. /names lists who is.",
        f"{source} KICK #dev carol out",
    ]


def test_several_people_leave_a_room_each(network: Network) -> None:
    """RFC 2812, 3.2.8: as many channels as people; any other number is refused."""
    alice, bob, carol = Irc(network, "alice"), Irc(network, "bob"), Irc(network, "carol")
    for each in (alice, bob, carol):
        each.says("JOIN #a,#b")
    source = f":alice!{host_of(network, 'alice')}"
    assert alice.asks("KICK #a,#b bob,carol") == [f"{source} KICK #a bob alice", f"{source} KICK #b carol alice"]
    assert heads(alice.asks("KICK #a,#b carol")) == [":room-1.lan 461 alice KICK"]


def test_kicks_that_are_refused(network: Network) -> None:
    """RFC 2812, 3.2.8: 401, 403, 441, 442, 461 and 482, each with what it is about."""
    alice, bob, carol = Irc(network, "alice"), Irc(network, "bob"), Irc(network, "carol")
    for each in (alice, bob):
        each.says("JOIN #dev")
    said = alice.asks("KICK #dev", "KICK #none bob", "KICK #dev carol")
    said += bob.asks("KICK #dev alice", "KICK #lobby alice")
    assert heads([*said, *carol.asks("KICK #dev alice")]) == [
        ":room-1.lan 461 alice KICK",
        ":room-1.lan 403 alice #none",
        ":room-1.lan 441 alice carol #dev",
        ":room-1.lan 482 bob #dev",
        ":room-1.lan 482 bob #lobby",
        ":room-1.lan 442 carol #dev",
    ]


def test_who_cannot_be_kicked(network: Network) -> None:
    """482 with the reason: an admin of the server, and who would be nowhere without the lobby."""
    alice, bob, tom = Irc(network, "alice"), Irc(network, "bob"), TextTalker(network, "tom")
    tom.enters()
    alice.says("JOIN #dev")
    bob.says("JOIN #dev")
    network.hub.people.find("bob").admin = True
    assert alice.asks("KICK #dev bob") == [
        ":room-1.lan 482 alice #dev :bob is an admin of the server: only another admin may do that."
    ]
    assert heads(bob.asks("KICK #lobby tom")) == [":room-1.lan 482 bob #lobby"]
    bob.says("PART #dev")
    kicked = f":bob!{host_of(network, 'bob')} KICK #dev alice bob"
    assert bob.asks("KICK #dev alice") == [kicked]  # from outside: admins may
    assert alice.hears()[-1] == kicked


def test_the_longest_names_fit_a_line(network: Network) -> None:
    """RFC 2812, 2.3: nobody is shown another nick than that of who is removed because a line is cut."""
    room, victim = "#" + "日" * 42, "б" * 32
    alice = Irc(network, "д" * 32, "server-time message-tags")
    bob = Irc(network, victim)
    for one in (alice, bob):
        one.says(f"JOIN {room}")
    one_line = alice.asks(f"MODE {room} +o {victim}")
    assert one_line[0].split(" ")[-3:] == [room, "+o", victim]
    assert alice.asks(f"KICK {room} {victim}")[0].split(" ")[3:5] == [room, victim]
    assert alice.asks(f"INVITE {victim} {room}")[0].split(" ")[-2:] == [victim, f":{room}"]
