"""Accounts, server bans and the audit log are there again after a restart, and never half."""

from __future__ import annotations

from typing import Any

import pytest
from twisted.logger import LogEvent, formatEvent

from lanchat.core import audit as core_audit
from lanchat.core.accounts import Account, Token
from lanchat.core.errors import Refused
from lanchat.core.modes import Change, Listed, Mode
from lanchat.core.replies import AuditLine
from lanchat.stores import people, people_rows
from tests.stores.hands import Chat, Disks

FULL = "the disk is full"


def account(name: str = "Alice", **more: Any) -> Account:
    return Account(name=name, created="2026-11-21T21:00:00.000Z", password="$scrypt$", **more)


def same(one: Account, other: Account) -> bool:
    """Whether two are the same in all that is kept of them."""
    return people_rows.encode(one) == people_rows.encode(other)


def line(number: int) -> AuditLine:
    return AuditLine(f"T{number}", "al", "kick", "#dev", "bob", "adverts")


class Hears:
    """Somebody who waits until something is saved."""

    def __init__(self) -> None:
        self.told: list[str | None] = []

    def __call__(self, refused: Refused | None) -> None:
        self.told.append(None if refused is None else f"{refused.code}: {refused.text}")


def puts(chat: Chat, one: Account) -> Hears:
    hears = Hears()
    chat.journal.people.accounts.put(one, hears)  # type: ignore[attr-defined]
    return hears


def drops(chat: Chat, one: Account) -> Hears:
    hears = Hears()
    chat.journal.people.accounts.drop(one, hears)  # type: ignore[attr-defined]
    return hears


def fills(chat: Chat) -> None:
    """Let the writer find a full disk."""
    chat.hands.writer.fault = OSError(28, FULL)


def has_room(chat: Chat) -> None:
    chat.hands.writer.fault = None


def names(disks: Disks) -> list[str]:
    return [each.name for each in disks.kept.accounts]


# -- they come back ------------------------------------------------------------------------------------------


def test_an_account_comes_back_as_it_was(disks: Disks) -> None:
    """With everything that is its own, after a clean end as after any other."""
    one = account(
        admin=True,
        certificates=["ab" * 32],
        tokens={"key": Token("T1", "T2", "json")},
        ignores={"bob": "Bob"},
        read={"#dev": "T3"},
        heard=7,
        seen="T4",
    )
    for end in (Chat.crash, Chat.close):
        chat = disks.open()
        assert puts(chat, one).told == []
        chat.hands.settle()
        end(chat)
        disks.open().crash()
        (found,) = disks.kept.accounts
        assert same(found, one)


def test_it_is_on_the_disk_before_anybody_is_told(disks: Disks) -> None:
    """Whatever happens after that, it is there."""
    chat = disks.open()
    hears = puts(chat, account())
    chat.hands.writer.work()
    assert hears.told == []
    assert chat.rows("select folded from account") == [("alice",)]
    chat.hands.writer.answer()
    assert hears.told == [None]


def test_what_comes_meanwhile_is_written_together(disks: Disks) -> None:
    """In one commit, and as it is by then."""
    chat = disks.open()
    first = account("al")
    told = [puts(chat, first)]
    assert len(chat.hands.writer.jobs) == 1
    first.heard = 9
    told += [puts(chat, first), puts(chat, account("bob")), puts(chat, account("cy"))]
    first.seen = "T5"
    chat.hands.writer.work()
    chat.hands.writer.answer()
    assert len(chat.hands.writer.jobs) == 1
    chat.hands.settle()
    assert [hears.told for hears in told] == [[None]] * 4
    chat.crash()
    disks.open()
    assert {each.name: (each.heard, each.seen) for each in disks.kept.accounts} == {
        "al": (9, "T5"),
        "bob": (0, ""),
        "cy": (0, ""),
    }


def test_it_keeps_its_place_among_the_turns(disks: Disks) -> None:
    """What was said before is on the disk before it."""
    chat = disks.open()
    chat.say()
    chat.commit()
    puts(chat, account())
    chat.hands.writer.work()
    assert (len(chat.rows("select * from turn")), chat.rows("select * from account")) == (1, [])


def test_server_bans_come_back(disks: Disks) -> None:
    """The oldest first; one that was lifted does not."""
    chat = disks.open()
    bans = chat.journal.people.bans  # type: ignore[attr-defined]
    one, other = Listed("Bob!*@*", "al", "T1"), Listed("address:192.168.7.0/24", "al", "T2", "T9", "adverts")
    for ban in (one, Listed("cy!*@*", "al", "T1"), other):
        bans.put(ban)
    chat.hands.settle()
    bans.drop("CY!*@*")
    bans.put(one._replace(reason="again"))
    chat.hands.settle()
    chat.crash()
    disks.open()
    assert disks.kept.bans == [one._replace(reason="again"), other]


def test_the_audit_log_comes_back(disks: Disks, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its newest lines, the oldest of them first; of all that there were, so many stay on the disk."""
    monkeypatch.setattr(people_rows, "AUDIT", 5)
    monkeypatch.setattr(core_audit, "MOST", 3)
    chat = disks.open()
    for number in range(1, 8):
        chat.journal.people.audit.put(line(number))  # type: ignore[attr-defined]
        chat.hands.settle()
    assert [number for (number,) in chat.rows("select number from audit")] == [3, 4, 5, 6, 7]
    chat.crash()
    disks.open()
    assert disks.kept.audit == [line(5), line(6), line(7)]


def test_a_room_does_not_drive_the_server_out_of_the_file(disks: Disks, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was done for the whole server stays longer, whatever somebody has given for a reason in a room."""
    monkeypatch.setattr(people_rows, "AUDIT", 2)
    chat = disks.open()
    audit = chat.journal.people.audit  # type: ignore[attr-defined]
    audit.put(AuditLine("T0", "root", "kill", "", "bob", 'He said "room": so what'))
    for number in range(1, 7):
        audit.put(line(number))
        chat.hands.settle()
    assert [number for (number,) in chat.rows("select number from audit")] == [1, 6, 7]
    for number in range(20):
        audit.put(line(number))
    chat.hands.settle()
    assert [number for (number,) in chat.rows("select number from audit")] == [26, 27]


# -- they go -------------------------------------------------------------------------------------------------


def test_an_account_that_is_dropped_is_gone(disks: Disks) -> None:
    """And is told when it is."""
    chat = disks.open()
    one = account()
    puts(chat, one)
    chat.hands.settle()
    hears = drops(chat, one)
    assert hears.told == []
    chat.hands.settle()
    assert hears.told == [None]
    chat.crash()
    disks.open()
    assert names(disks) == []


def test_who_gets_its_name_next_has_no_rank_anywhere(disks: Disks) -> None:
    """Not even in a room that nobody has in memory; what is said against the name stays, and so do others' ranks."""
    chat = disks.open()
    puts(chat, account())
    chat.change(
        Change(Mode.FOUNDER, value="Alice", kept=True),
        Change(Mode.OP, value="bob", kept=True),
        Change(Mode.EXEMPT, value="account:Alice"),
        Change(Mode.ALLOWED, value="ALICE!*@*"),
        Change(Mode.EXEMPT, value="alicia!*@*"),
        Change(Mode.BAN, value="account:alice"),
        room="#dev",
    )
    chat.change(Change(Mode.OP, value="bob", kept=True), room="#bobs")
    for _ in range(250):
        chat.say(room="#dev")
    chat.commit()
    drops(chat, account())
    puts(chat, account("ALICE"))
    chat.hands.settle()
    chat.crash()
    disks.open()
    assert names(disks) == ["ALICE"]
    bobs, dev = sorted(disks.kept.rooms, key=lambda room: room.name)
    assert bobs.modes
    assert dev.modes
    assert bobs.modes.kept_rank("bob") is Mode.OP
    assert dev.modes.kept_rank("alice") is None
    assert dev.modes.kept_rank("bob") is Mode.OP
    assert {mode: [*listed] for mode, listed in dev.modes.lists.items() if listed} == {
        Mode.BAN: ["account:alice"],
        Mode.EXEMPT: ["alicia!*@*"],
    }


def test_a_room_that_cannot_be_read_keeps_nobody_from_being_dropped(disks: Disks) -> None:
    """It is closed anyway."""
    chat = disks.open()
    puts(chat, account())
    chat.change(Change(Mode.OP, value="alice", kept=True), room="#dev")
    chat.commit()
    chat.file()
    chat.disk.connection.execute("update room set modes = '{'")
    hears = drops(chat, account())
    chat.hands.settle()
    assert hears.told == [None]


# -- what cannot be written ----------------------------------------------------------------------------------


def test_a_new_account_that_cannot_be_written_is_none(disks: Disks, logged: list[LogEvent]) -> None:
    """Who made it is told, and it does not come into being when there is room again."""
    chat = disks.open()
    fills(chat)
    one = account()
    first, second = puts(chat, one), puts(chat, one)
    chat.hands.settle()
    why = f"not-saved: That could not be saved: {FULL}. See to that, and try again."
    assert (first.told, second.told) == ([why], [why])
    has_room(chat)
    chat.wait(60)
    fills(chat)
    puts(chat, one)
    chat.hands.settle()
    has_room(chat)
    chat.close()
    disks.open()
    assert names(disks) == []
    told = [formatEvent(each) for each in logged if each["log_namespace"].startswith(people.__name__)]
    assert told == [
        f"accounts, bans and the audit log cannot be saved just now; it is tried again ([Errno 28] {FULL})"
    ]


def test_a_known_account_that_cannot_be_written_is_tried_again(disks: Disks) -> None:
    """With what comes next, as it is by then."""
    chat = disks.open()
    one = account()
    puts(chat, one)
    chat.hands.settle()
    fills(chat)
    one.heard = 5
    hears = puts(chat, one)
    chat.hands.settle()
    assert hears.told == [
        f"not-saved: That holds now, but could not be saved: {FULL}. It is tried again until the server ends."
    ]
    has_room(chat)
    one.heard = 6
    puts(chat, account("bob"))
    chat.hands.settle()
    chat.crash()
    disks.open()
    assert {each.name: each.heard for each in disks.kept.accounts} == {"Alice": 6, "bob": 0}


def test_a_disk_without_room_is_tried_again_after_a_while(disks: Disks) -> None:
    """Nothing else has to happen; in memory the newest is not forgotten for what failed."""
    chat = disks.open()
    people_ = chat.journal.people  # type: ignore[attr-defined]
    bans, audit = people_.bans, people_.audit
    one = account()
    puts(chat, one)
    bans.put(Listed("old!*@*", "al", "T1"))
    chat.hands.settle()
    fills(chat)
    puts(chat, one)
    bans.put(Listed("bob!*@*", "al", "T1"))
    bans.put(Listed("cy!*@*", "al", "T1"))
    audit.put(line(1))
    chat.hands.writer.work()
    bans.put(Listed("bob!*@*", "al", "T2"))
    bans.drop("cy!*@*")
    bans.drop("old!*@*")
    bans.put(Listed("dee!*@*", "al", "T2"))
    bans.drop("dee!*@*")
    audit.put(line(2))
    chat.hands.settle()
    bans.drop("nobody!*@*")
    chat.wait(29)
    assert chat.rows("select folded from ban") == [("old!*@*",)]
    has_room(chat)
    chat.wait(2)
    chat.crash()
    disks.open()
    assert disks.kept.bans == [Listed("bob!*@*", "al", "T2")]
    assert disks.kept.audit == [line(1), line(2)]


def test_what_could_not_be_written_is_tried_once_more_at_the_end(disks: Disks, logged: list[LogEvent]) -> None:
    """If that fails too, the log says what is lost."""
    for fault, heard in ((None, 8), (OSError(28, FULL), 0)):
        chat = disks.open()
        one = account("bob" if fault else "al")
        puts(chat, one)
        chat.hands.settle()
        fills(chat)
        one.heard = 8
        puts(chat, one)
        chat.hands.settle()
        chat.hands.writer.fault = fault
        ended: list[None] = []
        chat.journal.close().addCallback(ended.append)  # type: ignore[attr-defined]
        chat.hands.settle()
        assert ended == [None]
        if fault:
            chat.crash()
            chat.hands.writer.fault = None
        disks.open().crash()
        assert {each.name: each.heard for each in disks.kept.accounts}[one.name] == heard
    assert "not saved: 1 accounts, 0 bans, 0 lines of the audit log" in [formatEvent(each) for each in logged]


def test_after_the_end_nothing_is_taken(disks: Disks) -> None:
    """And whoever waits is told so."""
    chat = disks.open()
    chat.close()
    hears = puts(chat, account())
    assert hears.told == ["not-saved: The server stops now: nothing is saved any more."]
    chat.journal.people.bans.put(Listed("bob!*@*", "al", "T1"))  # type: ignore[attr-defined]
    assert not chat.hands.writer.jobs


def test_who_comes_while_the_last_is_written_is_told_too(disks: Disks) -> None:
    """It could not be written either."""
    chat = disks.open()
    fills(chat)
    first = puts(chat, account())
    later: list[Hears] = []
    ended: list[None] = []
    chat.journal.close().addCallback(ended.append)  # type: ignore[attr-defined]
    later.append(puts(chat, account("bob")))
    chat.hands.settle()
    assert ended == [None]
    assert first.told
    assert later[0].told
    chat.crash()


def test_an_account_that_cannot_be_dropped_stays(disks: Disks) -> None:
    """Who gets the name meanwhile still inherits nothing."""
    chat = disks.open()
    one = account()
    puts(chat, one)
    chat.change(Change(Mode.OP, value="alice", kept=True), room="#dev")
    chat.commit()
    chat.hands.settle()
    fills(chat)
    hears = drops(chat, one)
    chat.hands.settle()
    assert hears.told == [f"not-saved: That could not be saved: {FULL}. See to that, and try again."]
    assert chat.rows("select folded from account") == [("alice",)]
    drops(chat, one)
    chat.hands.writer.work()
    has_room(chat)
    again = puts(chat, account("ALICE"))
    chat.hands.settle()
    assert again.told == [None]
    chat.crash()
    disks.open()
    assert names(disks) == ["ALICE"]
    assert disks.kept.rooms == []


# -- what cannot be read -------------------------------------------------------------------------------------


@pytest.mark.parametrize("broken", ["{", "[]", '{"name":"bob","created":""}', '{"name":"alice"}'])
def test_an_account_that_cannot_be_read_stays_somebodys(disks: Disks, broken: str) -> None:
    """Nobody can take the name, no password fits, and it is no admin's."""
    chat = disks.open()
    puts(chat, account(admin=True))
    chat.hands.settle()
    chat.disk.connection.execute("update account set content = ?", (broken,))
    chat.crash()
    disks.open()
    (found,) = disks.kept.accounts
    assert (found.name, found.password, found.admin, found.tokens) == ("alice", "", False, {})


def test_a_ban_that_cannot_be_read_holds(disks: Disks) -> None:
    """Until somebody lifts it; one that fits nobody is passed over."""
    chat = disks.open()
    rows = [("bob!*@*", "{"), ("address:moon", '["address:moon","al","T1"]'), ("cy!*@*", '["dee!*@*","al","T1"]')]
    chat.disk.connection.executemany("insert into ban values (?, ?)", rows)
    chat.disk.connection.execute("insert into ban values (cast(x'ff21' as text), '{')")
    chat.disk.connection.execute("insert into audit values (1, '{')")
    chat.crash()
    disks.open()
    assert disks.kept.bans == [Listed("bob!*@*", "", ""), Listed("cy!*@*", "", "")]
    assert disks.kept.audit == []


def test_verify_counts_them_and_names_what_cannot_be_read(disks: Disks) -> None:
    """A line each."""
    from lanchat.stores.checking import check

    chat = disks.open()
    puts(chat, account())
    puts(chat, account("bob"))
    chat.journal.people.bans.put(Listed("bob!*@*", "al", "T1"))  # type: ignore[attr-defined]
    chat.journal.people.audit.put(line(1))  # type: ignore[attr-defined]
    chat.hands.settle()
    path = disks.folder / "journal.sqlite3"
    counts, problems = check(path)
    assert (counts["accounts"], counts["bans"], counts["audit"], problems) == (2, 1, 1, [])
    execute = chat.disk.connection.execute
    execute("update account set content = cast(x'7bff' as text) where folded = 'bob'")
    execute("update ban set content = '[]'")
    execute("update audit set content = '{}'")
    assert check(path).problems == [
        "accounts: bob cannot be read",
        "bans: bob!*@* cannot be read",
        "audit: line 1 cannot be read",
    ]


def test_a_backup_has_them(disks: Disks) -> None:
    """All in one file."""
    from contextlib import closing

    from lanchat.stores.tools import back_up, opened

    chat = disks.open()
    puts(chat, account())
    chat.hands.settle()
    copy = disks.folder / "copy"
    back_up(disks.folder / "journal.sqlite3", copy)
    with closing(opened(copy)) as connection:
        assert connection.execute("select folded from account").fetchall() == [("alice",)]
