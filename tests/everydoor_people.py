"""Accounts, roles and moderation through every door: the same conversations, as people type them.

Several devices of one account are in tests/doors/test_devices.py; what guests govern is in tests/everydoor.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import pytest

from lanchat.core.times import local_clock, local_day
from tests.logins import account, logins
from tests.network import Network
from tests.restarts import Kept
from tests.talkers import Talker

PASSWORD = "correct horse"
ELSEWHERE = "192.168.7.66"
"""Where mallory sits."""
HERE = "127.0.0.1"
"""The server's own machine."""
WRONG = "-- There is no such name, or another password."
NOT_OP = "-- Only an op of #dev may do that. /names #dev shows who is one."


class EveryPerson:
    """What people can count on, whichever door they take."""

    ways: ClassVar[Sequence[type[Talker]]]
    """The doors of this conversation: the first person takes the first, and so on, again and again."""

    @pytest.fixture(autouse=True)
    def _network(self) -> None:
        self.serve(Network())

    def serve(self, network: Network) -> None:
        """Have a server whose plain connections are as good as secure ones."""
        self.network = network
        self.hub = network.hub
        self.offer(plain=True)

    def offer(self, **options: object) -> None:
        """Let the server take other logins."""
        self.hub.logins = logins(self.hub, **options)  # type: ignore[arg-type]

    def connects(self, nick: str, number: int = 0, host: str = "192.168.7.2") -> Talker:
        """Somebody comes to the ``number``-th door, and says nothing yet."""
        return self.ways[number % len(self.ways)](self.network, nick, host)

    def guest(self, nick: str, number: int = 0, host: str = "192.168.7.2", room: str = "") -> Talker:
        """Somebody comes in under a name, and has read everything."""
        person = self.connects(nick, number, host)
        person.enters()
        return self._at_ease(person, room)

    def owner(self, nick: str, number: int = 0, host: str = "192.168.7.2", room: str = "") -> Talker:
        """Somebody comes in with an account, which is made if there is none, and has read everything."""
        if self.hub.accounts.find(nick) is None:
            account(self.hub, nick)
        person = self.connects(nick, number, host)
        person.logs_in()
        return self._at_ease(person, room)

    def admin(self, nick: str = "root", number: int = 0) -> Talker:
        """Somebody comes in with an admin's account."""
        account(self.hub, nick, admin=True)
        return self.owner(nick, number)

    def _at_ease(self, person: Talker, room: str) -> Talker:
        if room:
            person.says(f"/join {room}")
        person.hears()
        return person

    def read(self, *people: Talker) -> None:
        """Let people forget what they have heard."""
        for person in people:
            person.hears()

    def kept(self, folder: Path) -> None:
        """Have a server that keeps everything in a folder."""
        self.serve(Kept(folder))

    def restart(self) -> None:
        """Stop the server, and start it again."""
        assert isinstance(self.network, Kept)
        self.serve(self.network.starts_again())

    # -- accounts ----------------------------------------------------------------------------------------

    def test_a_registered_nick_is_its_owners(self) -> None:
        """Whoever makes it theirs is logged in; anybody else is told so, under a name that looks like it, too."""
        alice, bob = self.guest("alice"), self.guest("bob", 1)
        alice.hears()
        alice.says(f"/register {PASSWORD}")
        assert alice.hears() == ["-- You are logged in as alice."]
        bob.says("/whois alice")
        assert "Logged in as alice." in bob.hears()[-1]
        alice.says("/quit")
        bob.hears()
        for wanted, why in (("ALICE", "is registered"), ("a1ice", "looks like alice, who is registered")):
            bob.says(f"/nick {wanted}")
            carol = self.connects(wanted, 2)
            carol.enters()
            for refused in (bob, carol):  # an IRC client that comes in is told of SASL
                (refusal,) = refused.hears()
                assert refusal.startswith(f"-- {wanted} {why}. If that is you")
        assert bob.hears() == []

    def test_registering_what_is_no_password(self) -> None:
        """It is refused with what to do, and the nick is still anybody's; so is registering twice."""
        alice = self.guest("alice")
        alice.says("/register short")
        assert alice.hears() == ["-- A password has at least 8 characters. Take a longer one."]
        assert self.hub.accounts.find("alice") is None
        alice.says(f"/register {PASSWORD}")
        alice.says(f"/register {PASSWORD}")
        assert alice.hears()[1:] == ["-- You are logged in as alice already. /passwd changes the password."]

    def test_coming_in_with_an_account(self) -> None:
        """The name and the password; the others see whose account it is."""
        bob = self.guest("bob")
        account(self.hub, "alice")
        alice = self.connects("alice", 1)
        alice.logs_in()
        assert alice.hears() == ["-- You are logged in as alice.", "-- You are alice, in #lobby with bob."]
        assert bob.hears() == ["-- alice joined #lobby"]

    def test_a_wrong_password_tells_nothing(self) -> None:
        """Whether there is such an account or not: the same words."""
        account(self.hub, "alice")
        bob = self.guest("bob")
        for nick in ("alice", "nobody"):
            person = self.connects(nick, 1)
            person.logs_in("wrong horse")
            assert person.hears()[:1] == [WRONG]
            bob.hears()
            bob.says(f"/login {nick} wrong horse")
            assert bob.hears() == [WRONG]
        assert "alice" not in self.hub.people.members

    def test_logging_in_while_one_is_here(self) -> None:
        """A guest is called as the account from then on; a wrong password changes nothing."""
        account(self.hub, "alice")
        bob, visitor = self.guest("bob"), self.guest("visitor", 1)
        bob.hears()
        visitor.says("/login alice wrong horse")
        assert visitor.hears() == [WRONG]
        visitor.says(f"/login alice {PASSWORD}")
        heard = visitor.hears()
        assert "-- You are alice now" in heard
        assert "-- You are logged in as alice." in heard
        assert bob.hears() == ["-- visitor is now alice"]
        visitor.says("hi")
        assert bob.hears() == ["<alice> hi"]
        visitor.says("/nick other")
        assert visitor.hears() == ["-- You are logged in as alice, and are called so. /logout ends that."]

    def test_logging_out(self) -> None:
        """It ends the connection, and others hear why; who is not logged in cannot."""
        alice, bob = self.owner("alice"), self.guest("bob", 1)
        alice.hears()
        bob.says("/logout")
        assert bob.hears() == ["-- You are not logged in. /login NICK PASSWORD does that."]
        alice.says("/logout")
        assert alice.hears() == ["-- You are logged out."]
        assert alice.wire.ended
        assert bob.hears() == ["-- alice left (logged out)"]

    def test_logging_out_leaves_the_other_device(self) -> None:
        """Only where it was typed; /logout all is for all of them."""
        first, second, bob = self.owner("alice"), self.owner("alice", 1), self.guest("bob", 2)
        self.read(first, second)
        first.says("/logout")
        assert first.wire.ended
        assert bob.hears() == second.hears() == []
        third = self.owner("alice", 2)
        third.says("/logout all")
        assert second.wire.ended
        assert third.wire.ended
        assert bob.hears() == ["-- alice left (logged out)"]

    def test_another_password(self) -> None:
        """The old one is good for nothing then, and the other devices have to log in again."""
        first, second, bob = self.owner("alice"), self.owner("alice", 1), self.guest("bob", 2)
        self.read(first, second)
        first.says('/passwd "wrong horse" battery staple')
        assert first.hears() == [WRONG]
        first.says(f'/passwd "{PASSWORD}" battery staple')
        assert first.hears() == ["-- Your password is changed."]
        assert second.hears() == ["-- The password was changed. Log in again."]
        assert second.wire.ended
        third, fourth = self.connects("alice", 1), self.connects("alice", 1)
        third.logs_in(PASSWORD)
        assert third.hears()[:1] == [WRONG]
        fourth.logs_in("battery staple")
        assert fourth.hears()[0] == "-- You are logged in as alice."
        assert bob.hears() == []

    def test_guests_have_no_password_to_change(self) -> None:
        """They are told how to log in."""
        bob = self.guest("bob")
        bob.says("/passwd correct horse")
        assert bob.hears() == ["-- You are not logged in. /login NICK PASSWORD does that."]

    def test_tries_are_counted(self) -> None:
        """Five wrong ones a minute from one address, and five for one account; then even the right one has to wait."""
        for name in ("alice", "carol"):
            account(self.hub, name)
        mallory, other = self.guest("mallory", 0, ELSEWHERE), self.guest("other", 1)
        for _ in range(5):
            mallory.says("/login alice guess guess")
        other.hears()
        assert mallory.hears()[-5:] == [WRONG] * 5
        wait = "-- Too many passwords were tried. Wait 60 seconds, and try again."
        mallory.says(f"/login carol {PASSWORD}")
        assert mallory.hears() == [wait]
        other.says(f"/login alice {PASSWORD}")
        assert other.hears() == [wait]
        other.says(f"/login carol {PASSWORD}")
        assert "-- You are logged in as carol." in other.hears()
        self.network.reactor.wait(60)
        mallory.says(f"/login alice {PASSWORD}")
        assert "-- You are logged in as alice." in mallory.hears()

    @pytest.mark.parametrize("typed", ["/register correct horse", "/login alice correct horse"])
    def test_passwords_are_not_for_everybody_to_read(self, typed: str) -> None:
        """Over a plain connection from another machine none is taken; inside TLS and from this machine they are."""
        self.offer()
        account(self.hub, "alice")
        outside = self.guest("visitor")
        outside.says(typed)
        if outside.door.endswith("+tls"):
            assert any(line.startswith("-- You are logged in as ") for line in outside.hears())
        else:
            assert outside.hears() == ["-- Others could read the password on this connection. Use TLS."]
            assert len(self.hub.accounts.all()) == 1
        inside = self.guest("neighbour", 0, HERE)
        inside.says(typed)
        assert any(line.startswith("-- You are logged in as ") for line in inside.hears())

    def test_the_first_account_of_the_own_machine_is_an_admins(self) -> None:
        """One from another machine is not, and neither is the second one."""
        remote = self.guest("remote", 0)
        remote.says(f"/register {PASSWORD}")
        for number, (nick, admin) in enumerate([("root", True), ("second", False)]):
            person = self.guest(nick, number, HERE)
            person.says(f"/register {PASSWORD}")
            assert person.hears()[0].startswith(f"-- You are logged in as {nick}")
            person.says("/serverbans")
            banned = person.hears() == ["-- Nobody is banned from this server."]
            assert banned == admin
        self.read(remote)
        remote.says("/serverbans")
        assert remote.hears() != ["-- Nobody is banned from this server."]

    def test_a_server_with_a_password(self) -> None:
        """Guests come in who know it; who has an account has shown more than that."""
        self.offer(plain=True, welcomes="open sesame".__eq__)
        alice = self.owner("alice")
        for number, password in enumerate(["", "wrong sesame", "open sesame"]):
            bob = self.connects("bob", number)
            if password:
                bob.knocks(password)
            else:
                bob.enters()
            if password == "open sesame":
                assert bob.hears()[-1] == "-- You are bob, in #lobby with alice."
                assert alice.hears() == ["-- bob joined #lobby"]
            else:
                assert not any("You are bob" in line for line in bob.hears())
                assert alice.hears() == []

    def test_a_servers_password_is_not_for_everybody_to_read(self) -> None:
        """Over a plain connection from another machine it is not taken either."""
        self.offer(welcomes="open sesame".__eq__)
        bob, neighbour = self.connects("bob"), self.connects("neighbour", 0, HERE)
        bob.knocks("open sesame")
        secure = bob.door.endswith("+tls")
        assert ("bob" in self.hub.people.members) == secure
        neighbour.knocks("open sesame")
        assert "neighbour" in self.hub.people.members

    def test_a_server_for_accounts_only(self) -> None:
        """Guests stay outside, and nobody makes an account where that is switched off."""
        self.offer(plain=True, guests=False, open_=False)
        alice, bob = self.owner("alice"), self.connects("bob", 1)
        bob.enters()
        assert "bob" not in self.hub.people.members
        assert alice.hears() == []
        account(self.hub, "carol")
        carol = self.connects("carol", 2)
        carol.logs_in()
        assert carol.hears()[-1] == "-- You are carol, in #lobby with alice."

    def test_accounts_that_are_not_for_everybody(self) -> None:
        """Where those who run the server make them, /register says so."""
        self.offer(plain=True, open_=False)
        alice = self.guest("alice")
        alice.says(f"/register {PASSWORD}")
        assert alice.hears() == ["-- Accounts are made by who runs this server. Ask them for one."]

    # -- what waits --------------------------------------------------------------------------------------

    def test_words_to_who_is_not_here_are_in_missed_too(self) -> None:
        """They are shown on coming back, and again by /missed; the talk is on record for the two of them."""
        alice, bob, carol = self.owner("alice"), self.owner("bob", 1), self.owner("carol", 2)
        alice.says("/quit")
        self.read(bob, carol)
        bob.says("/msg alice call me")
        bob.hears()
        alice = self.connects("alice")
        alice.logs_in()
        waited = "-- (private to alice) <bob> call me"
        assert alice.hears()[-1] == waited
        alice.says("/missed")
        assert alice.hears()[1:] == [waited]
        alice.says("/history bob")
        assert alice.hears()[1:] == [waited]
        carol.hears()
        carol.says("/history alice")
        assert not any("call me" in line for line in carol.hears())
        bob.says("/search call")
        assert waited in bob.hears()

    def test_words_wait_over_a_restart(self, tmp_path: Path) -> None:
        """What was told before it and after it, and what was said in the room of who was gone, all once."""
        self.kept(tmp_path / "data")
        alice, bob = self.owner("alice", 0, room="#dev"), self.owner("bob", 1, room="#dev")
        alice.says("/quit")
        bob.says("/msg alice one")
        bob.says("where is alice?")
        self.restart()
        bob = self.owner("bob", 1, room="#dev")
        bob.says("/msg alice two")
        alice = self.connects("alice")
        alice.logs_in()
        waited = ["-- (private to alice) <bob> one", "-- (private to alice) <bob> two"]
        assert alice.hears()[-2:] == waited
        alice.says("/join #dev")
        alice.hears()
        alice.says("/missed")
        assert alice.hears()[1:] == [waited[0], "-- #dev <bob> where is alice?", waited[1]]
        alice.says("/quit")
        assert not any("<bob>" in line for line in self._coming(self.connects("alice")))

    def _coming(self, person: Talker) -> list[str]:
        person.logs_in()
        return person.hears()

    def test_guests_leave_no_messages(self) -> None:
        """Nobody could answer them; an account can."""
        account(self.hub, "alice")
        bob = self.guest("bob")
        bob.says("/msg alice call me")
        assert bob.hears() == ["-- alice is not here. /register lets you leave a message."]

    # -- roles -------------------------------------------------------------------------------------------

    def ranked_room(self) -> tuple[Talker, Talker, Talker, Talker]:
        """A room of alice, who makes bob an op and carol voiced; dave is a guest and an op."""
        alice = self.owner("alice", 0, room="#dev")
        bob, carol, dave = (
            self.owner("bob", 1, room="#dev"),
            self.owner("carol", 2, room="#dev"),
            self.guest("dave", 3, room="#dev"),
        )
        for line in ("/op bob", "/voice carol", "/op dave"):
            alice.says(line)
        self.read(alice, bob, carol, dave)
        return alice, bob, carol, dave

    def names(self, person: Talker) -> str:
        person.hears()
        person.says("/names #dev")
        (line,) = person.hears()
        return line

    def test_ranks_are_told(self) -> None:
        """Who makes a room with an account is its founder; what is given is heard by all."""
        alice, bob = self.owner("alice", 0, room="#dev"), self.owner("bob", 1, room="#dev")
        self.read(alice)
        alice.says("/op bob")
        alice.says("/founder bob")
        alice.says("/unfounder bob")
        alice.says("/deop bob")
        assert (
            alice.hears()
            == bob.hears()
            == [
                "-- alice made bob an op of #dev",
                "-- alice made bob a founder of #dev",
                "-- alice took founder in #dev from bob",
                "-- alice took op in #dev from bob",
            ]
        )
        assert self.names(bob) == "-- 2 in #dev: alice (founder), bob"

    def test_ranks_outlast_leaving(self) -> None:
        """Those of accounts are theirs when they come back; a guest's are gone with the guest."""
        people = self.ranked_room()
        assert self.names(people[0]) == "-- 4 in #dev: alice (founder), bob (op), carol (voice), dave (op)"
        for person in people:
            person.says("/quit")
        for number, nick in enumerate(["dave", "carol", "bob", "alice"]):
            last = (self.guest if nick == "dave" else self.owner)(nick, number, room="#dev")
        assert self.names(last) == "-- 4 in #dev: alice (founder), bob (op), carol (voice), dave"

    def test_ranks_outlast_a_restart(self, tmp_path: Path) -> None:
        """And so do the accounts: whoever comes first into the room is not in charge of it for that."""
        self.kept(tmp_path / "data")
        self.ranked_room()
        self.restart()
        dave = self.guest("dave", 3, room="#dev")
        assert self.names(dave) == "-- 1 in #dev: dave"
        for number, nick in enumerate(["alice", "bob", "carol"]):
            assert self.hub.accounts.find(nick) is not None
            last = self.owner(nick, number, room="#dev")
        assert self.names(last) == "-- 4 in #dev: alice (founder), bob (op), carol (voice), dave"

    def test_founders_are_above_ops(self) -> None:
        """No op makes one or turns against one, and a room does not lose its last."""
        alice, bob, _, _ = self.ranked_room()
        over = "-- alice is a founder of #dev: only another founder may do that."
        for line, refusal in {
            "/kick alice": over,
            "/ban alice": over,
            "/mute alice": over,
            "/deop alice": over,
            "/founder bob": "-- Only a founder of #dev may do that. /names #dev shows who is one.",
        }.items():
            bob.says(line)
            assert bob.hears() == [refusal], line
        assert alice.hears() == []
        alice.says("/unfounder alice")
        assert alice.hears() == ["-- alice is the last founder of #dev. /founder NICK makes somebody else one first."]
        alice.says("/founder bob")
        alice.says("/unfounder alice")
        assert self.names(bob) == "-- 4 in #dev: alice (op), bob (founder), carol (voice), dave (op)"

    def test_a_rank_of_who_is_not_here(self) -> None:
        """Accounts are given ranks, and lose them, wherever they are."""
        alice = self.owner("alice", 0, room="#dev")
        account(self.hub, "bob")
        alice.says("/op bob")
        assert alice.hears() == ["-- alice made bob an op of #dev"]
        bob = self.owner("bob", 1, room="#dev")
        assert self.names(bob) == "-- 2 in #dev: alice (founder), bob (op)"
        bob.says("/quit")
        alice.hears()
        alice.says("/deop bob")
        bob = self.owner("bob", 1, room="#dev")
        assert self.names(bob) == "-- 2 in #dev: alice (founder), bob"

    # -- locks -------------------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        ("lock", "tries", "answer"),
        [
            ("/lock", "/join #dev", "-- Only who is invited may come into #dev. Ask one of its ops to /invite you."),
            ("/lock key sesame", "/join #dev", "-- #dev has a key. Type it behind the name: /join #dev KEY"),
            ("/lock limit 1", "/join #dev", "-- #dev is full: at most 1 may be in it. Try again later."),
            ("/lock hidden", "/names #dev", "-- There is no room #dev. /rooms lists them, /join makes one."),
            ("/lock topic", "/topic mine", NOT_OP),
            (
                "/lock talk",
                "hello",
                "-- Only ops and who has voice may speak in #dev. Ask an op for /voice.",
            ),
            ("/lock read-only", "hello", "-- Only ops may speak in #dev: it is for announcements."),
            ("/slow 30", "hello", "-- #dev is slow: you may speak there again in 30 seconds."),
        ],
    )
    def test_locks_hold_over_a_restart(self, tmp_path: Path, lock: str, tries: str, answer: str) -> None:
        """Each of them, for whoever comes then; its founder passes them all."""
        self.kept(tmp_path / "data")
        self.owner("alice", 0, room="#dev").says(lock)
        self.restart()
        alice, bob = self.owner("alice", 0, room="#dev"), self.guest("bob", 1)
        if not tries.endswith(" #dev"):
            bob.says("/join #dev")
        if lock.startswith("/slow"):
            bob.says("once")
        self.read(alice, bob)
        bob.says(tries)
        assert bob.hears() == [answer]
        alice.says("founders may")
        assert alice.hears() == []

    # -- moderation --------------------------------------------------------------------------------------

    def room_with_mallory(self, *, registered: bool = False) -> tuple[Talker, Talker]:
        """Alice founds a room, mallory comes into it from another machine."""
        alice = self.owner("alice", 0, room="#dev")
        mallory = (self.owner if registered else self.guest)("mallory", 1, ELSEWHERE, "#dev")
        self.read(alice)
        return alice, mallory

    def until(self, seconds: float) -> str:
        moment = self.hub.stamp_at(self.hub.now() + seconds)
        return f"until {local_day(moment)} {local_clock(moment)}"

    def may_come_in(self, person: Talker) -> bool:
        person.hears()
        person.says("/join #dev")
        return any(line.startswith("-- You are ") and ", in #dev" in line for line in person.hears())

    def test_only_ops_moderate(self) -> None:
        """Everybody else is told so, and nothing happens."""
        alice, mallory = self.room_with_mallory()
        for line in (
            "/kick alice",
            "/ban alice",
            "/mute alice",
            "/slow 5",
            "/lock talk",
            "/announce #dev hi",
            "/audit",
        ):
            mallory.says(line)
            assert mallory.hears() == [NOT_OP], line
        assert alice.hears() == []

    def test_a_ban_for_a_time(self) -> None:
        """It says until when, and why; when that is over it holds no more."""
        alice, mallory = self.room_with_mallory()
        until = self.until(600)
        alice.says("/ban 10m mallory no adverts")
        banned, removed = alice.hears()
        assert banned.startswith("-- alice banned ")
        assert "*!*@" in banned
        assert removed == "-- alice removed mallory from #dev (no adverts)"
        assert removed in mallory.hears()
        mallory.says("/join #dev")
        assert mallory.hears() == [f"-- You are banned from #dev {until} (no adverts). Only its ops can lift that."]
        self.network.reactor.wait(599)
        assert not self.may_come_in(mallory)
        self.network.reactor.wait(2)
        assert self.may_come_in(mallory)

    def test_a_ban_of_an_account(self) -> None:
        """The account stays outside wherever it is; the machine does not: others sit at it."""
        alice, mallory = self.room_with_mallory(registered=True)
        alice.says("/ban mallory adverts")
        assert alice.hears()[0].startswith("-- alice banned account:mallory from #dev")
        mallory.says("/quit")
        assert not self.may_come_in(self.owner("mallory", 1, "192.168.7.99"))
        assert self.may_come_in(self.guest("other", 1, ELSEWHERE))

    def test_who_logs_in_to_a_banned_account_leaves_the_room(self) -> None:
        """A guest may come in until it turns out who they are."""
        alice, mallory = self.room_with_mallory(registered=True)
        alice.says("/ban mallory")
        mallory.says("/quit")
        guest = self.guest("innocent", 1, "192.168.7.99", "#dev")
        self.read(alice)
        guest.says(f"/login mallory {PASSWORD}")
        guest.hears()
        alice.hears()
        alice.says("are they gone?")
        assert guest.hears() == []
        assert self.names(alice) == "-- 1 in #dev: alice (founder)"

    @pytest.mark.parametrize(
        ("whom", "inside"),
        [(ELSEWHERE, "192.168.7.67"), ("192.168.7.64/28", "192.168.7.80"), ("@mallory", "192.168.7.67")],
    )
    def test_a_ban_of_a_machine(self, whom: str, inside: str) -> None:
        """An address, a network, or where mallory is: another name does not help, another machine does."""
        alice, mallory = self.room_with_mallory(registered=whom.startswith("@"))
        alice.says(f"/ban {whom} adverts")
        assert "-- alice removed mallory from #dev (adverts)" in alice.hears()
        mallory.hears()
        mallory.says("/quit")
        assert not self.may_come_in(self.guest("molly", 1, ELSEWHERE))
        assert not self.may_come_in(self.owner("somebody", 2, ELSEWHERE))
        assert self.may_come_in(self.guest("neighbour", 1, inside))

    def test_addresses_are_shown_to_nobody(self) -> None:
        """Who is in the room hears that an address was banned, and its ops can look up which."""
        alice, mallory = self.room_with_mallory()
        bob = self.guest("bob", 2, room="#dev")
        alice.says(f"/ban {ELSEWHERE}")
        assert ELSEWHERE not in "".join([*bob.hears(), *mallory.hears()])
        bob.says("/bans")
        assert ELSEWHERE not in "".join(bob.hears())
        alice.hears()
        alice.says("/bans")
        assert ELSEWHERE in "".join(alice.hears())

    def test_a_lifted_ban(self) -> None:
        """By the nick, whichever ban it was."""
        alice, mallory = self.room_with_mallory()
        alice.says("/ban @mallory")
        alice.says(f"/ban {ELSEWHERE}")
        assert not self.may_come_in(mallory)
        alice.says("/unban mallory")
        assert self.may_come_in(mallory)

    def test_bans_and_mutes_hold_over_a_restart(self, tmp_path: Path) -> None:
        """With their ends."""
        self.kept(tmp_path / "data")
        alice, _ = self.room_with_mallory()
        alice.says("/mute 1d mallory noise")
        alice.says("/ban 1h 192.168.7.77")
        self.restart()
        mallory, other = self.guest("mallory", 1, ELSEWHERE, "#dev"), self.guest("other", 2, "192.168.7.77")
        mallory.hears()
        mallory.says("hello")
        (answer,) = mallory.hears()
        assert answer.startswith("-- You are muted in #dev until ")
        assert not self.may_come_in(other)
        self.network.reactor.wait(3_601)
        assert self.may_come_in(other)
        mallory.hears()
        mallory.says("hello?")
        assert mallory.hears()[0].startswith("-- You are muted in #dev until ")

    @pytest.mark.parametrize("registered", [False, True])
    def test_a_mute_for_a_time(self, registered: bool) -> None:
        """Who is muted is there, and hears, and says nothing; until it is over, or lifted."""
        alice, mallory = self.room_with_mallory(registered=registered)
        alice.says("/mute 10m mallory noise")
        self.read(alice, mallory)
        mallory.says("noise")
        mallory.says("/me makes noise")
        assert all(line.startswith("-- You are muted in #dev until ") for line in mallory.hears())
        alice.says("much better")
        assert mallory.hears() == ["<alice> much better"]
        assert alice.hears() == []
        self.network.reactor.wait(601)
        mallory.says("sorry")
        assert alice.hears() == ["<mallory> sorry"]
        alice.says("/mute mallory")
        alice.says("/unmute mallory")
        alice.hears()
        mallory.says("thanks")
        assert alice.hears() == ["<mallory> thanks"]

    def test_a_mute_of_a_machine(self) -> None:
        """Who is muted by it is muted under another name, too."""
        alice, mallory = self.room_with_mallory()
        alice.says("/mute @mallory noise")
        mallory.says("/quit")
        molly = self.guest("molly", 1, ELSEWHERE, "#dev")
        self.read(alice)
        molly.says("noise")
        assert molly.hears() == ["-- You are muted in #dev (noise). Ask one of its ops."]
        assert alice.hears() == []

    def test_announcements(self) -> None:
        """An op's are for everybody in the room, an admin's for everybody on the server."""
        alice, bob, root = (
            self.owner("alice", 0, room="#dev"),
            self.guest("bob", 1, room="#dev"),
            self.admin("root", 2),
        )
        self.read(alice, bob)
        alice.says("/announce #dev the exam begins")
        assert bob.hears() == ["-- alice to everybody in #dev: the exam begins"]
        assert root.hears() == []
        root.says("/announce lunch is ready")
        assert bob.hears() == alice.hears()[-1:] == ["-- root to everybody: lunch is ready"]
        alice.says("/announce lunch is cold")
        assert bob.hears() == []

    def test_deleting(self) -> None:
        """By its number, by who said it, or what one has said last; all who are there are told, and why."""
        alice, bob = self.owner("alice", 0, room="#dev"), self.owner("bob", 1, room="#dev")
        self.read(alice)
        numbers = []
        for text in ("one", "two", "three", "four"):
            bob.says(text)
            numbers.append(self.network.journal.last)
        alice.says("mine")
        mine = self.network.journal.last
        self.read(alice, bob)
        bob.says(f"/delete {mine}")
        assert bob.hears() == ["-- Only who said it, or an op of #dev, may take it away."]
        for by, line, why in (
            (alice, f"/delete {numbers[0]} adverts", " (adverts)"),
            (bob, f"/delete {numbers[1]}", ""),
            (alice, "/delete bob", ""),
            (bob, "/delete", ""),
        ):
            by.says(line)
            for each in (alice, bob):
                (told,) = each.hears()
                assert told.replace(" of bob", "") == f"-- {by.nick} took a message away in #dev{why}", line
        bob.says("/history")
        assert bob.hears()[1:] == ["-- <alice> mine"]
        bob.says(f"/delete {numbers[0]}")
        (answer,) = bob.hears()
        assert answer.startswith(f"-- There is no message {numbers[0]} here.")

    def test_deleting_what_was_told_in_private(self) -> None:
        """Whoever wrote it does; the other one cannot."""
        alice, bob = self.owner("alice"), self.owner("bob", 1)
        self.read(alice)
        alice.says("/msg bob my secret")
        number = self.network.journal.last
        bob.hears()
        self.deletes_in_private(bob, "alice", number)
        assert bob.hears() == ["-- Only who wrote it may take away what was told in private."]
        self.deletes_in_private(alice, "bob", number)
        assert bob.hears() == ["-- alice took a message away"]
        bob.says("/history alice")
        assert not any("my secret" in line for line in bob.hears())

    def deletes_in_private(self, person: Talker, other: str, number: int) -> None:
        """Take away what was told to one other: where that was said need not be."""
        del other
        person.says(f"/delete {number}")

    def test_ignoring_is_kept_with_the_account(self, tmp_path: Path) -> None:
        """Whoever is ignored is, whenever one comes back, and learns nothing of it."""
        self.kept(tmp_path / "data")
        alice, mallory = self.owner("alice"), self.guest("mallory", 1, ELSEWHERE)
        alice.hears()
        alice.says("/ignore mallory")
        alice.says("/quit")
        alice = self.owner("alice", 1)
        self.read(mallory)
        mallory.says("hi")
        mallory.says("/msg alice hi")
        assert mallory.hears() == alice.hears() == []
        self.restart()
        alice, mallory = self.owner("alice"), self.guest("mallory", 1, ELSEWHERE)
        alice.hears()
        mallory.says("hi again")
        assert mallory.hears() == alice.hears() == []
        alice.says("/ignore")
        assert alice.hears() == ["-- You ignore mallory."]
        alice.says("/unignore mallory")
        alice.hears()
        mallory.says("and now?")
        assert alice.hears() == ["<mallory> and now?"]

    def test_the_audit_log(self, tmp_path: Path) -> None:
        """An op sees what was done in the room, an admin everything, after a restart too; and nobody else anything."""
        self.kept(tmp_path / "data")
        alice, mallory = self.room_with_mallory()
        root = self.admin("root", 2)
        alice.says("/kick mallory adverts")
        mallory.says("/join #dev")
        alice.says("/mute 10m mallory noise")
        mallory.says("/audit #dev")
        assert mallory.hears()[-1] == NOT_OP
        root.says("/announce hello")
        self.read(alice, root)
        alice.says("/audit")
        kick, mute = alice.hears()[-2:]
        assert kick.endswith(" #dev: alice kick mallory (adverts)")
        assert " #dev: alice mute " in mute
        assert "*!*@" in mute
        assert mute.endswith(": noise)")
        self.restart()
        root = self.owner("root", 2)
        root.says("/audit")
        everything = root.hears()
        assert any(line.endswith(" #dev: alice kick mallory (adverts)") for line in everything)
        assert any(line.endswith(" everywhere: root announce") for line in everything)
        root.says("/audit #dev 1")
        (line,) = root.hears()
        assert " #dev: alice mute " in line

    def test_whatever_an_op_does_is_noted(self) -> None:
        """With whom it was done to, and why; and of a key or of words not what they were."""
        alice, bob = self.owner("alice", 0, room="#dev"), self.owner("bob", 1, room="#dev")
        bob.says("something")
        number = self.network.journal.last
        for line, noted in {
            "/op #dev bob": "op bob",
            "/deop #dev bob": "no op bob",
            "/voice #dev bob": "voice bob",
            "/founder #dev bob": "founder bob",
            "/unfounder #dev bob": "no founder bob",
            "/exempt #dev bob": "exempt account:bob",
            "/unexempt #dev bob": "no exempt account:bob",
            "/allow #dev bob": "allowed account:bob",
            "/lock #dev": "invite-only",
            "/lock #dev key sesame": "key",
            "/lock #dev limit 5": "limit 5",
            "/lock #dev topic": "topic-locked",
            "/lock #dev talk": "moderated",
            "/lock #dev read-only": "read-only",
            "/lock #dev hidden": "hidden",
            "/slow #dev 30": "slow 30",
            "/unlock #dev outside": "no members-only",
            "/announce #dev hello": "announce",
            "/delete #dev bob why": f"delete {number} of bob (why)",
            "/mute #dev bob why": "mute account:bob (why)",
            "/unmute #dev bob": "no mute account:bob",
            "/ban #dev bob why": "ban account:bob (why)",
            "/unban #dev bob": "no ban account:bob",
        }.items():
            self.read(alice)
            alice.says(line)
            alice.hears()
            alice.says("/audit #dev 2")
            assert any(each.endswith(f" #dev: alice {noted}") for each in alice.hears()), line

    def helped(self, person: Talker) -> set[str]:
        """Give the commands that somebody is shown."""
        person.hears()
        person.says("/help")
        return {line.split(" ")[1] for line in person.hears() if line.startswith("-- /")}

    def test_help_shows_what_one_may_use(self) -> None:
        """Guests, accounts, ops, founders and admins each see more."""
        guest, owner = self.guest("guest"), self.owner("owner", 1)
        everybody, accounts = self.helped(guest), self.helped(owner)
        assert accounts - everybody == {"/logout", "/passwd", "/cert"}
        guest.says("/join #dev")
        ops = self.helped(guest)
        assert {"/kick", "/ban", "/mute", "/slow", "/lock", "/announce", "/audit", "/op"} <= ops - everybody
        owner.says("/join #lan")
        founders = self.helped(owner)
        assert {"/founder", "/unfounder"} <= founders - ops
        admins = self.helped(self.admin("root", 2))
        assert {"/kill", "/serverban", "/serverunban", "/serverbans", "/rehash"} <= admins - founders

    def test_a_ban_from_the_server(self, tmp_path: Path) -> None:
        """An admin's: who is here is told why and goes, and who comes is told until when; after a restart too."""
        self.kept(tmp_path / "data")
        root, mallory, bob = self.admin(), self.guest("mallory", 1, ELSEWHERE), self.guest("bob", 2)
        self.read(root)
        bob.says("/serverban mallory")
        assert bob.hears()[0].startswith("-- Only admins of the server may do that")
        until = self.until(86_400)
        root.says("/serverban 1d mallory adverts")
        assert "adverts" in mallory.hears()[-1]
        assert mallory.wire.ended
        assert any(line.startswith("-- mallory left") for line in bob.hears())
        for again in (False, True):
            if again:
                self.restart()
                root = self.owner("root")
            molly = self.connects("molly", 1, ELSEWHERE)
            molly.enters()
            assert f"-- You are banned from this server {until} (adverts). Ask who runs it." in molly.hears()
            assert "molly" not in self.hub.people.members
        root.hears()
        root.says("/serverbans")
        (line,) = root.hears()
        assert f"is banned {until} (adverts), by root," in line
        root.says(f"/serverunban {line.split(' ')[1]}")
        assert root.hears()[-1].endswith("may come in again.")
        assert self.guest("molly", 1, ELSEWHERE).session.present
