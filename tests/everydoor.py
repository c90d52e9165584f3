"""The same conversations through every door: only the way in is overridden.

A door joins by a class with the talkers that take part (tests/doors/test_everydoor.py); with several, the
people of each conversation come through different doors in turn.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

import pytest

from lanchat.core.limits import Limits
from lanchat.core.times import local_clock, local_day
from tests.network import Network
from tests.talkers import Talker


def masks_alone(heard: list[str], nick: str) -> list[str]:
    """Leave out who a mask was put there for: IRC's MODE has no place for that."""
    return [re.sub(rf"{nick} \((\S+)\)", r"\1", line) for line in heard]


class EveryDoor:
    """What people can count on, whichever door they take."""

    ways: ClassVar[Sequence[type[Talker]]]
    """The doors of this conversation: the first person takes the first, and so on, again and again."""

    @pytest.fixture(autouse=True)
    def _network(self) -> None:
        self.network = Network()

    def limit(self, **limits: float) -> None:
        """Start the server with other limits."""
        self.network = Network(Limits(**{"rate": 0, "per_address": 0, **limits}))  # type: ignore[arg-type]

    def arrives(self, nick: str, number: int = 0, host: str = "192.168.7.2") -> Talker:
        """Somebody comes to the ``number``-th door, and gives a name."""
        person = self.ways[number % len(self.ways)](self.network, nick, host)
        person.enters()
        return person

    def talkers(self, *nicks: str, room: str = "") -> list[Talker]:
        """People who are in already, and have read everything."""
        people = [self.arrives(nick, number) for number, nick in enumerate(nicks)]
        for person in people:
            if room:
                person.says(f"/join {room}")
        for person in people:
            person.hears()
        return people

    # -- coming and going --------------------------------------------------------------------------------

    def test_newcomer_learns_who_is_there_and_is_announced(self) -> None:
        """Who comes in is told the name, the room and the company; the others are told who came."""
        alice = self.arrives("alice")
        assert alice.hears() == ["-- You are alice, in #lobby, alone for now."]
        bob = self.arrives("bob", 1)
        assert bob.hears() == ["-- You are bob, in #lobby with alice."]
        assert alice.hears() == ["-- bob joined #lobby"]

    def test_motd_comes_first(self) -> None:
        """The message of the day greets everybody, each of its lines marked as the server's."""
        self.network.hub.motd = "Welcome to room 1.\nThe exam is at nine."
        assert self.arrives("alice").hears() == [
            "-- Welcome to room 1.",
            "-- The exam is at nine.",
            "-- You are alice, in #lobby, alone for now.",
        ]

    def test_quit_is_heard_with_its_reason(self) -> None:
        """Who leaves is told goodbye, the others are told why, and the connection ends."""
        alice, bob = self.talkers("alice", "bob")
        alice.says("/quit see you tomorrow")
        assert alice.hears() == ["-- Bye."]
        assert alice.wire.ended
        assert bob.hears() == ["-- alice left (see you tomorrow)"]

    @pytest.mark.parametrize("word", ["exit", "quit", "/quit", "/exit", "/bye"])
    def test_leaving_words(self, word: str) -> None:
        """Any usual word leaves."""
        alice, bob = self.talkers("alice", "bob")
        alice.says(word)
        assert alice.hears() == ["-- Bye."]
        assert alice.wire.ended
        assert bob.hears() == ["-- alice left"]

    def test_hanging_up_leaves(self) -> None:
        """Who ends the connection has left, and the nick is free again."""
        alice, bob = self.talkers("alice", "bob")
        alice.wire.hangs_up()
        assert bob.hears() == ["-- alice left"]
        assert alice.wire.ended
        assert self.arrives("alice").hears() == ["-- You are alice, in #lobby with bob."]

    def test_lost_connection_leaves(self) -> None:
        """Who vanishes has left, and the others are told that it was the connection."""
        alice, bob = self.talkers("alice", "bob")
        alice.wire.drops()
        assert bob.hears() == ["-- alice left (connection lost)"]
        assert alice.wire.gone

    @pytest.mark.parametrize(
        ("nick", "answer"),
        [
            ("alice", "-- alice is here already. Type another name, for example alice2"),
            ("ALICE", "-- alice is here already. Type another name, for example ALICE2"),
            ("аlice", "-- аlice looks like alice, who is here. Type another name."),  # a Cyrillic а
            ("a1ice", "-- a1ice looks like alice, who is here. Type another name."),
            ("help", "-- help means something else here. Type another name."),
            ("x" * 33, "-- A name has at most 32 characters. Type a shorter one."),
            ("ann lee", "-- A name has no spaces. Try ann_lee"),
            ("1ann", "-- A name begins with a letter. Try another one."),
            ("ann!", "-- A name has letters, digits and -_[]{}\\|^` only, no '!'. Try another one."),
        ],
    )
    def test_refused_name_is_asked_for_again(self, nick: str, answer: str) -> None:
        """A name that cannot be had is refused with what to do, and the next one is taken."""
        (alice,) = self.talkers("alice")
        other = self.arrives(nick, 1)
        assert other.hears() == [answer]
        assert alice.hears() == []
        other.nick = "zoe"
        other.enters()
        assert other.hears() == ["-- You are zoe, in #lobby with alice."]

    # -- talking -----------------------------------------------------------------------------------------

    def test_what_is_said_is_heard_by_the_others(self) -> None:
        """Everybody in the room hears it but who said it, in the order in which it was said."""
        alice, bob, carol = self.talkers("alice", "bob", "carol")
        alice.says("hi")
        bob.says("hello alice")
        assert alice.hears() == ["<bob> hello alice"]
        assert bob.hears() == ["<alice> hi"]
        assert carol.hears() == ["<alice> hi", "<bob> hello alice"]

    def test_say_and_me(self) -> None:
        """/say says, /me says what one does."""
        alice, bob = self.talkers("alice", "bob")
        alice.says("/say  two  spaces stay")
        alice.says("/me waves")
        assert bob.hears() == ["<alice> two  spaces stay", "* alice waves"]
        assert alice.hears() == []

    def test_two_slashes_say_one(self) -> None:
        """A line that begins with two slashes is said with one."""
        alice, bob = self.talkers("alice", "bob")
        alice.says("//etc/hosts is a file")
        assert bob.hears() == ["<alice> /etc/hosts is a file"]

    def test_private_words_are_heard_by_one(self) -> None:
        """A private line reaches one person, who can answer without typing the name."""
        alice, bob, carol = self.talkers("alice", "bob", "carol")
        alice.says("/msg BOB psst")
        assert bob.hears() == ["(private) <alice> psst"]
        bob.says("/r what?")
        assert alice.hears() == ["(private) <bob> what?"]
        assert carol.hears() == []

    def test_reply_without_a_word_before(self) -> None:
        """Nobody can be answered who has not written, or has left."""
        alice, bob = self.talkers("alice", "bob")
        alice.says("/reply yes")
        assert alice.hears() == ["-- Nobody has written to you in private. /msg NICK TEXT begins."]
        bob.says("/msg alice hi")
        bob.says("/quit")
        alice.says("/reply yes")
        assert alice.hears() == ["(private) <bob> hi", "-- bob left", "-- bob has left."]

    def test_private_words_to_nobody(self) -> None:
        """A nick that is not there is refused with the nearest one, and nothing is said aloud."""
        alice, bob = self.talkers("alice", "bob")
        alice.says("/msg bobb psst")
        assert alice.hears() == ["-- There is no bobb here. Did you mean bob?"]
        assert bob.hears() == []

    def test_away_is_told_once(self) -> None:
        """Who writes to somebody who is away is told so, once; coming back is told to all."""
        alice, bob = self.talkers("alice", "bob")
        alice.says("/away lunch")
        assert alice.hears() == ["-- You are away: lunch"]
        assert bob.hears() == ["-- alice is away: lunch"]
        bob.says("/msg alice ping?")
        bob.says("/msg alice hello?")
        assert bob.hears() == ["-- alice is away: lunch"]
        alice.says("/back")
        assert alice.hears() == ["(private) <bob> ping?", "(private) <bob> hello?", "-- You are back"]
        assert bob.hears() == ["-- alice is back"]
        alice.says("/back")
        assert alice.hears() == ["-- You are not away. /away TEXT says that you are."]

    # -- names -------------------------------------------------------------------------------------------

    def test_rename_is_heard(self) -> None:
        """Everyone in the room learns the new nick, and only once."""
        alice, bob = self.talkers("alice", "bob", room="#lan")
        alice.says("/nick alicia")
        assert bob.hears() == ["-- alice is now alicia"]
        assert alice.hears() == ["-- You are alicia now"]
        alice.says("hi")
        assert bob.hears() == ["<alicia> hi"]

    def test_rename_to_a_taken_name_keeps_the_old(self) -> None:
        """Who cannot have a name keeps the old one, and nobody hears of it."""
        alice, bob = self.talkers("alice", "bob")
        alice.says("/nick BOB")
        assert alice.hears() == ["-- bob is here already. Type another name, for example BOB2"]
        alice.says("hi")
        assert bob.hears() == ["<alice> hi"]

    def test_own_name_can_change_its_case(self) -> None:
        """Nobody is in the way of their own name."""
        alice, bob = self.talkers("alice", "bob")
        alice.says("/nick Alice")
        assert bob.hears() == ["-- alice is now Alice"]

    def test_ignored_people_are_not_heard(self) -> None:
        """Who is ignored is heard in no way, is told nothing of it, and cannot evade it by another name."""
        alice, bob, carol = self.talkers("alice", "bob", "carol")
        alice.says("/ignore bob")
        assert alice.hears() == ["-- You hear nothing from bob any more. /unignore bob takes it back."]
        bob.says("hi all")
        bob.says("/msg alice hi you")
        bob.says("/nick rob")
        bob.says("still here")
        bob.says("/invite alice #elsewhere")
        bob.hears()
        assert alice.hears() == ["-- bob is now rob"]
        assert carol.hears() == ["<bob> hi all", "-- bob is now rob", "<rob> still here"]
        alice.says("/ignore")
        assert alice.hears() == ["-- You ignore rob."]
        alice.says("/unignore rob")
        bob.says("and now?")
        assert alice.hears() == ["-- You hear rob again.", "<rob> and now?"]

    def test_ignoring_nobody(self) -> None:
        """One cannot ignore oneself, nor hear again whom one has never ignored."""
        (alice,) = self.talkers("alice")
        alice.says("/ignore alice")
        alice.says("/ignore")
        alice.says("/unignore zoe")
        assert alice.hears() == [
            "-- You cannot ignore yourself. Name somebody else.",
            "-- You ignore nobody.",
            "-- You do not ignore zoe. /ignore lists whom you do.",
        ]

    def test_whois_and_names(self) -> None:
        """People can be asked for: where they are, how they are connected, who is away."""
        alice, bob = self.talkers("alice", "bob")
        bob.says("/join #dev")
        bob.says("/away lunch")
        alice.hears()
        alice.says("/whois bob")
        (line,) = alice.hears()
        assert line.startswith(f"-- bob is in #dev, #lobby, by {bob.door}, since ")
        assert line.endswith(". Away: lunch")
        alice.says("/names")
        alice.says("/names #dev")
        assert alice.hears() == ["-- 2 in #lobby: alice, bob (away)", "-- 1 in #dev: bob (op, away)"]

    # -- rooms -------------------------------------------------------------------------------------------

    def test_rooms_are_made_and_listed(self) -> None:
        """A room in which nothing was said is gone with the last who leaves; what has a topic stays."""
        alice, bob = self.talkers("alice", "bob")
        alice.says("/join #dev")
        assert alice.hears() == ["-- You are alice, in #dev, alone for now."]
        alice.says("/topic the build")
        bob.says("/rooms")
        assert bob.hears() == ["-- #lobby (2)", "-- #dev (1) the build"]
        alice.says("/part")
        assert alice.hears() == [
            "-- alice set the topic of #dev: the build",
            "-- You left #dev",
            "-- You are alice, in #lobby with bob.",
        ]
        bob.says("/rooms")
        assert bob.hears() == ["-- #lobby (2)", "-- #dev (0) the build"]
        bob.says("/topic #dev -")
        assert bob.hears() == ["-- You are not in #dev. /join #dev goes there."]
        bob.says("/join #dev")
        bob.says("/topic -")
        bob.says("/part")
        bob.hears()
        bob.says("/rooms")
        assert bob.hears() == ["-- #lobby (2)"]

    def test_a_room_that_is_not_in_view_is_named(self) -> None:
        """Lines of the room in view stand alone, those of another one begin with its name."""
        alice, bob = self.talkers("alice", "bob")
        alice.says("/join #dev")
        alice.hears()
        bob.says("in the lobby")
        assert alice.hears() == ["#lobby <bob> in the lobby"]
        bob.says("/join #DEV")
        bob.says("here I am")
        assert bob.hears() == ["-- You are bob, in #dev with alice."]
        alice.says("/join #lobby")
        bob.says("/me sings")
        assert alice.hears() == [
            "-- bob joined #dev",
            "<bob> here I am",
            "-- You are alice, in #lobby with bob.",
            "#dev * bob sings",
        ]
        alice.says("/say #dev both at once")
        alice.says("only lobby")
        assert bob.hears() == ["<alice> both at once", "#lobby <alice> only lobby"]

    def test_leaving_is_heard_and_ends_hearing(self) -> None:
        """The others learn who left and why, and whoever left hears nothing of the room any more."""
        alice, bob = self.talkers("alice", "bob", room="#dev")
        alice.says("/part #dev lunch time")
        assert bob.hears() == ["-- alice left #dev (lunch time)"]
        assert alice.hears() == ["-- You left #dev", "-- You are alice, in #lobby with bob."]
        bob.says("gone?")
        assert alice.hears() == []
        alice.says("/say #dev hello?")
        assert alice.hears() == ["-- You are not in #dev. /join #dev goes there."]

    def test_lobby_is_left_only_for_another_room(self) -> None:
        """Who leaves the last room is back in the lobby, and the lobby itself cannot be left for nothing."""
        alice, bob = self.talkers("alice", "bob")
        alice.says("/part")
        assert alice.hears() == ["-- #lobby is where everybody is. /quit leaves the chat."]
        alice.says("/join #dev")
        alice.says("/part #lobby")
        assert bob.hears() == ["-- alice left #lobby"]
        alice.hears()
        alice.says("/part")
        assert alice.hears() == ["-- You left #dev", "-- You are alice, in #lobby with bob."]
        assert bob.hears() == ["-- alice joined #lobby"]

    def test_topic(self) -> None:
        """A topic is heard by the room, shown to who comes, and can be taken away."""
        alice, bob = self.talkers("alice", "bob", room="#dev")
        alice.says("/topic")
        alice.says("/topic exam at nine")
        alice.says("/topic")
        assert alice.hears() == [
            "-- #dev has no topic.",
            "-- alice set the topic of #dev: exam at nine",
            "-- Topic of #dev: exam at nine",
        ]
        assert bob.hears() == ["-- alice set the topic of #dev: exam at nine"]
        carol = self.arrives("carol", 2)
        carol.hears()
        carol.says("/join #dev")
        assert carol.hears() == ["-- You are carol, in #dev with alice, bob. Topic: exam at nine"]
        bob.hears()
        alice.says("/topic -")
        assert bob.hears() == ["-- alice took the topic of #dev away"]

    def test_invite(self) -> None:
        """An invitation says how to follow it, and is refused for who is there already."""
        alice, bob = self.talkers("alice", "bob")
        alice.says("/join #dev")
        alice.hears()
        alice.says("/invite bob")
        assert alice.hears() == ["-- bob is invited to #dev"]
        assert bob.hears() == ["-- alice invites you to #dev: /join #dev"]
        bob.says("/join #dev")
        alice.says("/invite bob #dev")
        assert alice.hears() == ["-- bob joined #dev", "-- bob is in #dev already."]

    @pytest.mark.parametrize(
        ("typed", "answer"),
        [
            ("/join dev", "-- A room's name begins with #. Try #dev"),
            ("/join #", "-- A room has a name behind the #, for example: #dev"),
            ("/join #a,b", "-- A room's name has no spaces, commas or control characters. Try another one."),
            ("/join #" + "x" * 64, "-- A room's name has at most 64 characters. Try a shorter one."),
            ("/names #nowhere", "-- There is no room #nowhere. /rooms lists them, /join makes one."),
        ],
    )
    def test_refused_rooms(self, typed: str, answer: str) -> None:
        """What cannot be a room, or is none, is refused with what to do."""
        (alice,) = self.talkers("alice")
        alice.says(typed)
        assert alice.hears() == [answer]

    def test_too_many_rooms(self) -> None:
        """One member is in so many rooms and no more."""
        self.limit(rooms=2)
        (alice,) = self.talkers("alice", room="#one")
        alice.says("/join #two")
        alice.says("/join #lobby")
        assert alice.hears() == [
            "-- You are in 2 rooms. /part one of them first.",
            "-- You are alice, in #lobby, alone for now.",
        ]

    def test_events_of_two_rooms_are_heard_once(self) -> None:
        """Who shares two rooms with somebody hears once of a new name, of being away, and of leaving."""
        alice, bob = self.talkers("alice", "bob", room="#dev")
        alice.says("/nick alicia")
        alice.says("/away")
        alice.says("/back")
        alice.says("/quit")
        assert bob.hears() == [
            "-- alice is now alicia",
            "-- alicia is away: away",
            "-- alicia is back",
            "-- alicia left",
        ]

    # -- who governs a room ------------------------------------------------------------------------------

    def test_whoever_makes_a_room_is_its_op(self) -> None:
        """And can make others ops; nobody else can, and nobody is op of the lobby."""
        alice, bob, carol = self.talkers("alice", "bob", "carol", room="#dev")
        bob.says("/op carol")
        assert bob.hears() == ["-- Only an op of #dev may do that. /names #dev shows who is one."]
        alice.says("/op bob")
        assert alice.hears() == bob.hears() == carol.hears() == ["-- alice made bob an op of #dev"]
        bob.says("/deop alice")
        bob.says("/voice carol")
        assert carol.hears() == ["-- bob took op in #dev from alice", "-- bob gave carol voice in #dev"]
        carol.says("/names")
        assert carol.hears() == ["-- 3 in #dev: alice, bob (op), carol (voice)"]
        bob.says("/op #lobby bob")
        assert bob.hears()[-1] == "-- #lobby is everybody's: only an admin of the server may do that there."

    def test_whoever_comes_into_an_empty_room_is_its_op(self) -> None:
        """Ranks are gone with those who had them."""
        alice, bob = self.talkers("alice", "bob", room="#dev")
        alice.says("/topic build")
        for one in (alice, bob):
            one.says("/part #dev")
        bob.says("/join #dev")
        alice.says("/join #dev")
        alice.hears()
        alice.says("/names #dev")
        assert alice.hears() == ["-- 2 in #dev: alice, bob (op)"]

    def test_a_rank_can_be_laid_down(self) -> None:
        """Everybody may take away their own."""
        alice, bob = self.talkers("alice", "bob", room="#dev")
        alice.says("/deop alice")
        assert bob.hears() == alice.hears() == ["-- alice took op in #dev from alice"]

    def test_kick(self) -> None:
        """Who is made to leave learns by whom and why, is in the lobby, and may come again."""
        alice, bob, carol = self.talkers("alice", "bob", "carol", room="#dev")
        bob.says("/kick carol")
        assert bob.hears() == ["-- Only an op of #dev may do that. /names #dev shows who is one."]
        alice.says("/kick bob no adverts here")
        said = "-- alice removed bob from #dev (no adverts here)"
        assert alice.hears() == carol.hears() == [said]
        assert bob.hears() == [said, "-- You are bob, in #lobby with alice, carol."]
        carol.says("gone?")
        bob.says("in the lobby")
        assert bob.hears() == []
        assert carol.hears() == ["#lobby <bob> in the lobby"]
        bob.says("/join #dev")
        assert bob.hears()[0] == "-- You are bob, in #dev with alice, carol."

    def test_kick_out_of_the_last_room(self) -> None:
        """Nobody is nowhere: it is the lobby then, where the others hear who came."""
        alice, bob = self.talkers("alice", "bob", room="#dev")
        bob.says("/part #lobby")
        bob.hears()
        alice.says("/kick bob")
        assert bob.hears() == ["-- alice removed bob from #dev", "-- You are bob, in #lobby with alice."]
        assert "-- bob joined #lobby" in [line.removeprefix("#lobby ") for line in alice.hears()]

    def test_kick_nobody(self) -> None:
        """Who is not there cannot be made to leave."""
        alice, _ = self.talkers("alice", "bob")
        alice.says("/join #dev")
        alice.hears()
        alice.says("/kick bob")
        alice.says("/kick zoe")
        assert alice.hears() == [
            "-- bob is not in #dev. /names #dev shows who is.",
            "-- There is no zoe here. /names lists who is.",
        ]

    def test_ban(self) -> None:
        """Who is banned has to leave and cannot come again, by another name neither; until the ban is lifted."""
        (alice,) = self.talkers("alice", room="#dev")
        mallory = self.arrives("mallory", 1, host="192.168.7.66")
        mallory.says("/join #dev")
        mask = f"*!*@{self.network.hub.people.find('mallory').host}"
        alice.hears()
        mallory.hears()
        alice.says("/ban mallory")
        told = masks_alone(alice.hears(), "mallory")
        assert told == [f"-- alice banned {mask} from #dev", "-- alice removed mallory from #dev"]
        mallory.says("/nick molly")
        mallory.hears()
        mallory.says("/join #dev")
        assert mallory.hears() == ["-- You are banned from #dev. Only its ops can lift that."]
        alice.hears()
        alice.says("/bans")
        now = self.network.hub.stamp()
        assert alice.hears() == [f"-- mallory ({mask}) is banned, by alice, {local_day(now)} {local_clock(now)}"]
        alice.says("/unban molly")
        alice.says("/bans")
        told = masks_alone(alice.hears(), "mallory")
        assert told == [f"-- alice lifted the ban of {mask} from #dev", "-- Nobody is banned from #dev."]
        mallory.says("/join #dev")
        assert mallory.hears() == ["-- You are molly, in #dev with alice."]

    def test_ban_of_somebody_at_the_own_machine(self) -> None:
        """Nobody bans themselves by it: it is the nick alone that is banned."""
        alice, _ = self.talkers("alice", "bob", room="#dev")
        alice.says("/ban bob")
        assert alice.hears()[0] == "-- alice banned bob!*@* from #dev"
        alice.says("/ban bob")
        assert alice.hears() == ["-- That is so in #dev already."]
        alice.says("/unban carol")
        assert alice.hears() == ["-- carol is not in that list of #dev. /bans shows who is."]

    def test_ban_by_a_mask(self) -> None:
        """Whom it fits has to leave, and hears no more of the room, until exempt."""
        alice, bob, carol = self.talkers("alice", "bob", "carol", room="#dev")
        alice.says("/ban b*!*@*")
        carol.says("hello")
        bob.says("/join #dev")
        assert bob.hears() == [
            "-- alice banned b*!*@* from #dev",
            "-- alice removed bob from #dev",
            "-- You are bob, in #lobby with alice, carol.",
            "-- You are banned from #dev. Only its ops can lift that.",
        ]
        alice.hears()
        alice.says("/exempt bob")
        bob.says("/join #dev")
        bob.says("hi")
        assert alice.hears() == ["-- alice exempts bob!*@* from the bans of #dev", "-- bob joined #dev", "<bob> hi"]
        alice.says("/unexempt bob")
        alice.says("/unban B*!*@*")
        assert alice.hears() == [
            "-- alice exempts bob!*@* from the bans of #dev no more",
            "-- alice removed bob from #dev",
            "-- alice lifted the ban of b*!*@* from #dev",
        ]

    def test_a_locked_room_is_for_those_who_are_invited(self) -> None:
        """Only ops invite then; an invitation is for once, unless somebody is allowed in for good."""
        alice, bob, carol = self.talkers("alice", "bob", "carol")
        alice.says("/join #dev")
        alice.says("/lock")
        assert alice.hears()[-1] == "-- alice locked #dev: only who is invited may come in"
        bob.says("/join #dev")
        assert bob.hears() == ["-- Only who is invited may come into #dev. Ask one of its ops to /invite you."]
        alice.says("/invite bob")
        bob.says("/join #dev")
        assert bob.hears() == ["-- alice invites you to #dev: /join #dev", "-- You are bob, in #dev with alice."]
        bob.says("/invite carol")
        assert bob.hears() == ["-- Only an op of #dev may do that. /names #dev shows who is one."]
        bob.says("/part #dev")
        bob.says("/join #dev")
        assert bob.hears()[-1].startswith("-- Only who is invited may come into #dev.")
        alice.hears()
        alice.says("/allow bob")
        assert alice.hears() == ["-- alice lets bob!*@* into #dev without an invitation"]
        bob.says("/join #dev")
        assert bob.hears() == ["-- You are bob, in #dev with alice."]
        alice.says("/unallow bob")
        alice.says("/unlock")
        carol.says("/join #dev")
        assert bob.hears() == [
            "-- alice lets bob!*@* into #dev only by invitation again",
            "-- alice unlocked #dev: everybody may come in",
            "-- carol joined #dev",
        ]

    def test_key(self) -> None:
        """Who knows the key comes in; only who is in is told it."""
        alice, bob = self.talkers("alice", "bob")
        alice.says("/join #dev")
        alice.says("/lock key sesame")
        assert alice.hears()[-1] == "-- alice gave #dev a key: only who knows it may come in"
        bob.says("/join #dev")
        bob.says("/join #dev pepper")
        wrong = "-- #dev has a key. Type it behind the name: /join #dev KEY"
        assert bob.hears() == [wrong, wrong]
        bob.says("/modes #dev")
        assert bob.hears() == ["-- #dev: it has a key."]
        bob.says("/join #dev sesame")
        bob.says("/modes")
        assert bob.hears() == ["-- You are bob, in #dev with alice.", "-- #dev: the key is sesame."]
        alice.says("/unlock key")
        assert bob.hears() == ["-- alice took the key of #dev away"]

    def test_limit(self) -> None:
        """A room has so many people and no more."""
        alice, bob = self.talkers("alice", "bob")
        alice.says("/join #dev")
        alice.says("/lock limit 1")
        assert alice.hears()[-1] == "-- alice limited #dev to 1 people"
        bob.says("/join #dev")
        assert bob.hears() == ["-- #dev is full: at most 1 may be in it. Try again later."]
        alice.says("/unlock limit")
        bob.says("/join #dev")
        assert bob.hears() == ["-- You are bob, in #dev with alice."]

    def test_a_silent_room(self) -> None:
        """Only who has a rank speaks, and ops give them."""
        alice, bob, carol = self.talkers("alice", "bob", "carol", room="#dev")
        alice.says("/lock talk")
        alice.says("/voice bob")
        bob.says("I may")
        carol.says("I may not")
        carol.says("/me tries")
        silent = "-- Only ops and who has voice may speak in #dev. Ask an op for /voice."
        assert carol.hears() == [
            "-- alice silenced #dev: only ops and who has voice may speak",
            "-- alice gave bob voice in #dev",
            "<bob> I may",
            silent,
            silent,
        ]
        alice.says("/devoice bob")
        alice.says("/unlock talk")
        carol.says("and now?")
        assert bob.hears()[-3:] == [
            "-- alice took voice in #dev from bob",
            "-- alice let everybody speak in #dev again",
            "<carol> and now?",
        ]

    def test_a_locked_topic(self) -> None:
        """Only ops change it then."""
        alice, bob = self.talkers("alice", "bob", room="#dev")
        alice.says("/lock topic")
        bob.says("/topic mine")
        assert bob.hears() == [
            "-- alice locked the topic of #dev: only ops may change it",
            "-- Only an op of #dev may do that. /names #dev shows who is one.",
        ]
        alice.says("/topic ours")
        alice.says("/unlock topic")
        bob.says("/topic mine")
        assert alice.hears()[-3:] == [
            "-- alice set the topic of #dev: ours",
            "-- alice lets everybody change the topic of #dev",
            "-- bob set the topic of #dev: mine",
        ]

    def test_a_hidden_room(self) -> None:
        """It is in no list, and nobody outside is told who is in it; who knows its name may come."""
        alice, bob = self.talkers("alice", "bob")
        alice.says("/join #dev")
        alice.says("/lock hidden")
        assert alice.hears()[-1] == "-- alice hid #dev: it is in no list any more"
        bob.says("/rooms")
        bob.says("/names #dev")
        bob.says("/whois alice")
        rooms, names, whois = bob.hears()
        assert rooms == "-- #lobby (2)"
        assert names == "-- There is no room #dev. /rooms lists them, /join makes one."
        assert whois.startswith(f"-- alice is in #lobby, by {alice.door}")
        bob.says("/join #dev")
        bob.says("/rooms")
        assert bob.hears() == ["-- You are bob, in #dev with alice.", "-- #dev (2)", "-- #lobby (2)"]
        alice.says("/unlock hidden")
        assert bob.hears() == ["-- alice shows #dev in lists again"]

    def test_words_from_outside(self) -> None:
        """A room can be opened to those who are not in it."""
        alice, bob = self.talkers("alice", "bob")
        alice.says("/join #help")
        bob.says("/say #help hello?")
        assert bob.hears() == ["-- You are not in #help. /join #help goes there."]
        alice.says("/unlock outside")
        assert alice.hears()[-1] == "-- alice opened #help to words from outside"
        bob.says("/say #help hello?")
        bob.says("/me #help waits")
        assert bob.hears() == []
        assert alice.hears() == ["<bob> hello?", "* bob waits"]
        alice.says("/lock outside")
        bob.says("/say #help hello?")
        assert bob.hears() == ["-- You are not in #help. /join #help goes there."]

    def test_locks_stay_when_everybody_has_left(self) -> None:
        """What was said in a locked room is not for whoever comes first."""
        alice, bob = self.talkers("alice", "bob")
        alice.says("/join #dev")
        alice.says("/lock key sesame")
        alice.says("the plan")
        alice.says("/part")
        bob.says("/join #dev")
        assert bob.hears() == ["-- #dev has a key. Type it behind the name: /join #dev KEY"]
        bob.says("/join #dev sesame")
        bob.says("/names")
        entered, *_, names = bob.hears()
        assert entered == "-- You are bob, in #dev, alone for now."
        assert names == "-- 1 in #dev: bob (op)"

    def test_how_a_room_is_locked_is_said(self) -> None:
        """In words; a lock that there is not is answered with those that there are."""
        (alice,) = self.talkers("alice", room="#dev")
        alice.says("/modes")
        assert alice.hears() == ["-- #dev: nothing is locked."]
        for what in ("invite", "key x", "limit 20", "talk", "topic", "hidden"):
            alice.says(f"/lock {what}")
        alice.says("/unlock outside")
        alice.says("/ban b!*@*")
        alice.hears()
        alice.says("/modes #dev")
        assert alice.hears() == [
            "-- #dev: only who is invited may come in; the key is x; at most 20 may be in it; only ops and who has "
            "voice may speak; only ops may change the topic; it is in no list; words from outside are let in; "
            "1 ban (/bans)."
        ]
        alice.says("/lock doors")
        alice.says("/lock key")
        alice.says("/lock topic now")
        usage = "-- Type it like this: /lock, /lock topic, /lock key sesame or /lock limit 20"
        assert alice.hears() == [
            "-- There is no lock doors. There are invite, key, limit, talk, read-only, topic, hidden and outside.",
            usage,
            usage,
        ]

    def test_what_is_so_already_is_said(self) -> None:
        """To who wants to change it; nobody else hears of it."""
        alice, bob = self.talkers("alice", "bob", room="#dev")
        alice.says("/lock topic")
        bob.hears()
        alice.hears()
        alice.says("/lock topic")
        alice.says("/unlock key")
        assert alice.hears() == ["-- That is so in #dev already."] * 2
        assert bob.hears() == []

    def test_mute(self) -> None:
        """Who is muted is there and says nothing, by another name neither, until it is lifted."""
        (alice,) = self.talkers("alice", room="#dev")
        mallory = self.arrives("mallory", 1, host="192.168.7.66")
        mallory.says("/join #dev")
        mask = f"*!*@{self.network.hub.people.find('mallory').host}"
        mallory.hears()
        alice.hears()
        alice.says("/mute 10m @mallory")
        alice.hears()
        mallory.says("buy this")
        mallory.says("/nick molly")
        heard = mallory.hears()
        assert heard[-2].startswith("-- You are muted in #dev until ")
        assert heard[-1].startswith("-- You may not speak in #dev, and have to keep your name there.")
        assert alice.hears() == []
        alice.says("/unmute mallory")
        assert masks_alone(alice.hears(), "mallory") == [f"-- alice lets {mask} speak in #dev again"]
        mallory.says("sorry")
        assert alice.hears() == ["<mallory> sorry"]

    def test_slow_mode(self) -> None:
        """Who has no rank speaks once in so many seconds."""
        alice, bob = self.talkers("alice", "bob", room="#dev")
        alice.says("/slow 30s")
        assert alice.hears() == ["-- alice lets everybody speak in #dev once in 30 seconds"]
        bob.hears()
        bob.says("one")
        bob.says("two")
        assert bob.hears() == ["-- #dev is slow: you may speak there again in 30 seconds."]
        assert alice.hears() == ["<bob> one"]
        alice.says("three")
        alice.says("four")
        assert bob.hears() == ["<alice> three", "<alice> four"]
        alice.says("/slow off")
        bob.says("five")
        assert alice.hears()[-1] == "<bob> five"

    def test_read_only(self) -> None:
        """There ops announce, and all others read."""
        alice, bob = self.talkers("alice", "bob", room="#dev")
        alice.says("/lock read-only")
        bob.hears()
        bob.says("hello?")
        assert bob.hears() == ["-- Only ops may speak in #dev: it is for announcements."]
        alice.says("the exam begins")
        assert bob.hears() == ["<alice> the exam begins"]

    def test_deleted(self) -> None:
        """Who said something takes it away, or an op does; nobody else, and nobody finds it any more."""
        alice, bob, carol = self.talkers("alice", "bob", "carol", room="#dev")
        bob.says("my password is swordfish")
        for each in (alice, carol):
            each.hears()
        carol.says("/delete bob")
        assert carol.hears() == ["-- Only an op of #dev may take away what others said. /delete takes yours."]
        bob.says("/delete")
        assert alice.hears() == carol.hears() == ["-- bob took a message away in #dev"]
        carol.says("adverts")
        alice.says("/delete carol")
        assert bob.hears()[-1].replace(" of carol", "") == "-- alice took a message away in #dev"
        bob.says("/search swordfish")
        assert bob.hears() == ["-- Nothing was found."]

    def test_admins_govern_every_room(self) -> None:
        """Whoever runs the server comes in everywhere and is made to leave by no op."""
        alice, bob = self.talkers("alice", "bob")
        alice.says("/join #dev")
        alice.says("/lock")
        alice.says("/lock hidden")
        self.network.hub.people.find("bob").admin = True
        bob.says("/join #dev")
        alice.hears()
        alice.says("/kick bob")
        assert alice.hears() == ["-- bob is an admin of the server: only another admin may do that."]
        bob.says("/unlock")
        assert alice.hears() == ["-- bob unlocked #dev: everybody may come in"]
        bob.says("/lock #lobby")
        assert bob.hears()[-1] == "-- #lobby is where everybody comes in: it cannot be locked. Make another room."

    # -- what was said before ----------------------------------------------------------------------------

    def test_history(self) -> None:
        """What was said in a room is shown on demand, marked as old on every line, and page by page."""
        alice, bob = self.talkers("alice", "bob", room="#dev")
        bob.says("first")
        second = self.network.journal.last + 1
        alice.says("/me waves")
        bob.says("last")
        alice.hears()
        alice.says("/history 2")
        day, *said, older = alice.hears()
        assert day == f"-- On {local_day(self.network.hub.stamp())} in #dev:"
        assert said == ["-- * alice waves", "-- <bob> last"]
        assert older == f"-- Older: /history #dev 2 {second}"
        alice.says(older.removeprefix("-- Older: "))
        assert alice.hears()[1:] == ["-- <bob> first"]
        alice.says("/history #dev 1h")
        assert alice.hears()[1:] == ["-- <bob> first", "-- * alice waves", "-- <bob> last"]
        alice.says("/history #lobby")
        assert alice.hears() == ["-- There is nothing to show in #lobby."]

    def test_missed(self) -> None:
        """Who comes back can ask for what was said meanwhile, in all the rooms."""
        alice, bob = self.talkers("alice", "bob", room="#dev")
        alice.says("/quit")
        bob.says("one")
        bob.says("/say #lobby two")
        alice = self.arrives("alice")
        alice.says("/join #dev")
        bob.says("three")
        alice.hears()
        alice.says("/missed")
        assert alice.hears()[1:] == ["-- #dev <bob> one", "-- #lobby <bob> two"]
        bob.hears()
        bob.says("/missed")
        assert bob.hears() == ["-- I do not know when you were here last. /history shows what was said."]

    def test_missed_while_away(self) -> None:
        """Who was away can ask for what was said meanwhile."""
        alice, bob = self.talkers("alice", "bob")
        alice.says("/away lunch")
        bob.says("alice: are you there?")
        alice.says("/back")
        bob.says("ah")
        alice.hears()
        alice.says("/missed")
        assert alice.hears()[1:] == ["-- #lobby <bob> alice: are you there?"]

    def test_mentions(self) -> None:
        """Everybody can ask where others named them."""
        alice, bob = self.talkers("alice", "bob", room="#dev")
        alice.says("/mentions")
        assert alice.hears() == ["-- Nobody named you in your rooms."]
        bob.says("ask Alice")
        bob.says("not malice")
        alice.says("I am alice")
        alice.hears()
        alice.says("/mentions")
        assert alice.hears()[1:] == ["-- #dev <bob> ask Alice"]

    def test_search(self) -> None:
        """Words are found in whatever form, where one is, and with filters."""
        alice, bob = self.talkers("alice", "bob", room="#dev")
        bob.says("The build is GREEN")
        bob.says("/say #lobby a green apple")
        alice.says("green?")
        bob.says("/join #secret")
        bob.says("green plans")
        alice.hears()
        alice.says("/search green")
        assert alice.hears()[1:] == [
            "-- #dev <bob> The build is GREEN",
            "-- #lobby <bob> a green apple",
            "-- #dev <alice> green?",
        ]
        alice.says('/search "is gre*" from:BOB in:#dev after:1h')
        assert alice.hears()[1:] == ["-- #dev <bob> The build is GREEN"]
        alice.says("/search green in:#secret")
        alice.says("/search red")
        alice.says("/search !!")
        alice.says("/search green before:soon")
        assert alice.hears() == [
            "-- You are not in #secret. /join #secret goes there.",
            "-- Nothing was found.",
            "-- There is nothing to look for in that. Type a word with letters or digits.",
            "-- soon is no time. Type 2h, 15:04, 2026-11-20 or 2026-11-20T15:04.",
        ]

    def test_pages_of_a_search(self) -> None:
        """The last line of a page is what asks for the one before."""
        alice, bob = self.talkers("alice", "bob")
        for number in range(45):
            bob.says(f"line {number}")
        alice.hears()
        typed, found = "/search line", []
        while typed:
            alice.says(typed)
            _, *said = alice.hears()
            typed = said.pop().removeprefix("-- Older: ") if said[-1].startswith("-- Older: ") else ""
            found = said + found
        assert found == [f"-- #lobby <bob> line {number}" for number in range(45)]

    # -- commands ----------------------------------------------------------------------------------------

    def test_unknown_command_names_the_nearest(self) -> None:
        """A mistyped command is answered in private, and never said aloud."""
        alice, bob = self.talkers("alice", "bob")
        alice.says("/mgs bob secret")
        assert alice.hears() == ["-- There is no command /mgs. Did you mean /msg?"]
        alice.says("/xyzzy")
        assert alice.hears() == ["-- There is no command /xyzzy. /help lists them all."]
        assert bob.hears() == []

    def test_commands_are_found_in_any_case(self) -> None:
        """/MSG is /msg."""
        alice, bob = self.talkers("alice", "bob")
        alice.says("/MSG bob hi")
        assert bob.hears() == ["(private) <alice> hi"]

    def test_help(self) -> None:
        """/help lists every command; with a name it explains one."""
        (alice,) = self.talkers("alice")
        alice.says("/help")
        listed = alice.hears()
        assert any(line.startswith("-- /msg NICK TEXT ") for line in listed)
        assert listed[-1] == "-- Anything else is said in the room in view; //text says /text."
        alice.says("/help /W")
        assert alice.hears() == [
            "-- /msg NICK TEXT  Tell one other something in private. Also /tell, /w, /query, /pm. "
            "Example: /msg bob are you there?"
        ]

    def test_small_answers(self) -> None:
        """The server says which it is, what time it has, since when it is up, and that it is there."""
        (alice,) = self.talkers("alice")
        self.network.reactor.wait(3_720)
        for command in ("/version", "/uptime", "/ping", "/time", "/qr"):
            alice.says(command)
        version, uptime, pong, time, qr = alice.hears()
        assert version == "-- lanchat 1.0"
        assert uptime == "-- room-1 has been up for 1 hour 2 minutes, with 1 here now."
        assert pong == "-- pong"
        assert time.startswith("-- It is ")
        assert qr == "-- This server has no address that a phone could open."
        self.network.hub.url = "http://192.168.7.1:5555/"
        alice.says("/qr")
        address, *code = alice.hears()
        assert address == "-- http://192.168.7.1:5555/"
        assert len(code) > 10

    # -- text that could do harm -------------------------------------------------------------------------

    @pytest.mark.parametrize(
        ("typed", "heard"),
        [
            ("red \x1b[31mtext\x1b[0m", "red text"),
            ("title \x1b]0;owned\x07!", "title !"),
            ("c1 \x9b31mtext", "c1 text"),
            ("bell\x07 null\x00 vt\x0b", "bell null vt"),
            ("a \u202eevil\u202c b", "a evil b"),
            ("tab\there", "tab    here"),
            ("e\u0301 日本 👋🏽 👩\u200d👩\u200d👧", "e\u0301 日本 👋🏽 👩\u200d👩\u200d👧"),
        ],
    )
    def test_text_never_steers_a_terminal(self, typed: str, heard: str) -> None:
        """Control characters, escape sequences and bidi overrides are taken out; everything else stays."""
        alice, bob = self.talkers("alice", "bob", room="#dev")
        alice.says(typed)
        alice.says(f"/msg bob {typed}")
        alice.says(f"/topic {typed}")
        assert bob.hears() == [
            f"<alice> {heard}",
            f"(private) <alice> {heard}",
            f"-- alice set the topic of #dev: {heard}",
        ]

    def test_bytes_that_are_no_utf8_are_read_as_windows_1252(self) -> None:
        """Nothing is lost of what an old terminal sends."""
        alice, bob = self.talkers("alice", "bob")
        alice.says(b"caf\xe9 \x80 5".decode("utf-8", "surrogateescape"))
        assert bob.hears() == ["<alice> café € 5"]

    def test_too_long_message(self) -> None:
        """A message that is too long is refused, and the next one is heard."""
        alice, bob = self.talkers("alice", "bob")
        alice.says("x" * 4096)
        assert bob.hears() == ["<alice> " + "x" * 4096]
        alice.says("/msg bob " + "é" * 2049)
        alice.says("fine")
        assert bob.hears() == ["<alice> fine"]
        (refusal,) = alice.hears()
        assert refusal.startswith(("-- A message has at most 4096 bytes.", "-- A line has at most 4,096 bytes"))

    @pytest.mark.parametrize("typed", ["/say \t ", "/msg bob   ", "/me"])
    def test_nothing_is_not_said(self, typed: str) -> None:
        """A message needs a text."""
        alice, bob = self.talkers("alice", "bob")
        alice.says(typed)
        (answer,) = alice.hears()
        assert answer.startswith("-- ")
        assert bob.hears() == []

    @pytest.mark.parametrize("typed", ["/topic ", "/away ", "/part #dev "])
    def test_too_long_words_beside_messages(self, typed: str) -> None:
        """Topics, away texts and reasons have a length, too."""
        alice, bob = self.talkers("alice", "bob", room="#dev")
        alice.says(typed + "x" * 391)
        (answer,) = alice.hears()
        assert answer.endswith(" has at most 390 characters. Make it shorter.")
        assert bob.hears() == []

    # -- the server --------------------------------------------------------------------------------------

    def test_server_speaks_to_everybody(self) -> None:
        """A notice of the server reaches everybody, wherever they are."""
        alice, bob = self.talkers("alice", "bob")
        alice.says("/join #dev")
        alice.hears()
        self.network.factory.broadcast("The server stops in a minute.")
        assert alice.hears() == bob.hears() == ["-- The server stops in a minute."]

    def test_a_line_without_an_end_is_heard_when_the_client_ends(self) -> None:
        """The last line needs no newline."""
        alice, bob = self.talkers("alice", "bob")
        alice.wire.types(alice.typed("bye").rstrip())
        alice.wire.hangs_up()
        assert bob.hears() == ["<alice> bye", "-- alice left"]

    def test_lines_that_come_together_are_answered_together(self) -> None:
        """A whole conversation in one packet is done in its order."""
        (bob,) = self.talkers("bob")
        alice = self.ways[0](self.network, "alice")
        alice.wire.sends(alice.name("alice") + b"".join(map(alice.typed, ["one", "/join #dev", "two", "/quit"])))
        assert bob.hears() == ["-- alice joined #lobby", "<alice> one", "-- alice left"]
        assert alice.hears() == [
            "-- You are alice, in #lobby with bob.",
            "-- You are alice, in #dev, alone for now.",
            "-- Bye.",
        ]
        assert alice.wire.ended
