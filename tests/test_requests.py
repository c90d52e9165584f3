"""What `lanchat admin` may ask for, and what it is answered."""

from __future__ import annotations

import pytest

from lanchat.core.modes import Change, Listed, Mode
from lanchat.passwords import PasswordHash
from lanchat.requests import Answer, Request, ShownAccount, ShownBan, perform
from tests.fakes import Chat, Talker
from tests.logins import CHEAP, account, logins

WRITTEN = str(PasswordHash.of("battery staple", CHEAP))


def asks(chat: Chat, act: str, whom: str = "", **more: str) -> Answer:
    """Give the answer to a request."""
    answers: list[Answer] = []
    perform(chat.hub, Request(act, whom, **more), answers.append)  # type: ignore[arg-type]
    (answer,) = answers
    return answer


def test_accounts_are_listed() -> None:
    """In the order of their names: who is an admin, who is here, and who was here when."""
    chat = Chat()
    chat.hub.logins = logins(chat.hub, plain=True)
    one, other = account(chat.hub, "bob"), account(chat.hub, "Alice", admin=True)
    one.seen = "2026-11-21T21:00:00.000Z"
    alice = Talker(chat, "Alice")
    alice.logs_in()
    alice.enters()
    (guest,) = chat.talkers("cy")
    account(chat.hub, "cy")
    assert guest.member.account is None
    found = asks(chat, "list").accounts
    assert found[:2] == [
        ShownAccount("Alice", other.created, admin=True, here=True),
        ShownAccount("bob", one.created, seen=one.seen),
    ]
    assert not found[2].here


def test_bans_are_listed() -> None:
    """Those of the server, then those of each room, and who is muted there; what has had its time is not."""
    chat = Chat()
    chat.talkers("al", room="#dev")
    now, over = chat.hub.stamp(), chat.hub.stamp_at(1)
    chat.hub.server_bans.add(Listed("bob!*@*", "al", now, reason="adverts"))
    modes = chat.hub.rooms["#dev"].modes
    modes.take(Change(Mode.MUTE, True, "cy!*@*"), "al", now)
    modes.take(Change(Mode.BAN, True, "dee!*@*"), "al", now)
    modes.take(Change(Mode.BAN, True, "old!*@*", until=over), "al", now)
    assert asks(chat, "bans").bans == [
        ShownBan("bob!*@*", "al", now, reason="adverts"),
        ShownBan("dee!*@*", "al", now, room="#dev"),
        ShownBan("cy!*@*", "al", now, room="#dev", muted=True),
    ]


@pytest.mark.parametrize(
    ("act", "whom", "written", "text"),
    [
        ("add", "alice", "", "alice is an admin of the server now."),
        ("add", "carol", WRITTEN, "carol is an admin of the server now."),
        ("new", "carol", WRITTEN, "carol has an account now."),
        ("remove", "root", "", "root is no admin of the server any more."),
        ("reset", "alice", WRITTEN, "alice has another password, and is logged out everywhere."),
        ("delete", "alice", "", "alice has no account any more."),
        ("unban", "bob!*@*", "", "Not kept out from the server any more: bob!*@*"),
    ],
)
def test_what_was_done_is_said(act: str, whom: str, written: str, text: str) -> None:
    """In a sentence."""
    chat = Chat()
    account(chat.hub, "alice")
    account(chat.hub, "root", admin=True)
    chat.hub.server_bans.add(Listed("bob!*@*", "al", chat.hub.stamp()))
    assert asks(chat, act, whom, written=written) == Answer(text)


def test_a_ban_in_a_room_is_lifted() -> None:
    """Each mask is named once."""
    chat = Chat()
    chat.talkers("al", room="#dev")
    for mode in (Mode.BAN, Mode.MUTE):
        chat.hub.rooms["#dev"].modes.take(Change(mode, True, "bob!*@*"), "al", chat.hub.stamp())
    assert asks(chat, "unban", "bob!*@*", room="#dev") == Answer("Not kept out in #dev any more: bob!*@*")


def test_a_password_is_asked_for_where_one_is_needed() -> None:
    """Only when everything else is right."""
    chat = Chat()
    account(chat.hub, "alice")
    assert asks(chat, "new", "carol").code == "needs-password"
    assert asks(chat, "new", "alice").code == "nick-registered"
    assert asks(chat, "reset", "alice").code == "needs-password"
    assert asks(chat, "reset", "carol").code == "no-such-account"


def test_only_a_hash_is_taken() -> None:
    """Never a password."""
    chat = Chat()
    assert asks(chat, "new", "carol", written="battery staple").code == "bad-hash"
    assert not len(chat.hub.accounts)


def test_what_cannot_be_saved_is_refused() -> None:
    """With the store's own words."""
    from lanchat.core.errors import Refused

    class Full:
        def put(self, account: object, then: object) -> None:
            then(Refused("not-saved", "The disk is full."))  # type: ignore[operator]

        drop = put

    chat = Chat()
    chat.hub.accounts.store = Full()
    assert asks(chat, "new", "carol", written=WRITTEN) == Answer("The disk is full.", "not-saved")
