"""What was said while the line was down, as the server tells it and as a person is shown it."""

from __future__ import annotations

from typing import Any

import pytest

from lanchat.client.resume import BEGINS, ENDS, MISSING, NOTHING
from tests.client.peers import LIMITS, NOON, Joined, Peer

OLD = "journal-1"


class Returning:
    """Somebody whose line dropped after event 10, and who is connected again."""

    def __init__(self, *typed: str, rooms: tuple[str, ...] = ("#dev",)) -> None:
        self.rooms = ("#lobby", *rooms)
        self.joined = Joined()
        peer = self.joined.starts().network.accepts()
        peer.welcomes("ann", *rooms, journal=OLD)
        self.said(peer, 10, "before")
        for line in typed:
            self.joined.types(line)
        self.front = self.joined.front
        self.peer = peer
        self.returns()

    def returns(self) -> None:
        self.peer.drops()
        self.joined.clock.advance(1)
        self.peer = self.joined.network.accepts()
        (self.hello,) = self.peer.reads()
        self.front.shown.clear()

    def said(self, peer: Peer, number: int, text: str, kind: str = "said", **fields: Any) -> None:
        peer.sends(kind, **{"id": number, "time": NOON, "room": "#lobby", "nick": "bob", "text": text, **fields})

    def welcomes(self, journal: str = OLD, nick: str = "ann", came_in: int = 0) -> None:
        """Answer the hello, up to the rooms; to who is new there, our coming in has numbers from ``came_in``."""
        peer = self.peer
        peer.sends(
            "welcome", ref="hello", server="room-1", version="1", nick=nick, people=1, limits=LIMITS, journal=journal
        )
        for number, room in enumerate(self.rooms, came_in):
            if came_in:
                peer.sends("joined", id=number, time=NOON, room=room, nick=nick, ref="hello")
            self.enters(room, nick, ref="hello")

    def misses(self, number: int, text: str, **fields: Any) -> None:
        self.said(self.peer, number, text, **fields)

    def enters(self, room: str, *nicks: str, ref: str = "") -> None:
        self.peer.sends("entered", ref=ref, room=room, nick=nicks[0], nicks=nicks, people=len(nicks))

    def is_back(self) -> None:
        """Tell the rooms once more."""
        for room in self.rooms:
            self.enters(room, "ann", "zoe")

    @property
    def shown(self) -> list[str]:
        return [name for name, _ in self.front.shown]


def test_a_hello_says_what_was_heard_last() -> None:
    ann = Returning()
    assert (ann.hello["since"], ann.hello["journal"], ann.hello["client"]) == (10, OLD, "c")


def test_what_was_said_meanwhile_stands_between_two_marks() -> None:
    ann = Returning()
    ann.welcomes()
    ann.misses(11, "ann?")
    ann.misses(12, "now", kind="topic")
    ann.misses(13, "waves", kind="acted")
    ann.is_back()
    ann.misses(30, "live")
    assert ann.shown == [BEGINS, "Said", "Topic", "Acted", ENDS, "Said"]
    lobby = ann.joined.conversation.rooms["#lobby"]
    assert (lobby.unread, lobby.named) == (4, True)  # with what was said before
    assert ann.joined.conversation.view == "#dev"


def test_that_nothing_was_said_is_one_line() -> None:
    ann = Returning()
    ann.welcomes()
    ann.is_back()
    assert ann.shown == [NOTHING]


def test_who_came_and_went_meanwhile_is_neither_shown_nor_counted() -> None:
    ann = Returning()
    ann.welcomes()
    for number, (event, nick) in enumerate([("joined", "yan"), ("parted", "zoe"), ("parted", "ann")], 11):
        ann.peer.sends(event, id=number, time=NOON, room="#lobby", nick=nick)
    ann.peer.sends("joined", id=21, time=NOON, room="#lobby", nick="ann")
    ann.is_back()
    assert ann.shown == [NOTHING]
    assert list(ann.joined.conversation.rooms["#lobby"].people) == ["ann", "zoe"]
    ann.peer.sends("joined", id=30, time=NOON, room="#lobby", nick="yan")
    assert ann.shown == [NOTHING, "Joined"]


def test_what_ops_did_meanwhile_is_shown_but_for_who_had_to_leave() -> None:
    ann = Returning()
    ann.welcomes()
    ann.peer.sends("kicked", id=11, time=NOON, room="#dev", nick="bob", who="zoe")
    changes = [{"mode": "op", "value": "zoe"}]
    ann.peer.sends("changed", id=12, time=NOON, room="#dev", nick="bob", changes=changes)
    ann.is_back()
    assert ann.shown == [BEGINS, "Changed", ENDS]


def test_who_was_kicked_before_the_line_dropped_and_is_in_again_is_there() -> None:
    ann = Returning()
    ann.welcomes()
    ann.peer.sends("kicked", id=11, time=NOON, room="#dev", nick="bob", who="ann")
    assert list(ann.joined.conversation.rooms) == ["#lobby"]
    for room in ann.rooms:
        ann.peer.enters(room, "ann")
    assert list(ann.joined.conversation.rooms) == ["#lobby", "#dev"]
    assert ann.shown == ["Kicked", NOTHING, "Entered"]


def test_who_is_kicked_while_catching_up_is_not_waited_for() -> None:
    ann = Returning()
    ann.welcomes()
    ann.misses(11, "x")
    ann.peer.sends("kicked", id=20, time=NOON, room="#dev", nick="bob", who="ann")
    ann.peer.enters("#lobby", "ann", "zoe")
    assert ann.shown == [BEGINS, "Said", "Kicked", ENDS, "Entered"]
    assert (ann.joined.conversation.view, list(ann.joined.conversation.rooms)) == ("#lobby", ["#lobby"])


def test_what_was_sent_is_sent_again_under_its_reference_before_what_was_typed_later() -> None:
    ann = Returning("one", "/names", "two")
    ann.joined.types("later")
    ann.welcomes()
    sent = [(op["ref"], op.get("text", "")) for op in ann.peer.reads()]
    assert sent == [("1", "one"), ("2", ""), ("3", "two"), ("4", "later")]
    assert ann.front.notes[1:] == ["Connected again after 1 second."]
    assert ann.joined.link.uncertain == 0


def test_our_own_words_are_shown_once_whichever_way_we_hear_that_they_arrived() -> None:
    ann = Returning("one", "/me two", "three", "/msg bob psst")
    ann.rooms = ("#lobby", "#dev")
    ann.welcomes()
    ann.misses(11, "one", nick="ann", room="#dev")
    ann.misses(12, "two", nick="ann", room="#dev", kind="acted")
    ann.is_back()
    assert ann.front.shown == [("Said", True), ("Acted", True), (NOTHING, True)]
    for ref, number in (("1", 11), ("2", 12), ("4", 13)):
        ann.peer.sends("acknowledged", ref=ref, id=number)
    ann.misses(31, "three", nick="ann", room="#dev", ref="3")
    assert ann.shown[3:].count("Said") == 1
    assert ann.front.notes[2:] == ["Arrived before the line dropped: /msg bob psst"]
    assert len(ann.joined.link.outbox) == 0


def test_our_own_words_are_ours_under_the_nick_that_we_had() -> None:
    ann = Returning("one")
    ann.peer.sends("refused", ref="hello", code="nick-taken", text="x")
    ann.welcomes(nick="ann_")
    ann.misses(11, "one", nick="ann", room="#dev")
    ann.misses(12, "somebody else", nick="ann", room="#dev")
    assert ann.front.shown == [("Said", True), (BEGINS, True), ("Said", False)]


@pytest.mark.parametrize("drops_at", ["before", "in the middle", "at the end"])
def test_another_drop_in_the_middle_begins_where_it_ended(drops_at: str) -> None:
    ann = Returning()
    ann.welcomes()
    heard = 10
    if drops_at != "before":
        ann.misses(11, "x")
        heard = 11
    if drops_at == "at the end":
        ann.is_back()
        ann.misses(30, "x")
        heard = 30
    ann.returns()
    assert ann.hello["since"] == heard
    ann.welcomes()
    ann.misses(31, "y")
    ann.is_back()
    assert ann.shown == [BEGINS, "Said", ENDS]


def test_what_is_not_kept_any_more_is_said_where_it_is_missing() -> None:
    ann = Returning()
    ann.welcomes()
    ann.peer.sends("missed", since=10, until=15)
    ann.misses(16, "x")
    ann.returns()
    assert ann.hello["since"] == 16
    ann.welcomes()
    ann.peer.sends("missed", since=16, until=19)
    assert ann.shown == [BEGINS, "Missed"]
    ann.returns()
    assert ann.hello["since"] == 19


def test_another_journal_knows_nothing_of_us() -> None:
    ann = Returning("one", "/names")
    ann.welcomes("journal-2", came_in=1)
    assert [op["op"] for op in ann.peer.reads()] == ["names"]
    ann.peer.sends("backlog", ref="hello", room="#lobby", events=[])
    assert ann.shown == [MISSING, "Backlog"]
    assert ann.front.notes[1:] == ["Connected again after 1 second.", "May not have arrived: one"]
    assert ann.joined.link.uncertain == 1
    ann.peer.sends("joined", id=5, time=NOON, room="#lobby", nick="yan")
    assert ann.shown[-1] == "Joined"
    ann.returns()
    assert (ann.hello["since"], ann.hello["journal"]) == (5, "journal-2")


def test_a_journal_that_was_put_back_does_not_know_what_we_heard() -> None:
    ann = Returning("one")
    ann.welcomes(came_in=7)
    assert [op["text"] for op in ann.peer.reads()] == ["one"]
    assert ann.shown == [MISSING]
    ann.peer.sends("joined", id=9, time=NOON, room="#lobby", nick="yan")
    ann.returns()
    assert ann.hello["since"] == 9


def test_before_anything_was_heard_there_is_nothing_to_come_back_to() -> None:
    joined = Joined().starts()
    peer = joined.network.accepts()
    peer.sends("welcome", ref="hello", server="room-1", version="1", nick="ann", people=1, limits=LIMITS, journal=OLD)
    joined.types("one")
    peer.drops()
    joined.clock.advance(1)
    peer = joined.network.accepts()
    assert "since" not in peer.reads()[0]
    peer.welcomes(journal=OLD)
    assert [op["ref"] for op in peer.reads()] == ["1"]
    assert joined.front.marks == [MISSING]


@pytest.mark.parametrize("live", [{"event": "quit", "nick": "bob"}, {"event": "acknowledged", "ref": "1"}])
def test_what_can_only_happen_now_says_that_all_is_told(live: dict[str, str]) -> None:
    ann = Returning("one")
    ann.welcomes()
    ann.peer.sends("notice", text="History has stopped.")
    ann.misses(11, "x")
    ann.peer.sends(**live, id=12, time=NOON)  # type: ignore[arg-type]
    assert ann.shown[:4] == ["Notice", BEGINS, "Said", ENDS]


def test_private_words_and_what_was_taken_away_are_missed_like_all_others() -> None:
    ann = Returning()
    ann.welcomes()
    ann.peer.sends("told", id=11, time=NOON, nick="bob", to="ann", text="psst", kept=True)
    ann.peer.sends("deleted", id=12, time=NOON, nick="bob", room="#dev", of=4)
    ann.is_back()
    assert ann.front.marks == [BEGINS, ENDS]


def test_private_words_of_ours_that_arrived_are_known_again() -> None:
    ann = Returning("/msg bob psst")
    ann.welcomes()
    ann.peer.sends("told", id=11, time=NOON, nick="ann", to="bob", text="psst", kept=True)
    ann.is_back()
    ann.peer.sends("acknowledged", ref="1", id=11)
    assert ann.front.marks == [NOTHING]
    assert ("Told", True) in ann.front.shown
    assert not any("Arrived before" in note for note in ann.front.notes)


def test_the_rooms_of_another_device_are_told_twice_before_what_was_missed() -> None:
    ann = Returning()
    ann.welcomes()
    ann.enters("#dev", "ann", ref="hello")
    ann.enters("#lobby", "ann", ref="hello")
    ann.misses(11, "ann?")
    ann.is_back()
    assert ann.front.marks == [BEGINS, ENDS]
