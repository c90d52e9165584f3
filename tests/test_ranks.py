"""Who may do what: every command for everybody, and that nobody gets round it."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from lanchat.core.verbs import TABLE
from tests.governed import INSIDE, KINDS, Governed

OUTSIDE = ("outsider", "banned")
GOVERNORS = ("op", "founder", "admin")


class Row(NamedTuple):
    """What is typed, and what it is refused with, by kind of person; an empty code: it is allowed."""

    line: str
    codes: dict[str, str]


def everybody(line: str, code: str = "", **codes: str) -> Row:
    return Row(line, {kind: codes.get(kind, code) for kind in KINDS})


def inside(line: str, code: str = "", **codes: str) -> Row:
    return everybody(line, code, **(dict.fromkeys(OUTSIDE, "not-there") | codes))


def ops(line: str, **codes: str) -> Row:
    return everybody(line, "not-op", **(dict.fromkeys(GOVERNORS, "") | codes))


def founders(line: str, **codes: str) -> Row:
    return ops(line, op="not-founder", **codes)


def admins(line: str) -> Row:
    return everybody(line, "not-admin", admin="")


def accounts(line: str, code: str = "") -> Row:
    return everybody(line, "no-account", account=code, founder=code)


TABLE_OF_RANKS = {
    "help": everybody("/help"),
    "nick": everybody("/nick fresh", account="logged-in", founder="logged-in", muted="may-not-rename"),
    "msg": everybody("/msg target psst"),
    "reply": everybody("/reply psst", "no-reply"),
    "say": inside("/say #dev hi", muted="may-not-speak"),
    "me": inside("/me #dev waves", muted="may-not-speak"),
    "join": everybody("/join #dev", banned="banned"),
    "part": inside("/part #dev"),
    "rooms": everybody("/rooms"),
    "names": everybody("/names #dev"),
    "whois": everybody("/whois target"),
    "topic": inside("/topic #dev exam", "not-op", **dict.fromkeys(GOVERNORS, "")),
    "invite": inside("/invite outsider #dev", outsider="not-there"),
    "away": everybody("/away lunch"),
    "back": everybody("/back", "not-away"),
    "ignore": everybody("/ignore target"),
    "unignore": everybody("/unignore target", "not-ignored"),
    "history": inside("/history #dev"),
    "missed": everybody("/missed", "nothing-missed"),
    "mentions": everybody("/mentions"),
    "search": everybody("/search target"),
    "time": everybody("/time"),
    "uptime": everybody("/uptime"),
    "version": everybody("/version"),
    "ping": everybody("/ping"),
    "qr": everybody("/qr", "no-address"),
    "cert": accounts("/cert"),
    "quit": everybody("/quit"),
    "register": everybody("/register correct horse", "not-secure", account="logged-in", founder="logged-in"),
    "login": everybody("/login account correct horse", "not-secure", account="logged-in", founder="logged-in"),
    "logout": accounts("/logout"),
    "passwd": accounts("/passwd old correct horses", "not-secure"),
    "send": inside("/send #dev", "no-files"),
    "files": inside("/files #dev"),
    "unshare": everybody("/unshare x", "no-such-file"),
    "kick": ops("/kick #dev target"),
    "op": ops("/op #dev target"),
    "deop": ops("/deop #dev target"),
    "voice": ops("/voice #dev target"),
    "devoice": ops("/devoice #dev target"),
    "founder": founders("/founder #dev target"),
    "unfounder": founders("/unfounder #dev target"),
    "lock": ops("/lock #dev"),
    "unlock": ops("/unlock #dev topic"),
    "slow": ops("/slow #dev 30"),
    "announce": ops("/announce #dev hear me"),
    "modes": everybody("/modes #dev"),
    "ban": ops("/ban #dev target"),
    "unban": ops("/unban #dev banned"),
    "mute": ops("/mute #dev target"),
    "unmute": ops("/unmute #dev muted"),
    "bans": inside("/bans #dev"),
    "exempt": ops("/exempt #dev target"),
    "unexempt": ops("/unexempt #dev target", **dict.fromkeys(GOVERNORS, "not-listed")),
    "allow": ops("/allow #dev target"),
    "unallow": ops("/unallow #dev target", **dict.fromkeys(GOVERNORS, "not-listed")),
    "delete": inside("/delete #dev target", "not-yours", **dict.fromkeys(GOVERNORS, "")),
    "audit": ops("/audit #dev"),
    "oper": everybody("/oper root correct horse", "no-admins"),
    "kill": admins("/kill target"),
    "rehash": admins("/rehash"),
    "wallops": admins("/wallops hear me"),
    "serverban": admins("/serverban target"),
    "serverunban": everybody("/serverunban target", "not-admin", admin="not-listed"),
    "serverbans": admins("/serverbans"),
}


def test_every_command_is_in_the_table() -> None:
    """A new command needs a line that says who may use it."""
    assert {command.name for command in TABLE.commands} == set(TABLE_OF_RANKS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", sorted(TABLE_OF_RANKS))
def test_who_may_use_a_command(name: str, kind: str) -> None:
    """It does as the table says; and who is refused has changed nothing."""
    line, codes = TABLE_OF_RANKS[name]
    assert TABLE.parse(line)[0].name == name
    governed = Governed()
    before = governed.state()
    assert governed[kind].asks(line) == codes[kind]
    if codes[kind]:
        assert governed.state() == before


@pytest.mark.parametrize(
    ("line", "by", "code"),
    [
        *[(f"/{verb} #dev founder", "op", "is-founder") for verb in ("kick", "ban", "mute", "deop", "devoice")],
        *[(f"/{verb} #dev @founder", "op", "is-founder") for verb in ("ban", "mute")],
        ("/ban #dev account:founder", "op", "is-founder"),
        ("/unfounder #dev founder", "op", "not-founder"),
        ("/unfounder #dev founder", "founder", "last-founder"),
        ("/unfounder #dev founder", "admin", ""),
        *[(f"/{verb} #dev admin", "founder", "is-admin") for verb in ("kick", "ban", "mute")],
        ("/kick #dev founder", "admin", ""),
        ("/kick #dev op", "op", ""),
        ("/deop #dev op", "op", ""),
        ("/announce hear me", "founder", "not-admin"),
        ("/announce hear me", "admin", ""),
        ("/audit", "admin", ""),
        ("/serverban admin", "admin", "own-machine"),
        ("/delete #dev founder", "op", ""),
        ("/slow #lobby 30", "founder", "not-op"),
        ("/slow #lobby 30", "admin", ""),
    ],
)
def test_who_may_do_what_to_whom(line: str, by: str, code: str) -> None:
    """An op can do nothing against a founder, nor anybody but an admin against an admin."""
    governed = Governed()
    governed["founder"].says("something")
    before = governed.state()
    assert governed[by].asks(line) == code
    assert (governed.state() == before) is (bool(code) or line.startswith(("/announce", "/audit", "/slow #lobby")))


NICKS = st.sampled_from([*INSIDE, *OUTSIDE, "fresh", "newer"])
ROOMS = st.sampled_from(["", "#dev ", "#dev ", "#lobby ", "#own "])
WHOM = NICKS | st.sampled_from(["@target", "@founder", "account:founder", "192.168.7.0/24", "*!*@*", "t*!*@*"])
VALUES = st.sampled_from(["", "topic", "key x", "limit 1", "read-only", "talk", "hidden", "outside", "off", "5m"])
WORDS = NICKS | WHOM | VALUES | st.integers(0, 40).map(str) | st.just("all")
WITHOUT = ("outsider", "member", "account", "voiced", "muted", "banned")
"""Who of all may change nothing."""
MUTE = {"said", "acted", "shared", "topic", "tagged", "confided"}
"""What somebody who is muted gives nobody in the room."""


class Ranks(RuleBasedStateMachine):
    """Those without a rank try everything; whoever has one looks on."""

    @initialize()
    def begins(self) -> None:
        self.governed = Governed()
        self.before = self.governed.state()
        self.names = {"muted": {"muted"}, "banned": {"banned"}}

    @rule(
        kind=st.sampled_from(WITHOUT),
        name=st.sampled_from(sorted(set(TABLE_OF_RANKS) - {"quit", "logout"})),
        room=ROOMS,
        words=st.lists(WORDS, max_size=3),
    )
    def tries(self, kind: str, name: str, room: str, words: list[str]) -> None:
        """Whatever they type."""
        self.governed[kind].says(f"/{name} {room}{' '.join(words)}")
        self.note_names(kind)

    @rule(kind=st.sampled_from(WITHOUT), line=st.sampled_from(["hello", "/join #dev", "/say #dev hi", "/part #dev"]))
    def talks(self, kind: str, line: str) -> None:
        self.governed[kind].says(line)

    @rule(kind=st.sampled_from(["banned", "muted"]), nick=NICKS, reason=st.sampled_from(["", " see you"]))
    def comes_again(self, kind: str, nick: str, reason: str) -> None:
        """From the same machine, under another name."""
        person = self.governed[kind]
        self.says_nothing()
        silenced = person.member in self.governed.room.members
        person.says(f"/quit{reason}")
        (left,) = self.governed["founder"].hears_of("quit")
        assert left["reason"] == ("" if silenced else reason.strip())
        self.hears_nothing()
        person.connects()
        taken = nick in self.governed.hub.people.members or self.governed.hub.accounts.find(nick) is not None
        person.enters(self.governed.hub.people.another(nick) if taken else nick)
        self.note_names(kind)
        person.says("/join #dev")

    @rule(text=st.sampled_from(["hello", "/me waves", "/topic #dev exam", "/announce #dev hear me"]))
    def ops_talk(self, text: str) -> None:
        """So that there is something to hear."""
        self.governed["op"].says(text)
        if text.startswith("/topic"):
            self.before = self.governed.state()
        self.before["said"] = self.governed.state()["said"]

    def note_names(self, kind: str) -> None:
        if kind in self.names:
            self.names[kind].add(self.governed[kind].member.nick)

    @invariant()
    def nothing_has_changed(self) -> None:
        """No rule, rank, list, topic, person or message."""
        now = self.governed.state()
        assert now.pop("voiced") <= self.before["voiced"]  # everybody may lay down what they have
        assert now == {key: value for key, value in self.before.items() if key != "voiced"}

    @invariant()
    def hears_nothing(self) -> None:
        """Who is banned gets no event of the room."""
        for heard in self.governed["banned"].hears():
            if heard["event"] in ("invited", "names", "rooms", "whois", "refused", "notice"):
                continue  # answers, which anybody outside gets; nobody is invited who is banned
            assert heard.get("room") != "#dev", heard

    @invariant()
    def says_nothing(self) -> None:
        """Who is muted, or banned, gives none to those in it, by the way neither."""
        silent: set[Any] = self.names["muted"] | self.names["banned"]
        for heard in self.governed["founder"].hears():
            if heard.get("nick") not in silent:
                continue
            if heard.get("room") == "#dev":
                assert heard["event"] not in MUTE, heard
                assert not heard.get("reason"), heard


TestRanks = Ranks.TestCase
TestRanks.settings = settings(max_examples=settings.default.max_examples, stateful_step_count=40)
