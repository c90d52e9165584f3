"""Floods, slow readers, long lines and ends: what is the same at every door of lines."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.logger import LogEvent, formatEvent

from lanchat.core.limits import Limits
from lanchat.doors.door import LineDoor
from tests.network import Network
from tests.talkers import JsonTalker, SecureJsonTalker, SecureTextTalker, Talker, TextTalker

DOORS = [TextTalker, SecureTextTalker, JsonTalker, SecureJsonTalker]
every_door = pytest.mark.parametrize("door", DOORS, ids=[door.door for door in DOORS])


def meet(network: Network, door: type[Talker], *nicks: str) -> list[Talker]:
    """Let the first one in by a door, and the others as text."""
    people = [(TextTalker if number else door)(network, nick) for number, nick in enumerate(nicks)]
    for person in people:
        person.enters()
    for person in people:
        person.hears()
    return people


def lines(nick: str, count: int, size: int = 0) -> list[str]:
    return [f"<{nick}> {number}{'.' * size}" for number in range(count)]


# -- floods --------------------------------------------------------------------------------------------------


@every_door
def test_flood_is_slowed_and_loses_nothing(door: type[Talker]) -> None:
    """The first burst is free, then two lines a second are heard, and in the end all of them in their order."""
    network = Network(Limits(per_address=0))
    alice, bob = meet(network, door, "alice", "bob")
    network.reactor.wait(60)
    alice.wire.sends(b"".join(alice.typed(str(number)) for number in range(100)))
    assert bob.hears() == lines("alice", 11)
    network.reactor.wait(10)
    heard = bob.hears()
    assert len(heard) <= 20
    for _ in range(100):
        network.reactor.wait(0.5)
    assert lines("alice", 11) + heard + bob.hears() == lines("alice", 100)


def test_much_work_is_a_flood_too() -> None:
    """A line that takes long counts as several, but never as more than the whole burst."""
    network = Network(Limits(per_address=0))
    alice, bob = meet(network, JsonTalker, "alice", "bob")
    network.reactor.wait(60)
    now, effort = 0.0, 0.0

    def spent() -> float:
        nonlocal now
        now += effort
        return now

    network.factory.spent = spent
    for each, waits in ((0.002, 0.0), (0.008, 0.0), (0.03, 0.5), (30.0, 0.5)):
        effort = each
        alice.says("hard")
        alice.says("next")
        heard = ["<alice> hard", "<alice> next"]
        if waits:
            network.reactor.wait(waits - 0.1)
            assert bob.hears() == heard[:1]
            network.reactor.wait(0.2)
            heard = heard[1:]
        assert bob.hears() == heard
        network.reactor.wait(60)


@every_door
def test_flooder_is_not_read_from(door: type[Talker]) -> None:
    """What a flooder sends stays in the network: the server does not collect it."""
    network = Network(Limits(per_address=0))
    alice, _ = meet(network, door, "alice", "bob")
    for _ in range(20):
        alice.wire.sends(alice.typed("x" * 100) * 500)
    assert len(alice.wire.socket.inbox) > 900_000


@every_door
def test_flood_before_an_end_is_heard_to_its_end(door: type[Talker]) -> None:
    """A script that pipes many lines in and hangs up has said all of them."""
    network = Network(Limits(per_address=0))
    alice, bob = meet(network, door, "alice", "bob")
    alice.wire.types(b"".join(alice.typed(str(number)) for number in range(30)))
    alice.wire.hangs_up()
    for _ in range(40):
        network.reactor.wait(0.5)
    assert bob.hears() == [*lines("alice", 30), "-- alice left"]
    assert list(network.hub.people.members) == ["bob"]


@every_door
def test_flooder_who_vanishes_leaves_no_ghost(door: type[Talker]) -> None:
    """Lines that were not heard yet when the connection is lost bring nobody back."""
    network = Network(Limits(per_address=0))
    alice, bob = meet(network, door, "alice", "bob")
    alice.wire.sends(b"".join(alice.typed(f"line{number}") for number in range(30)))
    alice.wire.transport.abortConnection()
    network.look_after(200)
    assert bob.hears()[-1].startswith("-- alice left")
    assert list(network.hub.people.members) == ["bob"]
    assert len(network.factory.doors) == 1


@every_door
def test_too_long_lines_count_as_lines(door: type[Talker]) -> None:
    """A flood of lines that are too long is slowed like any other, and so are its refusals."""
    network = Network(Limits(per_address=0, message=100))
    alice, _ = meet(network, door, "alice", "bob")
    alice.wire.sends((b"x" * 2000 + b"\n") * 30)
    assert len(alice.hears()) < 15


# -- lines ---------------------------------------------------------------------------------------------------


@every_door
@pytest.mark.parametrize("step", [1, 700, 4096, 100_000])
def test_too_long_line_is_left_out(door: type[Talker], step: int) -> None:
    """Who sends a line that is too long is told so once, whatever its pieces, and the next line is heard."""
    network = Network()
    alice, bob = meet(network, door, "alice", "bob")
    data = b"x" * (26_000 if "json" in door.door else 5_000) + b"\n" + alice.typed("still here")
    for start in range(0, len(data), step):
        alice.wire.types(data[start : start + step])
        network.reactor.turn()
    assert bob.hears() == ["<alice> still here"]
    (refusal,) = alice.hears()
    assert refusal.endswith("bytes: nothing was sent. Send it in parts.")


@every_door
def test_endless_line_costs_nothing(door: type[Talker]) -> None:
    """A line of megabytes is passed over, and ends like any other."""
    network = Network()
    alice, bob = meet(network, door, "alice", "bob")
    for _ in range(64):
        alice.wire.sends(b"x" * 65_536)
    alice.wire.sends(b"\n" + alice.typed("still here"))
    assert len(alice.hears()) == 1
    assert bob.hears() == ["<alice> still here"]


@every_door
def test_end_in_the_middle_of_a_too_long_line(door: type[Talker]) -> None:
    """Half a line that is too long is not said when the client ends."""
    network = Network()
    alice, bob = meet(network, door, "alice", "bob")
    alice.wire.sends(b"x" * 30_000)
    alice.wire.hangs_up()
    assert bob.hears() == ["-- alice left"]
    assert alice.wire.ended


@every_door
def test_messages_without_limit(door: type[Talker]) -> None:
    """Without a limit for messages, a megabyte is one."""
    network = Network(Limits(message=0, rate=0, per_address=0))
    alice, bob = meet(network, door, "alice", "bob")
    alice.says("x" * 500_000)
    assert bob.hears() == ["<alice> " + "x" * 500_000]


SCRIPT = ["hello", "/me waves", "/join #dev", "/topic new", "caf\udce9 日本", "/xyzzy", "//x", "/msg bob hi", "/part"]


def overheard(door: type[Talker], pieces: Sequence[bytes]) -> list[list[str]]:
    """Give what everybody hears when alice's bytes come in these pieces."""
    network = Network()
    alice, bob = meet(network, door, "alice", "bob")
    for piece in pieces:
        alice.wire.types(piece)
        network.reactor.turn()
    return [alice.hears(), bob.hears()]


@pytest.mark.parametrize("door", [TextTalker, JsonTalker])
@given(data=st.data())
def test_cuts_change_nothing(door: type[Talker], data: st.DataObject) -> None:
    """Wherever a stream is cut, everybody hears the same."""
    typed = data.draw(st.lists(st.sampled_from(SCRIPT) | st.text(max_size=20), max_size=12))
    network = Network()
    stream = b"".join(map(door(network, "alice").typed, (line.replace("\n", "") for line in typed)))
    stream += data.draw(st.binary(max_size=30)) + b"\n" + data.draw(st.sampled_from([b"", b"x" * 30_000, b"\xff\xf4"]))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    pieces = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert overheard(door, pieces) == overheard(door, [stream])


# -- slow readers --------------------------------------------------------------------------------------------

SMALL = Limits(rate=0, per_address=0, sendq=20_000)


@every_door
def test_slow_reader_hears_everything_once_and_in_order(door: type[Talker], logged: list[LogEvent]) -> None:
    """Who stops reading is not waited for, costs no more than the limit, and is caught up from the journal."""
    network = Network(SMALL)
    alice, bob = meet(network, door, "alice", "bob")
    alice.wire.stalls()
    for number in range(1_500):
        bob.says(f"{number}{'.' * 100}")
    (pipe,) = [one.pipe for one in network.factory.doors if one.who == "alice"]
    assert pipe.waiting
    assert pipe.size < 25_000
    assert alice.session.behind is not None
    alice.wire.reads()
    assert [line for line in alice.hears() if not line.startswith("-- You are")] == lines("bob", 1_500, 100)
    bob.says("and now")
    assert alice.hears() == ["<bob> and now"]
    said = [formatEvent(event) for event in logged]
    assert "alice fell behind: sendq full" in said
    assert "alice caught up" in said


@every_door
def test_slow_reader_who_reads_a_little_at_a_time(door: type[Talker]) -> None:
    """Others go on talking while somebody is caught up: nothing is lost, doubled or out of order."""
    network = Network(SMALL)
    alice, bob = meet(network, door, "alice", "bob")
    alice.wire.stalls()
    heard: list[str] = []
    taken = b""
    for number in range(2_000):
        bob.says(f"{number}{'.' * 100}")
        if number % 3 == 0:
            alice.wire.reads(200)
        if number % 500 == 499:
            alice.wire.reads(60_000)
    alice.wire.reads()
    taken = alice.wire.receives()
    heard = [line for line in alice.heard(taken) if "<bob>" in line]
    assert [line.split("> ")[1] for line in heard] == [f"{number}{'.' * 100}" for number in range(2_000)]


@every_door
def test_slow_reader_in_several_rooms(door: type[Talker]) -> None:
    """The messages of several rooms come in their order, each as its room is heard, and only of these rooms."""
    network = Network(SMALL)
    alice, bob, carol = meet(network, door, "alice", "bob", "carol")
    for person in (alice, bob, carol):
        person.says("/join #dev")
    alice.says("/ignore carol")
    bob.says("/join #else")
    for person in (alice, bob, carol):
        person.hears()
    alice.wire.stalls()
    for number in range(300):
        bob.says(f"/say #dev {number}{'.' * 100}")
        bob.says(f"/me #lobby {number}{'.' * 100}")
        bob.says(f"/say #else {number}")
        carol.says(f"/say #lobby {number}")
    alice.wire.reads()
    heard = [line for line in alice.hears() if not line.startswith("--")]
    expected = [(f"<bob> {number}{'.' * 100}", f"#lobby * bob {number}{'.' * 100}") for number in range(300)]
    assert heard == [line for pair in expected for line in pair]


@every_door
def test_slow_reader_is_told_what_the_journal_forgot(door: type[Talker]) -> None:
    """When there was too much, the gap is said, and after it nothing is missing."""
    network = Network(SMALL, keep=50)
    alice, bob = meet(network, door, "alice", "bob")
    alice.wire.stalls()
    for number in range(1_000):
        bob.says(f"{number}{'.' * 100}")
    alice.wire.reads()
    heard = alice.hears()
    gap = heard.index("-- Some messages are missing here: they are not kept any more.")
    before, after = heard[:gap], [line for line in heard[gap + 1 :] if "<bob>" in line]
    every = lines("bob", 1_000, 100)
    assert before == every[:gap]
    assert after == every[-50:]


@every_door
def test_slow_reader_is_not_read_from(door: type[Talker]) -> None:
    """Who does not read cannot ask either; it is answered when it reads again."""
    network = Network(SMALL)
    alice, bob = meet(network, door, "alice", "bob")
    alice.wire.stalls()
    for number in range(1_500):
        bob.says(f"{number}{'.' * 100}")
    alice.says("me too")
    assert bob.hears() == []
    bob.says("/msg alice hello?")
    bob.says("/invite alice")
    assert bob.hears()[0] == "-- alice's connection is stuck just now. Try again in a minute."
    alice.wire.reads()
    assert bob.hears() == ["<alice> me too"]


@every_door
def test_stuck_reader_is_ended(door: type[Talker], logged: list[LogEvent]) -> None:
    """Who takes nothing at all for 180 seconds is gone, and the log says why."""
    network = Network(Limits(rate=0, per_address=0, sendq=20_000))
    alice, bob = meet(network, door, "alice", "bob")
    alice.wire.stalls()
    for number in range(300):
        bob.says(f"{number}{'.' * 1000}")
    network.look_after(170)
    assert "alice" in network.hub.people.members
    network.look_after(20)
    assert list(network.hub.people.members) == ["bob"]
    assert bob.hears()[-1].startswith("-- alice left (read nothing for 18")
    assert alice.wire.gone
    assert any("(alice) disconnected: read nothing for 18" in str(formatEvent(event)) for event in logged)


@every_door
def test_slow_reader_who_reads_now_and_then_stays(door: type[Talker]) -> None:
    """Slow is not stuck."""
    network = Network(Limits(rate=0, per_address=0, sendq=20_000))
    alice, bob = meet(network, door, "alice", "bob")
    alice.wire.stalls()
    for number in range(700):
        bob.says(f"{number}{'.' * 1000}")
    for _ in range(5):
        alice.wire.reads(140_000)
        network.look_after(100)
    assert "alice" in network.hub.people.members


@every_door
def test_slow_reader_who_leaves(door: type[Talker]) -> None:
    """Whoever goes while it is behind is gone like anybody else."""
    network = Network(SMALL)
    alice, bob = meet(network, door, "alice", "bob")
    alice.wire.stalls()
    for number in range(500):
        bob.says(f"{number}{'.' * 100}")
    alice.wire.transport.abortConnection()
    assert bob.hears() == ["-- alice left (connection lost)"]
    assert not network.reactor.getDelayedCalls()


def test_flood_of_answers_before_a_name_is_cut_off() -> None:
    """Who has no name and reads nothing cannot fill the memory: over the limit the connection is cut."""
    network = Network(Limits(rate=0, per_address=0, sendq=2_000))
    client = network.connect()
    client.stalls()
    client.sends(b"/help\n" * 100)
    assert client.gone


def test_sendq_without_limit() -> None:
    """Without a limit everything waits, and nobody falls behind."""
    network = Network(Limits(rate=0, per_address=0, sendq=0))
    alice, bob = meet(network, TextTalker, "alice", "bob")
    alice.wire.stalls()
    for number in range(500):
        bob.says(f"{number}{'.' * 1000}")
    assert alice.session.behind is None
    alice.wire.reads()
    assert alice.hears() == lines("bob", 500, 1000)


# -- ends ----------------------------------------------------------------------------------------------------


@every_door
def test_healthy_reader_with_a_full_buffer_closes(door: type[Talker]) -> None:
    """Who leaves with much waiting gets all of it, the goodbye last, and then the end."""
    network = Network()
    alice, bob = meet(network, door, "alice", "bob")
    alice.wire.stalls()
    for number in range(1_000):
        bob.says(f"{number}{'.' * 200}")
    alice.says("/quit")
    alice.wire.reads()
    assert alice.hears() == [*lines("bob", 1_000, 200), "-- Bye."]
    assert alice.wire.ended
    assert not network.reactor.getDelayedCalls()


@every_door
def test_end_does_not_wait_for_a_stuck_reader(door: type[Talker]) -> None:
    """Who leaves and does not read is gone three seconds later."""
    network = Network()
    alice, bob = meet(network, door, "alice", "bob")
    alice.wire.stalls()
    for number in range(1_000):
        bob.says(f"{number}{'.' * 200}")
    alice.says("/quit")
    assert bob.hears() == ["-- alice left"]
    assert not alice.wire.gone
    network.reactor.wait(3)
    assert alice.wire.gone
    assert not network.reactor.getDelayedCalls()


@every_door
def test_lines_after_leaving_are_passed_over(door: type[Talker]) -> None:
    """Whoever has left says nothing more."""
    network = Network()
    alice, bob = meet(network, door, "alice", "bob")
    alice.wire.sends(alice.typed("/quit") + alice.typed("ghost") + alice.name("ghost") + b"x" * 30_000 + b"\n")
    assert bob.hears() == ["-- alice left"]
    assert alice.hears() == ["-- Bye."]


@every_door
def test_a_bug_ends_one_session_and_no_other(
    door: type[Talker], monkeypatch: pytest.MonkeyPatch, tracebacks: list[LogEvent]
) -> None:
    """What goes wrong in one line is logged with its traceback, and the room goes on."""
    network = Network()
    alice, bob = meet(network, door, "alice", "bob")
    with monkeypatch.context() as patch:
        patch.setattr(network.hub, "tell", lambda *_: 1 / 0)
        alice.says("/msg bob hi")
    assert alice.hears() == ["-- An error in the server: please join again."]
    assert alice.wire.ended
    assert bob.hears() == ["-- alice left (an error in the server)"]
    (traceback,) = tracebacks
    assert isinstance(traceback["log_failure"].value, ZeroDivisionError)
    tracebacks.clear()


@every_door
def test_refusals_are_logged_without_what_was_said(door: type[Talker], logged: list[LogEvent]) -> None:
    """The log names who was refused what, never a text."""
    network = Network()
    alice, _ = meet(network, door, "alice", "bob")
    alice.says("/msg zoe secret")
    alice.says("/secret")
    text = "\n".join(str(formatEvent(event)) for event in logged)
    assert "alice refused: no-such-nick" in text
    assert "alice refused: no-such-command" in text
    assert "secret" not in text


# -- keepalive -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("door", [JsonTalker, SecureJsonTalker])
@pytest.mark.parametrize("answer", [b'{"op":"pong"}\n', b"\n", b'{"op":"ping"}\n'])
def test_silent_program_is_pinged(door: type[Talker], answer: bytes) -> None:
    """After two minutes of silence a program is pinged, once, and stays when it says anything at all."""
    network = Network()
    alice, _ = meet(network, door, "alice", "bob")
    network.look_after(115)
    assert alice.wire.receives() == b""
    network.look_after(50)
    assert alice.wire.receives() == b'{"event":"ping"}\n'
    alice.wire.sends(answer)
    alice.wire.receives()
    network.look_after(115)
    assert alice.wire.receives() == b""
    assert not alice.wire.ended


@pytest.mark.parametrize("door", [JsonTalker, SecureJsonTalker])
def test_program_that_does_not_answer_is_ended(door: type[Talker]) -> None:
    """A program that says nothing for three minutes is gone, and is told why."""
    network = Network()
    alice, bob = meet(network, door, "alice", "bob")
    network.look_after(200)
    assert alice.hears() == ["-- silent for 185 seconds"]
    assert alice.wire.ended
    assert bob.hears() == ["-- alice left (silent for 185 seconds)"]


def test_silent_person_stays() -> None:
    """People may be silent as long as they like."""
    network = Network()
    alice, _ = meet(network, TextTalker, "alice", "bob")
    network.look_after(3_600, 60)
    assert alice.hears() == []
    assert not alice.wire.ended


def test_silence_without_limit() -> None:
    """Without a limit nobody is pinged, and nobody is ended for reading nothing."""
    network = Network(Limits(rate=0, silence=0, per_address=0))
    alice, bob = meet(network, JsonTalker, "alice", "bob")
    bob.wire.stalls()
    alice.says("x")
    network.look_after(3_600, 60)
    assert alice.hears() == []
    assert set(network.hub.people.members) == {"alice", "bob"}


# -- one write a turn ----------------------------------------------------------------------------------------


def writes(network: Network, *people: Talker) -> list[int]:
    """End the turn, and give how many writes each of them got in it."""
    network.reactor.turn()  # the bytes are read
    before = [len(person.wire.socket.sends) for person in people]
    network.reactor.turn()  # the pulse beats
    return [len(person.wire.socket.sends) - count for person, count in zip(people, before, strict=True)]


@every_door
def test_busy_room_costs_one_write_each(door: type[Talker]) -> None:
    """Whatever was said in a turn goes out in one write to each listener, speakers included."""
    network = Network()
    alice, bob, carol = meet(network, door, "alice", "bob", "carol")
    for number in range(5):
        bob.types(f"b{number}")
        carol.types(f"c{number}")
    assert writes(network, alice, bob, carol) == [1, 1, 1]
    assert alice.hears() == [*(f"<bob> b{n}" for n in range(5)), *(f"<carol> c{n}" for n in range(5))]
    assert bob.hears() == [f"<carol> c{n}" for n in range(5)]


@every_door
def test_private_words_and_a_room_cost_one_write(door: type[Talker]) -> None:
    """A private line in the same turn keeps its place between those of the room."""
    network = Network()
    alice, bob, carol = meet(network, door, "alice", "bob", "carol")
    for line in ("one", "/msg alice two", "three"):
        bob.types(line)
    carol.types("four")
    assert writes(network, alice, carol) == [1, 1]
    assert alice.hears() == ["<bob> one", "(private) <bob> two", "<bob> three", "<carol> four"]


@every_door
def test_two_rooms_cost_one_write(door: type[Talker]) -> None:
    """Who hears two rooms gets the words of both in one write, in the order in which they were said."""
    network = Network()
    alice, bob, carol = meet(network, door, "alice", "bob", "carol")
    for person in (alice, bob, carol):
        person.says("/join #dev")
    for person in (alice, bob, carol):
        person.hears()
    for line in ("/say #dev one", "/say #lobby two", "/say #dev three"):
        bob.types(line)
    assert writes(network, alice, carol) == [1, 1]
    assert alice.hears() == carol.hears() == ["<bob> one", "#lobby <bob> two", "<bob> three"]


@every_door
def test_changes_within_a_turn_keep_their_order(door: type[Talker]) -> None:
    """Coming, looking, leaving and talking in one turn are heard as they happened."""
    network = Network()
    bob, alice = meet(network, door, "bob", "alice")  # who came first is read first
    bob.types("one")
    bob.types("/join #dev")
    bob.types("two")
    alice.types("/join #dev")
    alice.types("three")
    alice.types("/join #lobby")
    alice.types("four")
    alice.types("/part #dev")
    counts = writes(network, alice, bob)
    assert max(counts) == 1
    assert alice.hears() == [
        "<bob> one",
        "-- You are alice, in #dev with bob.",
        "-- On 2026-11-21 in #dev:",
        "-- <bob> two",
        "-- You are alice, in #lobby with bob.",
        "-- You left #dev",
        "-- You are alice, in #lobby with bob.",
    ]
    assert bob.hears() == [
        "-- You are bob, in #dev, alone for now.",
        "-- alice joined #dev",
        "<alice> three",
        "#lobby <alice> four",
        "-- alice left #dev",
    ]


# -- last words ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("door", [SecureTextTalker, SecureJsonTalker])
def test_half_close_without_tls_goodbye_is_answered(door: type[Talker]) -> None:
    """A client that ends only its half of TCP, without a word in TLS, still gets its answers."""
    network = Network()
    alice, bob = meet(network, door, "alice", "bob")
    alice.wire.types(alice.typed("/ping") + alice.typed("bye").rstrip())
    alice.wire.ends_tcp()
    assert alice.hears() == ["-- pong"]
    assert bob.hears() == ["<alice> bye", "-- alice left"]
    assert alice.wire.ended
    network.reactor.wait(4)
    assert alice.wire.gone


@every_door
def test_flooder_who_is_ended_is_not_read_from_again(door: type[Talker]) -> None:
    """Whoever is sent away while being slowed says nothing more."""
    network = Network(Limits(per_address=0))
    alice, bob = meet(network, door, "alice", "bob")
    alice.wire.sends(b"".join(alice.typed(f"line{number}") for number in range(30)))
    bob.hears()
    next(iter(one for one in network.factory.doors if one.who == "alice")).end("Enough.")
    network.reactor.wait(30)
    assert bob.hears() == ["-- alice left (Enough.)"]
    assert list(network.hub.people.members) == ["bob"]


@pytest.mark.parametrize("door", [SecureTextTalker, SecureJsonTalker])
def test_last_words_end_with_patience(door: type[Talker], logged: list[LogEvent]) -> None:
    """An enormous last flood is heard as slowly as any, and not for ever."""
    network = Network(Limits(per_address=0))
    alice, bob = meet(network, door, "alice", "bob")
    alice.wire.types(b"".join(alice.typed(str(number)) for number in range(1_000)))
    alice.wire.hangs_up()
    for _ in range(800):
        network.reactor.wait(0.5)
    heard = bob.hears()
    assert heard[-1] == "-- alice left"
    assert heard[:-1] == lines("alice", len(heard) - 1)
    assert len(heard) < 900
    assert any("lines unheard" in str(formatEvent(event)) for event in logged)
    assert not [call for call in network.reactor.getDelayedCalls() if call.getTime() > network.reactor.seconds() + 60]


def test_door_itself_hears_nothing() -> None:
    """What a line means is the affair of each door."""
    network = Network()
    (alice,) = meet(network, TextTalker, "alice")
    (door,) = network.factory.doors
    with pytest.raises(NotImplementedError):
        LineDoor.heard(door, b"")
    door.writeConnectionLost()
    assert not alice.wire.ended


@every_door
def test_flooder_who_also_falls_behind_is_heard_in_the_end(door: type[Talker]) -> None:
    """Two reasons not to be read from have to be over before it goes on."""
    network = Network(Limits(per_address=0, sendq=20_000))
    alice, bob = meet(network, door, "alice", "bob")
    alice.wire.stalls()
    alice.wire.sends(b"".join(alice.typed(str(number)) for number in range(20)))
    for _ in range(200):
        network.factory.broadcast("x" * 1_000)
        network.reactor.settle()
    network.reactor.wait(10)
    assert alice.session.behind is not None
    heard = [line for line in bob.hears() if "<alice>" in line]
    assert len(heard) < 20
    alice.wire.reads()
    for _ in range(30):
        network.reactor.wait(0.5)
    assert heard + [line for line in bob.hears() if "<alice>" in line] == lines("alice", 20)


@every_door
def test_leaving_with_the_last_line(door: type[Talker]) -> None:
    """A script whose last line, without a newline, is /quit leaves once."""
    network = Network()
    alice, bob = meet(network, door, "alice", "bob")
    alice.wire.types(alice.typed("/quit done").rstrip())
    alice.wire.hangs_up()
    assert bob.hears() == ["-- alice left (done)"]
    assert alice.wire.ended
