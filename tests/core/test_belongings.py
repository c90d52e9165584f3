"""What somebody has set is there again when they come back."""

from __future__ import annotations

from lanchat.core.belongings import keep_belongings
from lanchat.core.names import LOBBY
from tests.fakes import Chat, Talker
from tests.logins import account, logins


def test_what_has_changed_is_kept_once() -> None:
    """However often it changes between two looks; who has no account has nothing that could be kept."""
    chat = Chat()
    chat.hub.logins = logins(chat.hub, plain=True)
    alice = Talker(chat, "alice")
    found = account(chat.hub, "alice")
    saved: list[str] = []
    store = chat.hub.accounts.store
    alice.logs_in()
    alice.enters()
    guest, _ = chat.talkers("guest", "mallory")
    store.put = lambda account, then: saved.append(account.name)  # type: ignore[method-assign]
    for line in ("/ignore mallory", "/unignore mallory", "/ignore mallory"):
        alice.says(line)
        guest.says(line)
    alice.member.read[LOBBY] = chat.hub.stamp()
    keep_belongings(chat.hub)
    keep_belongings(chat.hub)
    assert saved == ["alice"]
    assert (found.ignores, found.read) == ({"mallory": "mallory"}, {LOBBY: chat.hub.stamp()})
    alice.says("/unignore mallory")
    assert found.ignores == {"mallory": "mallory"}
    keep_belongings(chat.hub)
    assert found.ignores == {}


def test_it_is_there_for_who_comes_back() -> None:
    """Also when the server did not end as it should."""
    chat = Chat()
    chat.hub.logins = logins(chat.hub, plain=True)
    found = account(chat.hub, "alice")
    found.ignores, found.read = {"mallory": "mallory"}, {LOBBY: "2026-11-21T12:00:00.000Z"}
    alice, (mallory,) = Talker(chat, "alice"), chat.talkers("mallory")
    alice.logs_in()
    alice.enters()
    alice.hears()
    mallory.says("hello")
    assert alice.hears() == []
    assert alice.member.read == found.read
