"""Admins of the server, through the doors: who becomes one, and what they may do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

import pytest

from lanchat.core.admins import Admins
from lanchat.core.limits import Limits
from tests.logins import logins
from tests.network import Network
from tests.talkers import JsonTalker, SecureJsonTalker, SecureTextTalker, Talker, TextTalker

NOW = "-- You are an admin of this server now: /help lists what is yours."
NOT_ADMIN = (
    "-- Only admins of the server may do that: "
    "/login NICK PASSWORD, or /oper NAME PASSWORD, if you have been given one."
)


class Door:
    """What people can count on, whichever door they take."""

    ways: ClassVar[Sequence[type[Talker]]]

    @pytest.fixture(autouse=True)
    def _network(self) -> None:
        self.serve()

    def serve(self, limits: Limits | None = None) -> None:
        """Start a server with an admin ``root``, whose passwords are checked when the test says so."""
        self.network = Network(limits or Limits(rate=0, per_address=0))
        self.questions: list[tuple[str, str, Callable[[bool], None]]] = []
        self.noted: list[str] = []
        self.admins()

    def admins(self, *, plain: bool = False) -> None:
        """Check passwords, over plain connections too if so said."""
        self.network.hub.logins = logins(self.network.hub, plain=plain)
        admins = Admins(lambda *question: self.questions.append(question))
        admins.noted = self.noted.append
        self.network.hub.admins = admins

    def answers(self) -> None:
        """Check the passwords that were given."""
        questions, self.questions = self.questions, []
        for name, password, then in questions:
            then((name, password) == ("root", "correct horse"))

    def talkers(self, *nicks: str, host: str = "127.0.0.1") -> list[Talker]:
        """People who are in already, and have read everything."""
        people = [self.ways[number % len(self.ways)](self.network, nick, host) for number, nick in enumerate(nicks)]
        for person in people:
            person.enters()
        for person in people:
            person.hears()
        return people

    def becomes_admin(self, person: Talker) -> None:
        person.says("/oper root correct horse")
        self.answers()
        assert person.hears() == [NOW]

    # -- becoming one --------------------------------------------------------------------------------------

    def test_right_password_makes_an_admin(self) -> None:
        """Until then nothing more is heard, so that what was typed after it is an admin's."""
        alice, bob = self.talkers("alice", "bob")
        alice.says("/oper root correct horse")
        alice.says("/wallops I am in charge")
        assert alice.hears() == []
        self.answers()
        assert alice.hears() == [NOW, "-- alice to the admins: I am in charge"]
        assert bob.hears() == []
        assert alice.session.member.admin
        assert self.noted == [f"alice (127.0.0.1 by {alice.door}) is an admin now, as root"]

    @pytest.mark.parametrize("typed", ["root wrong", "zoe correct horse"])
    def test_wrong_password_makes_none(self, typed: str) -> None:
        """Nobody learns which of the two was wrong, and the log has neither."""
        (alice,) = self.talkers("alice")
        alice.says(f"/oper {typed}")
        self.answers()
        assert alice.hears() == ["-- There is no such name, or another password."]
        alice.says("/rehash")
        assert alice.hears() == [NOT_ADMIN]
        assert self.noted == [f"alice (127.0.0.1 by {alice.door}) is refused as an admin: bad-password"]

    def test_mistake_takes_nothing_away(self) -> None:
        """Who is an admin stays one."""
        (alice,) = self.talkers("alice")
        self.becomes_admin(alice)
        alice.says("/oper root wrong")
        self.answers()
        assert alice.session.member.admin

    def test_admin_is_a_person_and_ends_with_them(self) -> None:
        """Whoever takes the nick next is none."""
        (alice,) = self.talkers("alice")
        self.becomes_admin(alice)
        alice.says("/quit")
        (other,) = self.talkers("alice")
        other.says("/rehash")
        assert other.hears() == [NOT_ADMIN]

    def test_tries_are_limited_by_address(self) -> None:
        """The sixth within a minute is refused unchecked, under whatever name, and says how long that lasts."""
        self.admins(plain=True)
        alice, bob = self.talkers("alice", "bob", host="192.168.7.2")
        for number in range(5):
            alice.says(f"/oper name{number} wrong")
            self.answers()
        alice.hears()
        self.network.reactor.wait(20)
        bob.says("/oper root correct horse")
        assert self.questions == []
        assert bob.hears() == ["-- Too many passwords were tried. Wait 40 seconds, and try again."]
        self.network.reactor.wait(40)
        self.becomes_admin(bob)

    def test_tries_are_limited_by_name(self) -> None:
        """From however many addresses they come."""
        self.admins(plain=True)
        for number in range(5):
            (person,) = self.talkers(f"guest_{number}", host=f"192.168.7.{number + 2}")
            person.says("/oper root wrong")
            self.answers()
        (alice,) = self.talkers("alice", host="192.168.7.99")
        alice.says("/oper ROOT correct horse")
        assert self.questions == []
        assert alice.hears() == ["-- Too many passwords were tried. Wait 60 seconds, and try again."]

    def test_server_without_admins(self) -> None:
        """It says what would make one."""
        self.network.hub.admins = Admins()
        (alice,) = self.talkers("alice")
        alice.says("/oper root correct horse")
        assert alice.hears() == ["-- This server has no admins. Who runs it can name some: --admins FILE."]

    def test_others_cannot_read_a_password(self) -> None:
        """Over the network it needs TLS, unless the server says otherwise."""
        (alice,) = self.talkers("alice", host="192.168.7.2")
        alice.says("/oper root correct horse")
        if alice.door.endswith("+tls"):
            self.answers()
            assert alice.hears() == [NOW]
        else:
            assert alice.hears() == ["-- Others could read the password on this connection. Use TLS."]
            self.admins(plain=True)
            self.becomes_admin(alice)

    def test_who_is_gone_meanwhile_is_no_admin(self) -> None:
        """The answer comes too late, and hurts nobody."""
        (alice,) = self.talkers("alice")
        alice.says("/oper root correct horse")
        (door,) = self.network.factory.doors
        door.end("The server stops now.")
        self.answers()
        assert alice.hears() == ["-- The server stops now."]
        assert self.noted == []

    def test_who_is_killed_meanwhile_is_no_admin(self) -> None:
        """Nor is somebody whose connection is ended before the answer comes."""
        alice, bob = self.talkers("alice", "bob")
        self.becomes_admin(alice)
        bob.says("/oper root correct horse")
        alice.says("/kill bob")
        self.answers()
        assert bob.hears() == ["-- You were killed by alice"]
        assert bob.wire.ended

    # -- kill ----------------------------------------------------------------------------------------------

    def test_kill_ends_the_connection_and_says_why(self) -> None:
        """The one and all the others learn who did it and why."""
        alice, bob, carol = self.talkers("alice", "bob", "carol")
        self.becomes_admin(alice)
        alice.says("/kill bob spam")
        assert bob.hears() == ["-- You were killed by alice: spam"]
        assert bob.wire.ended
        assert carol.hears() == ["-- bob left (killed by alice: spam)"]
        assert alice.hears() == ["-- bob left (killed by alice: spam)"]
        assert self.noted[-1] == "alice killed bob"
        bob.wire.hangs_up()
        assert carol.hears() == []

    def test_nobody_is_killed_twice(self) -> None:
        """Who is gone is gone."""
        alice, _ = self.talkers("alice", "bob")
        self.becomes_admin(alice)
        alice.types("/kill bob")
        alice.says("/kill bob")
        assert alice.hears() == ["-- bob left (killed by alice)", "-- There is no bob here. /names lists who is."]

    def test_admins_may_kill_themselves(self) -> None:
        """It is as good as any other end."""
        alice, bob = self.talkers("alice", "bob")
        self.becomes_admin(alice)
        alice.says("/kill alice oops")
        assert alice.hears() == ["-- You were killed by alice: oops"]
        assert alice.wire.ended
        assert bob.hears() == ["-- alice left (killed by alice: oops)"]

    def test_reason_is_cut_where_others_are(self) -> None:
        """However much is typed."""
        self.serve(Limits(rate=0, per_address=0, topic=9))
        alice, bob = self.talkers("alice", "bob")
        self.becomes_admin(alice)
        alice.says("/kill bob 1234567890")
        assert bob.hears() == ["-- You were killed by alice: 123456789"]

    @pytest.mark.parametrize("typed", ["/kill bob spam", "/kill zoe", "/rehash", "/wallops hello"])
    def test_only_admins_may(self, typed: str) -> None:
        """Everybody else is told how one becomes one."""
        alice, bob = self.talkers("alice", "bob")
        alice.says(typed)
        assert alice.hears() == [NOT_ADMIN]
        assert bob.hears() == []

    # -- rehash and wallops ----------------------------------------------------------------------------------

    def test_rehash_reads_the_files_again(self) -> None:
        """What did not load is told, a line each."""
        (alice,) = self.talkers("alice")
        self.becomes_admin(alice)
        alice.says("/rehash")
        assert alice.hears() == ["-- Everything was read again."]
        self.network.hub.rehash = lambda: ["--motd motd not reloaded, the old one stays: No such file", "two"]
        alice.says("/rehash")
        assert alice.hears() == ["-- --motd motd not reloaded, the old one stays: No such file", "-- two"]
        assert self.noted[-1] == "alice reloads"

    def test_wallops_reaches_the_other_admins(self) -> None:
        """And nobody else."""
        alice, bob, carol = self.talkers("alice", "bob", "carol")
        self.becomes_admin(alice)
        self.becomes_admin(bob)
        alice.says("/wallops the server restarts at nine")
        assert bob.hears() == ["-- alice to the admins: the server restarts at nine"]
        assert carol.hears() == []
        bob.says("/wallops fine")
        assert alice.hears()[-1] == "-- bob to the admins: fine"


class TestText(Door):
    ways = (TextTalker,)


class TestTextInsideTls(Door):
    ways = (SecureTextTalker,)


class TestJson(Door):
    ways = (JsonTalker,)


class TestJsonInsideTls(Door):
    ways = (SecureJsonTalker,)


class TestMixed(Door):
    ways = (TextTalker, SecureJsonTalker, JsonTalker)
