"""Who did what, to whom, and why."""

from __future__ import annotations

from typing import Any

import pytest

from lanchat.core import audit as module
from lanchat.core.audit import AuditLog, lines_of
from lanchat.core.events import Changed, Deleted, Kicked, Said
from lanchat.core.modes import Change, Mode
from lanchat.core.replies import AuditLine
from lanchat.core.times import local_clock, local_day
from tests.governed import Governed

UNTIL = "2026-11-21T21:04:05.000Z"
SHOWN = f"{local_day(UNTIL)} {local_clock(UNTIL)}"
ROOM: Any = {"time": "t", "room": "#dev", "nick": "al"}


@pytest.mark.parametrize(
    ("event", "lines"),
    [
        (Kicked(**ROOM, who="bob", reason="x"), [AuditLine("t", "al", "kick", "#dev", "bob", "x")]),
        (Deleted(**ROOM, of=7, reason="x"), [AuditLine("t", "al", "delete", "#dev", "7", "x")]),
        (Deleted(**ROOM, of=7, who="eve"), [AuditLine("t", "al", "delete", "#dev", "7 of eve")]),
        (Deleted(time="t", nick="al", to="bob", of=7), []),
        (Said(**ROOM, text="hi"), []),
        (
            Changed(
                **ROOM,
                changes=[
                    Change(Mode.KEY, True, "sesame"),
                    Change(Mode.BAN, True, "bob!*@*", UNTIL, "x"),
                    Change(Mode.MUTE, True, "bob!*@*", UNTIL),
                    Change(Mode.OP, False, "bob", kept=True),
                ],
            ),
            [
                AuditLine("t", "al", "key", "#dev"),
                AuditLine("t", "al", "ban", "#dev", "bob!*@*", f"until {SHOWN}: x"),
                AuditLine("t", "al", "mute", "#dev", "bob!*@*", f"until {SHOWN}"),
                AuditLine("t", "al", "no op", "#dev", "bob"),
            ],
        ),
    ],
)
def test_what_is_written_down(event: Any, lines: list[AuditLine]) -> None:
    """What somebody with a rank did; no key, and nothing private."""
    assert lines_of(event) == lines


def test_the_log_has_a_bound_and_a_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was done before is known; each line is kept as it comes."""
    monkeypatch.setattr(module, "MOST", 2)
    log = AuditLog()
    kept: list[AuditLine] = []

    class Store:
        def put(self, line: AuditLine) -> None:
            kept.append(line)

    log.restore([AuditLine("1", "al", "kick", "#dev")])
    log.note(AuditLine("2", "al", "rehash"))
    log.store = Store()
    log.happened(Kicked(**ROOM, who="bob"))
    assert [line.nick for line in kept] == ["al"]
    assert [line.time for line in log.of("#DEV", 5)][-1] == "t"
    assert len(log.of("", 1)) == 1


def test_nobody_drives_out_what_was_done_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who fills the log in a room of their own loses their own lines; the newest of all are in their order."""
    monkeypatch.setattr(module, "MOST", 6)
    monkeypatch.setattr(module, "SERVER", 1)
    log = AuditLog()
    for number, room in enumerate(("#dev", "", "#dev")):
        log.note(AuditLine(str(number), "al", "kick", room))
    for number in range(3, 100):
        log.note(AuditLine(str(number), "mallory", "topic-locked", "#own"))
    assert [line.time for line in log.of("", 9)] == ["0", "1", "2", "97", "98", "99"]
    assert [line.time for line in log.of("#own", 2)] == ["98", "99"]
    for number in range(100, 105):
        log.note(AuditLine(str(number), "root", "kill"))
    assert [line.room for line in log.of("", 9)].count("") == 2
    monkeypatch.setattr(module, "MOST", 1)
    log.note(AuditLine("105", "al", "kick", "#dev"))
    assert len(log.of("", 9)) == 1


def audited(governed: Governed, who: str, line: str) -> list[list[str]]:
    governed[who].hears()
    governed[who].says(line)
    (audit,) = governed[who].hears_of("audit")
    return [
        [each[part] for part in ("nick", "act", "room", "whom", "reason") if part in each] for each in audit["lines"]
    ]


def test_ops_see_their_room_and_admins_everything() -> None:
    """The newest, the oldest of them first."""
    governed = Governed()
    founder, admin = governed["founder"], governed["admin"]
    for line in ("/announce #dev hear me", "/lock #dev key sesame", "/kick #dev target adverts"):
        assert founder.asks(line) == ""
    for line in ("/announce hear me", "/rehash", "/kill target spam", "/serverban 1d 10.0.0.1 spam"):
        assert admin.asks(line) == ""
    assert admin.asks("/serverunban 10.0.0.1") == ""
    of_room = [
        ["founder", "announce", "#dev"],
        ["founder", "key", "#dev"],
        ["founder", "kick", "#dev", "target", "adverts"],
    ]
    assert audited(governed, "founder", "/audit #dev 3") == of_room
    founder.says("/join #dev")
    assert audited(governed, "founder", "/audit 3") == of_room
    everywhere = audited(governed, "admin", "/audit 5")
    assert everywhere[:3] == [["admin", "announce"], ["admin", "rehash"], ["admin", "kill", "target", "spam"]]
    assert everywhere[3][:3] == ["admin", "serverban", "address:10.0.0.1/32"]
    assert everywhere[3][3].startswith("until 2026-")
    assert everywhere[4] == ["admin", "no serverban", "address:10.0.0.1/32"]
    assert audited(governed, "admin", "/audit #dev 3") == of_room
    assert governed["founder"].asks("/audit #dev x") == "bad-arguments"
    assert governed["founder"].asks("/audit #lobby") == "not-op"
    assert governed["founder"].asks("/audit #dev 0") == "bad-arguments"


def test_who_becomes_an_admin_is_written_down() -> None:
    """And who is none any more."""
    governed = Governed()
    member = governed["member"]
    governed.hub.admins.appoint(governed.hub, member.session)
    assert audited(governed, "admin", "/audit 1") == [["member", "oper"]]


def test_announcements() -> None:
    """Nobody overlooks them: in a room they are kept as anything that is said, and those to all are not."""
    governed = Governed()
    assert governed["op"].asks("/announce #dev hear me") == ""
    (said,) = governed["member"].hears_of("said")
    assert (said["text"], said["announcement"]) == ("hear me", True)
    assert governed["admin"].asks("/announce hear me all") == ""
    (announced,) = governed["outsider"].hears_of("announced")
    assert (announced["nick"], announced["text"]) == ("admin", "hear me all")
