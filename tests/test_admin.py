"""What `lanchat admin` takes, asks for and prints; the server's part is test_requests' and test_reaching's."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from twisted.python import usage

from lanchat import admin
from lanchat.admin import AdminOptions, run
from lanchat.core.times import local_clock, local_day
from lanchat.options import data_home
from lanchat.passwords import PasswordHash
from lanchat.reaching import UnreachableError
from lanchat.requests import Answer, Request, ShownAccount, ShownBan

STAMP = "2026-11-21T21:00:00.000Z"
WHEN = f"{local_day(STAMP)} {local_clock(STAMP)}"


class Terminal(io.StringIO):
    """A terminal, at which passwords are not typed into standard input."""

    def isatty(self) -> bool:
        return True


class Typed:
    """A command that was typed: what it asked the server, and said."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: Answer | Exception) -> None:
        self.asked: list[tuple[Path, Request]] = []
        self.prompts: list[str] = []
        self.passwords: list[str] = []
        self.out, self.errors = io.StringIO(), io.StringIO()
        self._answers = [*answers]
        monkeypatch.setattr(admin, "ask", self._ask)

    def _ask(self, directory: Path, request: Request) -> Answer:
        self.asked.append((directory, Request(request.act, request.whom, request.written, request.room)))
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _prompt(self, prompt: str) -> str:
        self.prompts.append(prompt)
        if not self.passwords:
            raise KeyboardInterrupt
        return self.passwords.pop(0)

    def type(self, *words: str, source: io.StringIO | None = None) -> int:
        options = AdminOptions()
        options.parseOptions(words)
        return run(options, source or io.StringIO(), self.out, self.errors, self._prompt)

    @property
    def said(self) -> str:
        return self.out.getvalue()

    @property
    def complained(self) -> str:
        return self.errors.getvalue()


NEEDED = Answer("alice needs a password.", "needs-password")


# -- what is typed -------------------------------------------------------------------------------------------


def test_what_is_typed_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Options may stand anywhere; without a folder it is the one that servers take."""
    typed = Typed(monkeypatch, *[Answer("done")] * 3)
    data = str(tmp_path)
    assert typed.type("--data", data, "delete", "alice") == 0
    assert typed.type("unban", "bob!*@*", "--room", "#dev", "--data", data) == 0
    assert typed.type("remove", "alice") == 0
    assert typed.asked == [
        (tmp_path, Request("delete", "alice")),
        (tmp_path, Request("unban", "bob!*@*", room="#dev")),
        (data_home(), Request("remove", "alice")),
    ]
    assert typed.said == "done\ndone\ndone\n"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([], r"Say what is to be done: there are list, add, .* and unban\. lanchat admin --help says more\."),
        (["drop", "alice"], r"There is no lanchat admin drop: there are list, add, "),
        (["add"], r"Type it like this: lanchat admin add NICK$"),
        (["add", "alice", "bob"], r"Type it like this: lanchat admin add NICK$"),
        (["add", ""], r"Type it like this: lanchat admin add NICK$"),
        (["list", "alice"], r"Type it like this: lanchat admin list$"),
        (["bans", "--room", "#dev"], r"--room goes with unban: lanchat admin unban MASK --room '#dev'"),
        (["--nosuch", "list"], "nosuch"),
    ],
)
def test_what_cannot_be_read(words: list[str], why: str) -> None:
    """One sentence that says how it is typed."""
    with pytest.raises(usage.UsageError, match=why):
        AdminOptions().parseOptions(words)


# -- passwords -----------------------------------------------------------------------------------------------


def test_a_password_is_asked_for_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only where one is needed; it stays here, and its hash is sent."""
    typed = Typed(monkeypatch, NEEDED, Answer("alice has an account now."))
    typed.passwords = ["correct horse", "correct horse"]
    assert typed.type("new", "alice", source=Terminal()) == 0
    assert typed.prompts == ["Password for alice: ", "Once more: "]
    (_, first), (_, second) = typed.asked
    assert (first.written, second.act, second.whom) == ("", "new", "alice")
    assert "horse" not in second.written
    assert PasswordHash.read(second.written).matches("correct horse")
    assert typed.said == "alice has an account now.\n"


def test_on_a_pipe_it_is_the_first_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the form in which passwords are compared, whatever keyboard it was typed on."""
    typed = Typed(monkeypatch, NEEDED, Answer("alice has another password."))
    assert typed.type("reset", "alice", source=io.StringIO("gru\u0308n\u00a0und blau\nmore\n")) == 0
    assert PasswordHash.read(typed.asked[1][1].written).matches("gr\u00fcn und blau")
    assert typed.prompts == []


@pytest.mark.parametrize(
    ("passwords", "why"),
    [
        (["correct horse", "battery staple"], "Those were two passwords. Type the same one twice."),
        (["short"] * 2, "A password has at least 8 characters. Take a longer one."),
    ],
)
def test_passwords_that_cannot_be(monkeypatch: pytest.MonkeyPatch, passwords: list[str], why: str) -> None:
    """Nothing is done."""
    typed = Typed(monkeypatch, NEEDED)
    typed.passwords = passwords
    assert typed.type("new", "alice", source=Terminal()) == 1
    assert typed.complained == f"lanchat: {why}\n"
    assert len(typed.asked) == 1


def test_ctrl_c_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the status that shells give it."""
    typed = Typed(monkeypatch, NEEDED)
    assert typed.type("new", "alice", source=Terminal()) == 130
    assert (typed.said, typed.complained) == ("", "\n")


# -- what is said --------------------------------------------------------------------------------------------


def test_accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line each; nothing that stands in a file can do anything to a terminal."""
    accounts = [
        ShownAccount("alice", STAMP, admin=True, here=True),
        ShownAccount("bo", STAMP, seen=STAMP),
        ShownAccount("ev\x1b[2Jil", ""),
    ]
    typed = Typed(monkeypatch, Answer(accounts=accounts), Answer())
    assert typed.type("list") == 0
    assert typed.said.splitlines() == [
        f"alice  admin    made {WHEN}, here now",
        f"bo     account  made {WHEN}, seen {WHEN}",
        "evil   account  made nobody knows when, never seen",
    ]
    typed.out.truncate(0)
    assert typed.type("list") == 0
    assert typed.said.endswith("There are no accounts yet: lanchat admin add NICK makes one.\n")


def test_bans(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who it is, where, until when, by whom and why."""
    bans = [
        ShownBan("bob!*@*", "al", STAMP),
        ShownBan("cy!*@*", "", STAMP, room="#dev"),
        ShownBan("*!*@3f2a9c1e.lan", "al", STAMP, whom="eve"),
        ShownBan("account:dee", "al", STAMP, STAMP, "adverts\x1b[2J", "#dev", muted=True),
    ]
    typed = Typed(monkeypatch, Answer(bans=bans), Answer())
    assert typed.type("bans") == 0
    assert typed.said.splitlines() == [
        f"bob!*@* is banned from the server, by al {WHEN}",
        f"cy!*@* is banned in #dev, by the server {WHEN}",
        f"eve (*!*@3f2a9c1e.lan) is banned from the server, by al {WHEN}",
        f"account:dee is muted in #dev until {WHEN}, by al {WHEN}: adverts",
    ]
    assert typed.type("bans") == 0
    assert typed.said.endswith("Nobody is banned or muted.\n")


def test_what_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line, and the status 1."""
    refused = Answer("There is no account alcie. Did you mean alice?", "no-such-account")
    typed = Typed(monkeypatch, refused, UnreachableError("The server does not answer."))
    assert typed.type("delete", "alcie") == 1
    assert typed.type("list") == 1
    assert typed.complained == f"lanchat: {refused.text}\nlanchat: The server does not answer.\n"
    assert typed.said == ""


def test_a_server_that_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no folder that could be looked after."""
    typed = Typed(monkeypatch)
    assert typed.type("list", "--data", "none") == 1
    assert typed.complained == (
        "lanchat: A server with --data none keeps no accounts: name the folder of one that does.\n"
    )
