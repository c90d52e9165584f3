"""What the link promises: it comes back, it says everything once, it stays who it is."""

from __future__ import annotations

from twisted.internet import error

from lanchat.client.endings import CannotConnect, GaveUp, KeyRefused, NickRefused
from lanchat.client.front import State
from lanchat.client.link import MOST
from lanchat.client.resume import MISSING
from tests.client.peers import Joined, Peer, Seen


def ops(peer: Peer) -> list[tuple[str, str]]:
    """What the server was asked, and the text of it."""
    return [(each["op"], each.get("text", each.get("nick", ""))) for each in peer.reads()]


def test_it_introduces_itself_and_is_in() -> None:
    joined = Joined(rooms=["#dev"]).starts()
    peer = joined.network.accepts()
    assert peer.reads() == [{"op": "hello", "nick": "ann", "rooms": ["#dev"], "ref": "hello", "client": "c"}]
    assert joined.entered == []
    peer.welcomes("ann", "#dev")
    assert joined.entered == [None]
    assert joined.link.state is State.UP
    assert joined.conversation.view == "#dev"
    assert joined.front.shown == [("Welcome", True), *[("Joined", True), ("Entered", True)] * 2]


def test_what_is_sent_is_acknowledged_by_its_reference() -> None:
    joined = Joined()
    peer = joined.comes_in()
    assert joined.types("hi")
    assert peer.reads() == [{"op": "say", "room": "#lobby", "text": "hi", "ref": "1"}]
    assert len(joined.link.outbox) == 1
    peer.happens("said", room="#lobby", nick="ann", text="hi", ref="1")
    assert len(joined.link.outbox) == 0
    assert joined.front.shown[-1] == ("Said", True)
    peer.happens("said", room="#lobby", nick="bob", text="hi")
    assert joined.front.shown[-1] == ("Said", False)


def test_a_room_is_entered_only_when_the_view_is_there() -> None:
    joined = Joined()
    peer = joined.comes_in()
    joined.types("/join #dev")
    peer.happens("joined", room="#dev", nick="ann", ref="1")
    assert len(joined.link.outbox) == 1
    peer.sends("entered", room="#dev", nick="ann", nicks=["ann"], people=1, ref="1")
    assert len(joined.link.outbox) == 0


def test_a_dropped_line_comes_back_with_its_rooms_and_sends_what_waited() -> None:
    joined = Joined()
    peer = joined.comes_in("#dev", "#ops")
    joined.types("sure")
    peer.happens("said", room="#ops", nick="ann", text="sure", ref="1")
    joined.types("maybe")
    peer.drops()
    assert joined.link.state is State.DOWN
    assert joined.front.notes == ["The line dropped. Trying again; what you type is sent when it is back."]
    joined.types("later")
    joined.types("much later")
    joined.clock.advance(1)
    peer = joined.network.accepts()
    (hello,) = peer.reads()
    assert (hello["nick"], hello["rooms"]) == ("ann", ["#dev", "#ops"])
    before = len(joined.front.shown)
    peer.welcomes("ann", "#dev", "#ops")
    assert ops(peer) == [("say", "later"), ("say", "much later")]
    assert joined.front.notes[1:] == ["Connected again after 1 second.", "May not have arrived: maybe"]
    assert joined.front.shown[before:] == [(MISSING, True)]
    assert joined.conversation.view == "#ops"
    assert joined.link.uncertain == 1


def test_the_view_and_the_away_text_come_back_too() -> None:
    joined = Joined()
    peer = joined.comes_in("#dev")
    joined.types("/join #lobby")
    peer.enters("#lobby", "ann", ref="1")
    peer.happens("away", nick="ann", text="lunch", ref="2")
    for _ in range(2):  # the second time, it is not known yet whether we are away again
        peer.drops()
        joined.clock.advance(1)
        peer = joined.network.accepts()
        peer.reads()
        peer.welcomes("ann", "#dev")
    assert peer.reads() == [
        {"op": "away", "text": "lunch", "ref": "away"},
        {"op": "join", "room": "#lobby", "ref": "view"},
    ]
    peer.happens("away", nick="ann", text="lunch", ref="away")
    assert (joined.conversation.view, joined.conversation.away) == ("#lobby", "lunch")


def test_it_waits_longer_after_each_failure_until_it_is_in() -> None:
    joined = Joined()
    peer = joined.comes_in()
    peer.drops()
    waits = []
    for _ in range(14):
        began = joined.clock.seconds()
        while not joined.network.attempts:
            joined.clock.advance(0.25)
        waits.append(joined.clock.seconds() - began)
        joined.network.accepts().drops()  # connected, and yet not in
    assert waits[0] == 1
    assert waits == sorted(waits)
    assert waits[-1] == 60
    assert len(joined.front.notes) == 1
    joined.clock.advance(60)
    joined.network.accepts().welcomes()
    assert joined.link.state is State.UP
    assert joined.link._delay(1) == 1


def test_what_cannot_get_better_ends_it_at_once() -> None:
    for why in (error.DNSLookupError(), error.ConnectionRefusedError()):
        joined = Joined().starts()
        joined.network.refuses(why)
        assert joined.entered[0].check(CannotConnect)
        assert isinstance(joined.ended[0], CannotConnect)
        joined.clock.advance(100)
        assert joined.network.attempts == []


def test_a_refused_nick_ends_the_first_attempt() -> None:
    joined = Joined().starts()
    peer = joined.network.accepts()
    peer.sends("refused", ref="hello", code="nick-taken", text="ann is here already.")
    assert joined.entered[0].check(NickRefused)
    assert joined.entered[0].getErrorMessage() == "ann is here already."
    joined.clock.advance(0)
    assert peer.transport.disconnecting


def test_a_full_server_says_so() -> None:
    joined = Joined().starts()
    peer = joined.network.accepts()
    peer.sends("closed", text="This server is full.")
    peer.drops()
    assert str(joined.ended[0]) == "This server is full."


def test_a_server_that_is_none_is_given_up() -> None:
    joined = Joined().starts()
    peer = joined.network.accepts()
    peer.line(b"HTTP/1.1 400 Bad Request")
    joined.clock.advance(30)
    assert peer.aborted
    assert str(joined.ended[0]) == "No lanchat answers there. Check the port."


def test_a_key_that_changes_meanwhile_is_the_end() -> None:
    joined = Joined()
    joined.comes_in().drops()
    joined.clock.advance(1)
    joined.network.accepts().drops(KeyRefused("changed"))
    assert str(joined.ended[0]) == "changed"


def test_our_own_ghost_does_not_keep_us_out() -> None:
    joined = Joined()
    joined.comes_in().drops()
    joined.clock.advance(1)
    peer = joined.network.accepts()
    peer.reads()
    for tried in ("ann_", "ann__"):
        peer.sends("refused", ref="hello", code="nick-taken", text="x")
        assert ops(peer) == [("hello", tried)]
    peer.welcomes("ann__")
    assert "ann is still here" in joined.front.notes[-1]
    assert joined.conversation.nick == "ann__"
    joined.clock.advance(5)
    assert ops(peer) == [("nick", "ann")]
    before = len(joined.front.shown)
    peer.sends("refused", ref="nick", code="nick-taken", text="x")
    assert len(joined.front.shown) == before
    joined.clock.advance(1)
    peer.happens("quit", nick="Ann")
    joined.clock.advance(0)
    assert ops(peer) == [("nick", "ann")]
    peer.happens("renamed", nick="ann__", new="ann", ref="nick")
    assert joined.conversation.nick == "ann"
    joined.clock.advance(120)
    assert ops(peer) == []


def test_asking_for_the_nick_has_an_end() -> None:
    joined = Joined()
    joined.comes_in().drops()
    joined.clock.advance(1)
    peer = joined.network.accepts()
    peer.sends("refused", ref="hello", code="nick-taken", text="x")
    peer.welcomes("ann_")
    peer.reads()
    asked = 0
    for _ in range(40):
        joined.clock.advance(10)
        asked += len([op for op in peer.reads() if op["op"] == "nick"])
        peer.sends("pong")
    assert asked == 12


def test_a_nick_that_the_person_took_is_the_one_that_is_wanted() -> None:
    joined = Joined()
    peer = joined.comes_in()
    peer.happens("renamed", nick="ann", new="anna", ref="1")
    peer.drops()
    joined.clock.advance(1)
    assert ops(joined.network.accepts()) == [("hello", "anna")]


def test_when_no_nick_is_free_it_tries_again_later() -> None:
    joined = Joined()
    joined.comes_in().drops()
    joined.clock.advance(1)
    peer = joined.network.accepts()
    while not peer.aborted:
        peer.sends("refused", ref="hello", code="nick-taken", text="x")
    joined.clock.advance(5)
    assert len(joined.network.attempts) == 1
    peer = joined.network.accepts()
    peer.sends("refused", ref="hello", code="full", text="Too many people are here.")
    assert peer.aborted
    assert joined.front.shown[-1] == ("Refusal", True)


def test_rooms_that_were_not_entered_yet_when_the_line_dropped_are_entered_then() -> None:
    joined = Joined(rooms=["#dev", "#ops", "#A,B"]).starts()
    peer = joined.network.accepts()
    peer.welcomes("ann", "#dev")
    peer.sends("refused", ref="hello", code="bad-room", text="No.", room="#A,B")
    peer.drops()
    joined.clock.advance(1)
    assert joined.network.accepts().reads()[0]["rooms"] == ["#ops", "#dev"]


def test_a_room_is_come_back_to_though_the_line_dropped_in_the_middle_of_entering_it() -> None:
    joined = Joined()
    peer = joined.comes_in()
    joined.types("/join #dev")
    peer.happens("joined", room="#dev", nick="ann", ref="1")
    peer.drops()
    joined.clock.advance(1)
    peer = joined.network.accepts()
    assert peer.reads()[0]["rooms"] == ["#dev"]
    peer.welcomes("ann", "#dev")
    assert [(op["ref"], op["room"]) for op in peer.reads()] == [("view", "#lobby"), ("1", "#dev")]
    assert joined.conversation.view == "#lobby"
    peer.sends("entered", room="#dev", nick="ann", nicks=["ann"], people=1, ref="1")
    assert joined.conversation.view == "#dev"


def test_a_room_that_nobody_asked_for_says_only_who_is_there() -> None:
    """Who fell behind is told the rooms once more when everything is read."""
    joined = Joined()
    peer = joined.comes_in("#dev")
    before = len(joined.front.shown)
    peer.sends("entered", ref="5", room="#lobby", nick="ann", nicks=["ann", "bob"], people=2)
    assert joined.front.shown[before:] == []
    assert joined.conversation.view == "#dev"
    assert list(joined.conversation.rooms["#lobby"].people) == ["ann", "bob"]


def test_who_is_kicked_out_of_the_room_in_view_is_shown_where_they_are_now() -> None:
    joined = Joined()
    peer = joined.comes_in("#dev", "#ops")
    joined.front.shown.clear()
    peer.happens("kicked", room="#ops", nick="bob", who="Ann")
    peer.enters("#dev", "ann", "bob")
    assert joined.front.shown == [("Kicked", False), ("Entered", False)]
    assert joined.conversation.view == "#dev"
    peer.happens("kicked", room="#lobby", nick="bob", who="ann")
    peer.enters("#dev", "ann")
    assert joined.front.shown[2:] == [("Kicked", False)]
    peer.happens("kicked", room="#dev", nick="bob", who="ann")
    peer.happens("joined", room="#lobby", nick="ann")
    peer.enters("#lobby", "ann")
    assert joined.front.shown[3:] == [("Kicked", False), ("Entered", False)]
    assert (joined.conversation.view, list(joined.conversation.rooms)) == ("#lobby", ["#lobby"])


def test_a_room_that_is_locked_when_the_line_comes_back_is_told_and_left() -> None:
    joined = Joined()
    peer = joined.comes_in("#dev")
    peer.drops()
    joined.clock.advance(1)
    peer = joined.network.accepts()
    peer.reads()
    joined.front.shown.clear()
    peer.welcomes("ann")
    peer.sends("refused", ref="hello", code="invite-only", text="Only who is invited.", room="#dev")
    assert joined.front.shown == [(MISSING, True), ("Refusal", True)]
    assert (joined.conversation.view, joined.conversation.to_rejoin()) == ("#lobby", [])


def test_what_may_not_have_arrived_is_said_at_the_end_too() -> None:
    joined = Joined()
    joined.comes_in()
    joined.types("hi")
    joined.link.leave()
    joined.clock.advance(3)
    assert joined.ended == [None]
    assert joined.front.notes == ["May not have arrived: hi"]
    assert joined.link.uncertain == 1


def test_people_who_call_us_by_the_nick_of_our_ghost_mean_us() -> None:
    joined = Joined()
    joined.comes_in("#dev").drops()
    joined.clock.advance(1)
    peer = joined.network.accepts()
    peer.sends("refused", ref="hello", code="nick-taken", text="x")
    peer.welcomes("ann_", "#dev")
    peer.happens("said", room="#lobby", nick="bob", text="ann, are you there?")
    peer.happens("said", room="#lobby", nick="bob", text="or ann_?")
    assert joined.conversation.rooms["#lobby"].named
    assert joined.conversation.named("ann or ann_") == [(0, 3), (7, 11)]
    peer.happens("renamed", nick="ann_", new="zed", ref="7")
    assert joined.conversation.named("ann or ann_") == []


def test_too_much_that_waits_is_said_so() -> None:
    joined = Joined()
    joined.comes_in().drops()
    assert all(joined.types("x") for _ in range(MOST))
    assert not joined.types("x")


def test_a_patience_has_an_end() -> None:
    joined = Joined(patience=300)
    joined.comes_in().drops()
    joined.clock.advance(1)
    joined.network.refuses(error.ConnectionRefusedError())
    joined.clock.advance(299)
    assert isinstance(joined.ended[0], GaveUp)
    assert str(joined.ended[0]) == "The line dropped, and was not back within 5 minutes."


def test_leaving_says_goodbye_and_waits_for_it() -> None:
    joined = Joined()
    peer = joined.comes_in()
    joined.link.leave("tired")
    joined.link.leave("tired")
    assert peer.reads() == [{"op": "quit", "reason": "tired", "ref": "quit"}]
    assert joined.ended == []
    peer.sends("closed", ref="quit", text="")
    peer.drops()
    assert joined.ended == [None]


def test_a_server_that_does_not_let_go_is_left() -> None:
    joined = Joined()
    peer = joined.comes_in()
    joined.link.leave()
    joined.clock.advance(3)
    assert peer.aborted
    assert joined.ended == [None]


def test_leaving_needs_no_line() -> None:
    joined = Joined()
    joined.comes_in().drops()
    joined.link.leave()
    assert joined.ended == [None]
    joined.clock.advance(100)
    assert joined.network.attempts == []


def test_leaving_before_being_in() -> None:
    joined = Joined().starts()
    joined.link.abort()
    joined.link.abort()
    assert joined.ended == [None]
    assert joined.entered[0].check(CannotConnect)
    joined.clock.advance(0)


def test_reading_can_be_paused() -> None:
    joined = Joined()
    joined.link.pause()
    joined.link.resume()
    peer = joined.comes_in()
    joined.link.pause()
    assert peer.transport.producerState == "paused"
    joined.link.resume()
    assert peer.transport.producerState == "producing"


def test_a_front_sees_every_line() -> None:
    joined = Joined()
    peer = joined.comes_in()
    before = len(joined.front.lines)
    peer.line(b'{"event":"from-later","x":1}')
    assert joined.front.lines[before:] == [b'{"event":"from-later","x":1}']
    assert isinstance(joined.front, Seen)
