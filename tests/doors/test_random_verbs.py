"""Whatever people do, in whatever order and through whatever doors, the chat stays whole."""

from __future__ import annotations

import re
from collections import Counter, deque
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)

from lanchat.core.errors import Refused
from lanchat.core.limits import Limits
from lanchat.core.masks import cloak
from lanchat.core.members import Member
from lanchat.core.modes import Mode
from lanchat.core.names import fold, skeleton
from lanchat.core.room import Room
from lanchat.core.rules import check_speech, is_shown
from tests.logins import account, logins
from tests.network import Network
from tests.talkers import JsonTalker, SecureJsonTalker, SecureTextTalker, Talker, TextTalker
from tests.web_talker import SecureWebTalker, WebTalker

_SAID = re.compile(r" (\d+:x*)$")
NICKS = st.sampled_from(
    ["alice", "Alice", "a1ice", "bob", "BOB", "carol", "modern", "modem", "zoë", "ann lee", "help"]
)
ROOMS = st.sampled_from(["#dev", "#Dev", "#lan", "#lobby", "#DEV"])
VERBS = st.sampled_from(["", "", "/me ", "/say #dev ", "/say #lobby "])
LOCKS = ["", "topic", "talk", "key x", "limit 2", "hidden", "outside"]
ACCOUNTS = st.sampled_from(["carol", "modern", "dora", "bob", "alice"])
DOORS = st.sampled_from([TextTalker, JsonTalker, WebTalker, SecureTextTalker, SecureJsonTalker, SecureWebTalker])


def may_speak(room: Room, member: Member) -> bool:
    try:
        check_speech(room, member)
    except Refused:
        return False
    return is_shown(room, member)


class Chat(RuleBasedStateMachine):
    """People come, talk, change and go; some of them do not read for a while."""

    people: Bundle[Talker] = Bundle("people")

    def __init__(self) -> None:
        super().__init__()
        self.network = Network(Limits(rate=0, per_address=100, sendq=3_000, rooms=3), keep=100_000)
        self.hub = self.network.hub
        self.hub.logins = logins(self.hub, plain=True)
        for name in ("carol", "modern", "dora"):
            account(self.hub, name)
        self.expected: dict[Talker, deque[str]] = {}
        self.number = 0

    # -- who does what -----------------------------------------------------------------------------------

    def here(self, talker: Talker) -> Any:
        """Give the server's session of somebody who is in, or None."""
        return next(
            (
                door.session
                for door in self.network.factory.doors
                if door.who and door.session.present and self.of_door.get(id(door)) is talker
            ),
            None,
        )

    def nobody_is_behind(self) -> bool:
        return all(door.session.behind is None for door in self.network.factory.doors)

    @property
    def of_door(self) -> dict[int, Talker]:
        found = {}
        for talker in self.expected:
            front = talker.wire.server
            door = front._line_door() if hasattr(front, "_line_door") else None
            if door is not None:
                found[id(door)] = talker
        return found

    @initialize(target=people, doors=st.tuples(DOORS, DOORS))
    def some_are_there(self, doors: tuple[type[Talker], type[Talker]]) -> MultipleResults[Talker]:
        """There is company from the beginning."""
        return multiple(self.comes(doors[0], "alice"), self.comes(doors[1], "bob"))

    @rule(target=people, door=DOORS, nick=NICKS)
    def comes(self, door: type[Talker], nick: str) -> Talker:
        talker = door(self.network, nick)
        self.expected[talker] = deque()
        talker.enters()
        return talker

    @rule(talker=people, nick=NICKS)
    def renames(self, talker: Talker, nick: str) -> None:
        if self.nobody_is_behind():
            talker.says(f"/nick {nick}")

    @rule(talker=people, room=ROOMS)
    def joins(self, talker: Talker, room: str) -> None:
        talker.says(f"/join {room}")

    @rule(talker=people, room=ROOMS)
    def parts(self, talker: Talker, room: str) -> None:
        talker.says(f"/part {room}")

    @rule(talker=people, nick=NICKS | ACCOUNTS)
    def tells(self, talker: Talker, nick: str) -> None:
        """Who is meant hears it on all devices, and who says it on all others."""
        self.number += 1
        text, session = f"{self.number}:", self.here(talker)
        other = self.hub.people.members.get(fold(nick))
        if session is not None and other is not None and self.nobody_is_behind():
            ignored = fold(session.member.nick) in other.ignores
            for hearer in self.expected:
                device = self.here(hearer)
                if device is not None and (
                    (device.member is other and not ignored)
                    or (device.member is session.member is not other and device is not session)
                ):
                    self.expected[hearer].append(text)
            talker.says(f"/msg {nick} {text}")
        else:
            talker.says(f"/msg {nick} psst")

    @rule(talker=people, name=ACCOUNTS)
    def logs_in(self, talker: Talker, name: str) -> None:
        """A guest becomes one of the devices of an account."""
        if self.nobody_is_behind() and self.here(talker) is not None:
            talker.says(f"/login {name} correct horse")

    @rule(name=st.sampled_from(["bob", "alice"]))
    def is_given_an_account(self, name: str) -> None:
        """Whoever is called so, or like it, goes on as a guest until somebody proves that it is theirs."""
        if self.hub.accounts.find(name) is None:
            account(self.hub, name)

    @rule(talker=people)
    def logs_out_everywhere(self, talker: Talker) -> None:
        """All devices of an account leave; who still has something to read could not read it any more."""
        if all(each.wire.socket.space is None for each in self.expected):
            talker.says("/logout all")

    @rule(target=people, door=DOORS, name=ACCOUNTS)
    def comes_as_an_account(self, door: type[Talker], name: str) -> Talker:
        talker = self.comes(door, "guest")
        self.logs_in(talker, name)
        return talker

    @rule(talker=people, nick=NICKS, verb=st.sampled_from(["ignore", "unignore", "whois", "invite"]))
    def minds(self, talker: Talker, nick: str, verb: str) -> None:
        talker.says(f"/{verb} {nick}")

    @rule(talker=people, nick=NICKS, verb=st.sampled_from(["op", "deop", "voice", "devoice", "kick", "ban", "unban"]))
    def governs(self, talker: Talker, nick: str, verb: str) -> None:
        if self.nobody_is_behind():  # or what they missed in that room would not be theirs any more
            talker.says(f"/{verb} {nick}")

    @rule(talker=people, verb=st.sampled_from(["lock", "unlock"]), what=st.sampled_from(LOCKS))
    def locks(self, talker: Talker, verb: str, what: str) -> None:
        talker.says(f"/{verb} {what if verb == 'lock' else what.partition(' ')[0]}".rstrip())

    @rule(talker=people, line=st.sampled_from(["/away lunch", "/back", "/reply yes", "/names", "/rooms", "/topic x"]))
    def does(self, talker: Talker, line: str) -> None:
        talker.says(line)

    @rule(talker=consumes(people), how=st.sampled_from(["quit", "logout", "hangs up", "drops"]))
    def leaves(self, talker: Talker, how: str) -> None:
        if talker.wire.socket.space is not None:
            talker.wire.reads()
        if how in ("quit", "logout"):
            talker.says(f"/{how}")
        elif how == "drops":
            talker.wire.drops()
        talker.wire.hangs_up()
        self.network.reactor.wait(5)
        assert talker.wire.gone
        del self.expected[talker]

    @rule(talker=people)
    def stalls(self, talker: Talker) -> None:
        talker.wire.stalls()

    @rule(talker=people)
    def reads(self, talker: Talker) -> None:
        talker.wire.reads()

    @rule(talker=people, size=st.integers(1, 5_000))
    def reads_a_little(self, talker: Talker, size: int) -> None:
        if talker.wire.socket.space is not None:
            talker.wire.reads(size)

    @rule(talker=people, lines=st.lists(st.tuples(people, VERBS, st.just(3_500)), min_size=1, max_size=3))
    def misses_much(self, talker: Talker, lines: list[tuple[Talker, str, int]]) -> None:
        """Somebody does not read while the others say more than waits for a slow reader."""
        talker.wire.stalls()
        for _ in range(150_000 // 3_500 // len(lines)):
            self.talk_in_one_turn(list(lines))

    @rule(lines=st.lists(st.tuples(people, VERBS, st.integers(0, 900)), max_size=6))
    def talk_in_one_turn(self, lines: list[tuple[Talker, str, int]]) -> None:
        """Several people talk in the same turn, perhaps in several rooms."""
        lines.sort(key=lambda line: line[0].wire.transport.sessionno)  # as the reactor here reads them
        for talker, verb, size in lines:
            self.number += 1
            text = f"{self.number}:{'x' * size}"
            session = self.here(talker)
            if session is not None and session.behind is None:
                room = session.view if "#" not in verb else self.hub.rooms.get(verb[5:-1])
                if room is not None and may_speak(room, session.member):
                    self.will_hear(room, session, text)
            if session is None or session.behind is None:
                talker.types(verb + text)
        self.network.reactor.settle()

    def will_hear(self, room: Any, speaking: Any, text: str) -> None:
        for talker in self.expected:
            session = self.here(talker)
            if session is None or room not in session.member.rooms or session is speaking:
                continue
            if fold(speaking.member.nick) not in session.member.ignores:
                self.expected[talker].append(text)

    # -- what always holds -------------------------------------------------------------------------------

    @invariant()
    def everybody_hears_what_was_said(self) -> None:
        """Once and in order: what came so far is the beginning of what is expected, and all of it who reads."""
        for talker, expected in self.expected.items():
            for line in talker.hears_whole():
                if not line.startswith("-- ") and (found := _SAID.search(line)):
                    assert expected.popleft() == found[1]
            if talker.wire.socket.space is None:
                assert not expected

    @invariant()
    def names_are_unique(self) -> None:
        members = self.hub.people.members
        assert all(fold(member.nick) == key for key, member in members.items())
        assert max(Counter(skeleton(member.nick) for member in members.values()).values(), default=0) <= 1
        assert {skeleton(member.nick): member for member in members.values()} == self.hub.people._skeletons

    @invariant()
    def rooms_and_members_agree(self) -> None:
        members = set(self.hub.people.members.values())
        rooms = set(self.hub.rooms.values())
        assert {(room, member) for room in rooms for member in room.members} == {
            (room, member) for member in members for room in member.rooms
        }
        assert all({*room.ranked[Mode.OP], *room.ranked[Mode.VOICE]} <= room.members.keys() for room in rooms)
        assert not self.hub.lobby.ranked[Mode.OP]
        assert {fold(room.name) for room in rooms if not room.members} - {"#lobby"} == set(self.hub.rooms.vacant)
        assert all(fold(room.name) == key for key, room in self.hub.rooms.items())
        assert all(member.rooms and member.sessions for member in members)

    @invariant()
    def devices_agree_with_accounts(self) -> None:
        for member in self.hub.people.members.values():
            account = member.account
            assert account is not None or len(member.sessions) == 1
            assert account is None or account.name == member.nick
            assert all(session.account is account and session.member is member for session in member.sessions)
            assert bool(member.away) == all(session.away for session in member.sessions)
            assert (member.told_away is None) == (not member.away)
            assert {*member.hosts} == {cloak(self.hub.journal.secret, each.address) for each in member.sessions}
        assert not self.hub.private._showing

    @invariant()
    def ranks_are_those_that_are_kept(self) -> None:
        for room in self.hub.rooms.values():
            for member in room.members:
                kept = room.modes.kept_rank(member.account.name) if member.account is not None else None
                assert kept is None or kept is room.rank(member)

    @invariant()
    def nobody_watches_who_has_left(self) -> None:
        present = {session for member in self.hub.people.members.values() for session in member.sessions}
        assert self.hub.watching._watched.keys() <= present

    @invariant()
    def audiences_agree_with_rooms(self) -> None:
        for member in self.hub.people.members.values():
            for session in member.sessions:
                assert session.present
                assert session.view in member.rooms
                assert set(session.audiences) == set(member.rooms)
                for room, audience in session.audiences.items():
                    assert room.audiences[audience.dialect] is audience
                    assert audience.dialect is session.dialect_of(room)
                    assert audience.sends[session] == session.send
        heard = sum(len(audience.sends) for room in self.hub.rooms.values() for audience in room.audiences.values())
        members = self.hub.people.members.values()
        assert heard == sum(len(member.rooms) * len(member.sessions) for member in members)

    @invariant()
    def nothing_is_pending_between_turns(self) -> None:
        for session in self.hub.pulse._apart:  # who is behind stands apart until it has caught up
            assert session.behind is not None or session.closing
        assert not self.hub.pulse._dirty
        for room in self.hub.rooms.values():
            for audience in room.audiences.values():
                assert not audience.pending
                assert not audience.places
                assert all(session.behind is not None for session in audience._apart)
        for door in self.network.factory.doors:
            assert not door.session.apart or door.session.behind is not None
            assert not door.session.outbox

    @invariant()
    def ignoring_agrees_both_ways(self) -> None:
        members = self.hub.people.members.values()
        assert {(key, member) for key, found in self.hub.people.ignorers.items() for member in found} == {
            (key, member) for member in members for key in member.ignores
        }

    @invariant()
    def connections_are_counted(self) -> None:
        live = [talker for talker in self.expected if hasattr(talker.wire.transport, "socket")]
        assert self.network.factory.admission.live == len(live)
        assert sum(self.network.factory.admission._addresses.values()) <= len(live)

    def teardown(self) -> None:
        """When all have gone, nothing is left."""
        for talker in self.expected:
            talker.wire.reads()
            talker.wire.drops()
        self.network.reactor.wait(10)
        assert self.network.factory.admission.live == 0
        assert not self.network.factory.admission._addresses
        assert not self.network.factory.connections
        assert not self.network.factory.doors
        assert not self.hub.people.members
        assert set(self.hub.rooms) == {"#lobby", *self.hub.rooms.vacant}
        assert not self.network.reactor.getDelayedCalls()


TestRandomVerbs = Chat.TestCase
TestRandomVerbs.settings = settings(max_examples=settings.default.max_examples, stateful_step_count=40)
