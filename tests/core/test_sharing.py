"""Sharing files: permits, what is told of a file, and who takes it back."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import pytest

from lanchat.core import sharing
from lanchat.core.errors import Refused
from lanchat.core.files import File, NoFiles
from lanchat.core.replies import Upload
from lanchat.core.session import Session
from lanchat.core.sharing import Permit
from tests.fakes import PLAIN, Chat, Outlet, Talker
from tests.logins import account, logins

LATER = 599.0


class Shelf(NoFiles):
    """Files that are only known of."""

    off = ""

    def __init__(self) -> None:
        self.files: dict[str, File] = {}

    def find(self, key: str) -> File | None:
        return self.files.get(key)

    def listed(self) -> Iterable[File]:
        return self.files.values()

    def remove(self, key: str) -> None:
        del self.files[key]


class Sharers(Chat):
    """A chat on a server that keeps files, and an uploader without HTTP."""

    def __init__(self) -> None:
        super().__init__()
        self.shelf = Shelf()
        self.hub.files = self.shelf
        self.hub.url = "http://room-1:5555/"

    def permit(self, one: Talker, command: str = "/send") -> str:
        """Get a permit, and give its token."""
        PLAIN.encoded.clear()
        one.says(command)
        one.hears()
        (offer,) = [heard for heard in PLAIN.encoded if isinstance(heard, Upload)]
        return offer.path.split("/")[2]

    def file(self, permit: Permit, name: str = "plan.pdf") -> File:
        """Have a file that was uploaded."""
        file = File(
            id=f"x{len(self.shelf.files) + 1}",
            name=name,
            size=1_234_567,
            kind="application/octet-stream",
            time=self.hub.stamp(),
            until="2026-11-28T21:00:45.123Z",
            nick=permit.session.nick,
            address=permit.session.address,
            room=permit.room,
            to=permit.nick,
            account=permit.account,
        )
        self.shelf.files[file.id] = file
        return file

    def uploads(self, token: str, name: str = "plan.pdf") -> File:
        """Upload under a permit."""
        permit = self.hub.sharing.take(token)
        file = self.file(permit, name)
        self.hub.sharing.tell(permit, file)
        return file


@pytest.fixture
def chat() -> Sharers:
    """A chat on a server that keeps files."""
    return Sharers()


def refused(chat: Sharers, token: str) -> str:
    """Give why nothing can be uploaded under a permit."""
    with pytest.raises(Refused) as caught:
        chat.hub.sharing.take(token)
    return caught.value.text


def test_everybody_hears_of_a_file(chat: Sharers) -> None:
    """The room reads who sent what, and where it is; who sent it reads it too."""
    alice, bob = chat.talkers("alice", "bob")
    chat.uploads(chat.permit(alice))
    line = "<alice> sent plan.pdf (1.2 MB): http://room-1:5555/files/x1/plan.pdf"
    assert bob.hears() == [line]
    assert alice.hears() == [line]


def test_people_with_a_shell_are_told_what_to_type(chat: Sharers, monkeypatch: pytest.MonkeyPatch) -> None:
    """With curl a file is sent under a permit; its name is added to the address."""
    (alice,) = chat.talkers("alice")
    monkeypatch.setattr(chat.hub.sharing, "_random", lambda: "token")
    alice.says("/send", ref="7")
    assert alice.hears()[1:] == ["--   curl -T FILE http://room-1:5555/files/token/"]
    chat.hub.url = ""
    alice.says("/send")
    assert alice.hears()[1:] == ["--   curl -T FILE /files/token/"]


def test_a_file_in_private(chat: Sharers) -> None:
    """The other one alone hears of it, can answer, and it is in no list."""
    alice, bob, carol = chat.talkers("alice", "bob", "carol")
    bob.says("/away lunch")
    alice.hears()
    bob.hears()
    carol.hears()
    chat.uploads(chat.permit(alice, "/send bob"))
    line = "<alice> sent plan.pdf (1.2 MB): http://room-1:5555/files/x1/plan.pdf"
    assert bob.hears() == [f"(private) {line}"]
    assert alice.hears() == [f"(private to bob) {line}", "-- bob is away: lunch"]
    assert carol.hears() == []
    bob.says("/reply thanks")
    assert alice.hears() == ["(private) <bob> thanks"]
    alice.says("/files")
    assert alice.hears() == ["-- Nothing was sent to #lobby that is there still. /send says how."]


def test_a_permit_is_good_once(chat: Sharers) -> None:
    """One file, one permit; one that did not come can be sent again."""
    (alice,) = chat.talkers("alice")
    token = chat.permit(alice)
    permit = chat.hub.sharing.take(token)
    assert refused(chat, token) == "This address is not good any more. Type /send to get another one."
    chat.hub.sharing.give_back(permit)
    chat.uploads(token)
    assert "not good any more" in refused(chat, token)
    assert "not good any more" in refused(chat, "guessed")


def test_a_permit_runs_out(chat: Sharers) -> None:
    """Nobody finds an old one in a shell's history and speaks as somebody else."""
    (alice,) = chat.talkers("alice")
    token, other = chat.permit(alice), chat.permit(alice)
    chat.seconds += LATER
    chat.hub.sharing.take(other)
    chat.seconds += 1
    assert "not good any more" in refused(chat, token)
    chat.permit(alice)
    assert len(chat.hub.sharing._permits) == 1


def test_few_permits_are_out(chat: Sharers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one session eight, then the oldest goes; and so it does where there are too many in all."""
    alice, bob = chat.talkers("alice", "bob")
    tokens = [chat.permit(alice) for _ in range(9)]
    assert "not good any more" in refused(chat, tokens[0])
    chat.hub.sharing.take(tokens[1])
    monkeypatch.setattr(sharing, "_MOST", 7)
    token = chat.permit(bob)
    assert "not good any more" in refused(chat, tokens[2])
    chat.hub.sharing.take(token)


def test_who_may_not_speak_may_send_nothing(chat: Sharers) -> None:
    """Not when they ask, not when it begins, not when it has come."""
    alice, bob = chat.talkers("alice", "bob", room="#dev")
    first, second = chat.permit(bob), chat.permit(bob)
    permit = chat.hub.sharing.take(first)
    alice.says("/lock #dev talk")
    bob.hears()
    bob.says("/send")
    assert bob.hears() == ["-- Only ops and who has voice may speak in #dev. Ask an op for /voice."]
    assert "Only ops" in refused(chat, second)
    with pytest.raises(Refused, match="Only ops"):
        chat.hub.sharing.tell(permit, chat.file(permit))
    bob.says("/part")
    bob.hears()
    bob.says("/send #dev")
    assert bob.hears() == ["-- You are not in #dev. /join #dev goes there."]


def test_a_file_is_for_the_one_who_was_meant(chat: Sharers) -> None:
    """Who takes the nick of somebody who has left does not get their files."""
    alice, bob = chat.talkers("alice", "bob")
    token = chat.permit(alice, "/send bob")
    bob.says("/quit")
    chat.talkers("bob")
    assert refused(chat, token) == "bob has left."


def test_who_has_left_can_send_nothing(chat: Sharers) -> None:
    """A permit is for who is in the chat."""
    (alice,) = chat.talkers("alice")
    token = chat.permit(alice)
    alice.says("/quit")
    gone = "You are not in the chat any more. Come in, and type /send again."
    assert refused(chat, token) == gone
    chat.talkers("alice")
    assert refused(chat, token) == gone


def test_an_upload_outlives_the_line(chat: Sharers) -> None:
    """Who comes back with the secret name of their client goes on as who they are; nobody else does."""
    (alice,) = chat.talkers("alice")
    alice.session.client = "secret"
    token = chat.permit(alice)
    chat.hub.leave(alice.session)
    (other,) = chat.talkers("alice")
    other.session.client = "guessed"
    assert "not in the chat any more" in refused(chat, token)
    again = Session(chat.hub.pulse, Outlet(), PLAIN, "test", "192.168.7.2")
    again.member, again.present, again.client = other.member, True, "secret"
    other.member.sessions[again] = None
    chat.uploads(token)
    assert other.hears() == ["<alice> sent plan.pdf (1.2 MB): http://room-1:5555/files/x1/plan.pdf"]


def test_a_server_without_files_says_so(chat: Sharers) -> None:
    """One sentence, and what to do."""
    plain = Chat()
    (alice,) = plain.talkers("alice")
    alice.says("/send")
    assert alice.hears() == [
        "-- This server keeps no files: whoever runs it has to start it with a folder for them (--data DIR)."
    ]
    alice.says("/files")
    assert alice.hears() == ["-- Nothing was sent to #lobby that is there still. /send says how."]


def test_the_files_of_a_room_are_listed(chat: Sharers, monkeypatch: pytest.MonkeyPatch) -> None:
    """With who sent them, their size, until when they are there, and the link; the oldest only counted."""
    alice, _ = chat.talkers("alice", "bob", room="#dev")
    for number in range(3):
        chat.uploads(chat.permit(alice, "/send #dev"), f"{number}.txt")
    chat.uploads(chat.permit(alice, "/send #lobby"))
    alice.hears()
    monkeypatch.setattr(sharing, "_LISTED", 2)
    alice.says("/files")
    older, first, second = alice.hears()
    assert older == "-- and 1 older"
    assert first.startswith("-- <alice> 1.txt (1.2 MB, until 2026-11-2")
    assert second.endswith("): http://room-1:5555/files/x3/2.txt")


def test_who_sent_a_file_takes_it_back(chat: Sharers) -> None:
    """By its id or its link; others may not, and what is gone is gone."""
    alice, bob = chat.talkers("alice", "bob")
    chat.uploads(chat.permit(alice))
    alice.hears()
    bob.hears()
    bob.says("/unshare x1")
    assert bob.hears() == ["-- Only who sent plan.pdf, or an op of the room, may take it away."]
    alice.says("/unshare http://room-1:5555/files/x1/plan.pdf")
    assert alice.hears() == ["-- plan.pdf is gone."]
    assert chat.hub.audit.of("", 10) == []
    alice.says("/unshare x1")
    assert alice.hears() == ["-- There is no such file (any more). /files lists those of a room."]


def test_a_nick_alone_proves_nothing(chat: Sharers) -> None:
    """Who has the nick of the one who sent it, from elsewhere, may not take it away; an op or an admin may."""
    alice, bob = chat.talkers("alice", "bob", room="#dev")
    for _ in range(2):
        file = chat.uploads(chat.permit(bob))
        chat.shelf.files[file.id] = msgspec.structs.replace(file, address="10.0.0.9")
    bob.says("/unshare x1")
    assert bob.hears()[-1] == "-- Only who sent plan.pdf, or an op of the room, may take it away."
    alice.says("/unshare x1")
    assert alice.hears()[-1] == "-- plan.pdf is gone."
    bob.member.admin = True
    bob.says("/unshare x2")
    assert bob.hears()[-1] == "-- plan.pdf is gone."
    done = [(line.nick, line.act, line.room, line.whom) for line in chat.hub.audit.of("#dev", 10)]
    assert done == [("alice", "unshare", "#dev", "x1 of bob"), ("bob", "unshare", "#dev", "x2 of bob")]


def test_what_one_device_sent_another_one_takes_back(chat: Sharers) -> None:
    """A file is its account's; a permit is good as long as any device of the account is here."""
    chat.hub.logins = logins(chat.hub, plain=True)
    account(chat.hub, "alice")
    first, second = Talker(chat, "alice"), Talker(chat, "alice")
    for each in (first, second):
        each.logs_in()
        each.enters()
        each.hears()
    token = chat.permit(first)
    second.session.address = "10.0.0.9"
    first.says("/quit")
    chat.uploads(token)
    assert second.hears()[-1] == "<alice> sent plan.pdf (1.2 MB): http://room-1:5555/files/x1/plan.pdf"
    second.says("/unshare x1")
    assert second.hears() == ["-- plan.pdf is gone."]
    token = chat.permit(second)
    second.says("/quit")
    assert refused(chat, token) == "You are not in the chat any more. Come in, and type /send again."


def test_a_file_for_an_account_that_is_not_here_is_refused(chat: Sharers) -> None:
    """Files go to who is here: what waits is words."""
    account(chat.hub, "bob")
    (alice,) = chat.talkers("alice")
    alice.says("/send bob")
    assert alice.hears() == ["-- bob is not here now. /msg bob TEXT is kept for them."]
