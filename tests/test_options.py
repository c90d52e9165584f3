"""What a server is told, and what it says when it cannot be told so."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from lanchat import __version__
from lanchat.core.limits import Limits
from lanchat.options import Options, read_motd


def options(*arguments: str, port: bool = True) -> Options:
    """Read a command line; without a port of its own it takes any free one."""
    found = Options()
    found.parseOptions([*(["--port", "tcp:0"] if port else []), *arguments])
    return found


def mistake(*arguments: str) -> str:
    """Give the one line in which a mistake is told."""
    with pytest.raises(SystemExit) as ended:
        options(*arguments)
    text = str(ended.value)
    assert text.startswith("lanchat: ")
    assert text.endswith(".")
    assert "\n" not in text
    return text


def test_nothing_has_to_be_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without options there are the defaults, and one port."""
    monkeypatch.setattr("lanchat.ports.try_ports", lambda wanted: [])
    found = options(port=False)
    assert [port.written for port in found.ports] == ["tcp:5555"]
    assert found.limits == Limits()
    assert found.name
    assert found.certificate is None
    assert found.motd is None


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--port", "tcp:bad"], '--port tcp:bad: port is "bad" and must be a number up to 65535'),
        (["--port", "nosuch:1"], "--port nosuch:1: "),
        (["--port", "ssl:0"], "--port ssl:0: privateKey is missing"),
        (["--certificate", "/nowhere.pem"], "--certificate /nowhere.pem: there is no such file; run `lanchat certs`"),
        (["--motd", "../nowhere"], "--motd ../nowhere: No such file or directory. Name a text file"),
        (["--irc", "tcp:bad"], '--irc tcp:bad: port is "bad" and must be a number up to 65535'),
        (["--admins", "../nowhere"], "--admins ../nowhere: No such file or directory. Name a file with lines of"),
        (["--admin", "a\x07"], "--admin: a text has at most 200 printable characters here"),
        (["--admin", "x" * 201], "--admin: a text has at most 200 printable characters here"),
        (["--sts", "soon"], "--sts soon: give a time (12h, 30d, 4w), or 0"),
        (["--password-file", "../nowhere"], "--password-file ../nowhere: No such file or directory. Name a text file"),
        (["--auth", "nosuch:1"], "--auth nosuch:1: there is no such kind. Take one of accounts, file, memory"),
        (
            ["--auth", "accounts", "--auth", "file:../nowhere"],
            "--auth file:../nowhere: there is no such file. Name one",
        ),
        (["--config", "../nowhere"], "--config ../nowhere: No such file or directory. Name a file"),
        (["--sync", "half"], "--sync half: say full or normal"),
        (["--keep", "0"], "--keep 0: give a time (12h, 30d, 2w), forever, or a number of messages"),
        (["--keep", "soon"], "--keep soon: give a time"),
        (["--name", "a\x07"], "--name: a name has at most 64 printable characters"),
        (["--name", "x" * 65], "--name: a name has at most 64 printable characters"),
        (["--upload-limit", "big"], "--upload-limit big: give a size (500K, 100M, 2G), 0 for no limit"),
        (["--upload-keep", "soon"], "--upload-keep soon: give a time (12h, 7d, 4w), 0 for no limit"),
        (["5555"], "lanchat takes no '5555' here"),
        (["--nosuch"], "nosuch"),
    ],
)
def test_mistakes_are_told_in_one_line(arguments: list[str], told: str) -> None:
    """Every mistake names the option and the cure."""
    assert told in mistake(*arguments)


def test_admins_and_who_runs_the_server(tmp_path: Path) -> None:
    """They stand in a file, and in words for those who ask."""
    path = tmp_path / "admins"
    path.write_text("# nobody yet\n")
    found = options("--admins", str(path), "--admin", "Ann, room 12", "--plain-passwords")
    assert found.admins is not None
    assert found.admins.path == path
    assert (found["admin"], found["plain-passwords"]) == ("Ann, room 12", 1)
    assert (options().admins, options()["admin"], options()["plain-passwords"]) == (None, "", 0)


@pytest.mark.parametrize(("written", "seconds"), [("30d", 2_592_000), ("12h", 43_200), ("0", 0)])
def test_how_long_irc_clients_insist_on_tls(written: str, seconds: int) -> None:
    assert options("--sts", written).sts == seconds
    assert options().sts is None


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """--version says which lanchat this is, not which Twisted."""
    with pytest.raises(SystemExit) as ended:
        options("--version")
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"lanchat {__version__}\n"


# -- the file ------------------------------------------------------------------------------------------------


def config(tmp_path: Path, text: str) -> str:
    path = tmp_path / "config.toml"
    path.write_text(text)
    return str(path)


def test_file_has_the_same_names(tmp_path: Path) -> None:
    """What can be typed can stand in a file."""
    (tmp_path / "motd").write_text("welcome")
    text = f'name = "room-2"\nmax-nick = 9\nrate = 0.5\nmotd = "{tmp_path}/motd"\n'
    text += 'port = ["tcp:0", "tcp:0:backlog=9"]\n'
    found = options("--config", config(tmp_path, text), port=False)
    assert found.name == "room-2"
    assert (found.limits.nick, found.limits.rate) == (9, 0.5)
    assert found.motd == tmp_path / "motd"
    assert [port.written for port in found.ports] == ["tcp:0", "tcp:0:backlog=9"]


def test_file_has_ports_of_every_kind(tmp_path: Path) -> None:
    """What is typed of one kind takes the place of that kind alone."""
    path = config(tmp_path, 'irc = "tcp:0"\nport = ["tcp:0:backlog=9"]\nplain-passwords = true\n')
    found = options("--config", path, port=False)
    assert [str(port) for port in found.ports] == ["--port tcp:0:backlog=9", "--irc tcp:0"]
    assert found["plain-passwords"]
    typed = options("--config", path, "--irc", "tcp:0:backlog=7", port=False)
    assert [str(port) for port in typed.ports] == ["--port tcp:0:backlog=9", "--irc tcp:0:backlog=7"]
    off = config(tmp_path, "plain-passwords = false")
    assert options("--config", off, "--plain-passwords")["plain-passwords"]


def test_command_line_wins(tmp_path: Path) -> None:
    """An option that is typed is not taken from the file."""
    path = config(tmp_path, 'name = "room-2"\nmax-nick = 9\nport = "tcp:0:interface=127.0.0.1"\n')
    found = options("--name", "room-3", "--config", path)
    assert (found.name, found.limits.nick) == ("room-3", 9)
    assert [port.written for port in found.ports] == ["tcp:0"]
    assert options("--config", path, port=False).ports[0].written == "tcp:0:interface=127.0.0.1"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name = ", "no TOML"),
        ("max-nicks = 5", "there is no option max-nicks"),
        ('config = "x"', "there is no option config"),
        ("name = ['a']", "name is one value"),
        ("rate = true", "rate is one value"),
        ("port = 5555", 'port is an endpoint or a list of them, as in port = "tcp:5555"'),
        ("port = [5555]", "5555"),
        ("irc = 6667", 'irc is an endpoint or a list of them, as in irc = "tcp:6667"'),
        ("web = 8080", 'web is an endpoint or a list of them, as in web = "tcp:8080"'),
        ("plain-passwords = 1", "plain-passwords is true or false"),
        ('max-nick = "many"', "--max-nick many: give a whole number"),
    ],
)
def test_mistakes_in_the_file(tmp_path: Path, text: str, told: str) -> None:
    """A mistake in the file is told like any other."""
    with pytest.raises(SystemExit) as ended:
        options("--config", config(tmp_path, text), port=False)
    assert told in str(ended.value)
    assert "\n" not in str(ended.value)


def test_file_that_is_no_text(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 are no TOML."""
    (tmp_path / "config.toml").write_bytes(b"name = '\xff'")
    assert "no TOML" in mistake("--config", str(tmp_path / "config.toml"))


def test_motd_is_cleaned(tmp_path: Path) -> None:
    """It keeps its lines, in any encoding, and steers nobody's terminal."""
    path = tmp_path / "motd"
    path.write_bytes(b"caf\xe9 \x1b[31mred\r\nsecond\n\n")
    assert read_motd(path) == "café red\nsecond"


def test_motd_that_cannot_be_read(tmp_path: Path) -> None:
    """A directory is no text file."""
    assert mistake("--motd", str(tmp_path)).startswith(f"lanchat: --motd {tmp_path}: Is a directory")
    assert os.access(tmp_path, os.R_OK)


@pytest.mark.parametrize(
    ("written", "keep", "said"),
    [
        ("12h", (43_200, 0), "for 12 hours"),
        ("2w", (1_209_600, 0), "for 14 days"),
        ("5000", (0, 5_000), "the newest 5,000 messages"),
        ("forever", (0, 0), "for ever"),
    ],
)
def test_how_long_history_is_kept(written: str, keep: tuple[float, int], said: str) -> None:
    found = options("--keep", written).keep
    assert (tuple(found), str(found)) == (keep, said)


def test_where_history_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where it is said, or where users have their data; a relative XDG_DATA_HOME is ignored, as XDG says."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", "/srv/data")
    assert options("--data", "none").data is None
    assert options("--data", "chat").data == Path("chat")
    assert options().data == Path("/srv/data/lanchat")
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert options().data == tmp_path / ".local/share/lanchat"


# -- logging in ----------------------------------------------------------------------------------------------


def test_without_a_word_our_own_accounts_are_asked() -> None:
    found = options()
    assert (found.auth.ours, found.auth.others, found.password_file) == (True, (), None)
    assert [found[flag] for flag in ("accounts-only", "no-register", "plain-passwords")] == [0, 0, 0]


def test_others_may_be_asked_instead_or_as_well(tmp_path: Path) -> None:
    """The word for our own says which."""
    users = tmp_path / "users"
    users.write_text("alice:secret\n")
    instead, as_well = options("--auth", f"file:{users}"), options("--auth", f"file:{users}", "--auth", "accounts")
    assert [(found.auth.ours, len(found.auth.others)) for found in (instead, as_well)] == [(False, 1), (True, 1)]


@pytest.mark.parametrize("option", ["--help-auth", "--help-auth-type=file"])
def test_who_can_be_asked_is_shown(option: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own too, which Twisted does not know of."""
    out = io.StringIO()
    monkeypatch.setattr(Options, "authOutput", out)
    with pytest.raises(SystemExit) as ended:
        options(option)
    assert ended.value.code == 0
    assert "file" in out.getvalue()
    assert ("accounts stands for" in out.getvalue()) is (option == "--help-auth")


def test_logging_in_is_a_matter_of_the_file_too(tmp_path: Path) -> None:
    """A list, or one; what is typed wins."""
    config, secret = tmp_path / "config.toml", tmp_path / "password"
    secret.write_text("open sesame")
    config.write_text(f'auth = ["accounts", "memory:bob:secret"]\naccounts-only = true\npassword-file = "{secret}"\n')
    found = options("--config", str(config))
    assert (found.auth.ours, len(found.auth.others), found["accounts-only"]) == (True, 1, True)
    assert found.password_file is not None
    assert found.password_file.welcomes("open sesame")
    assert options("--config", str(config), "--auth", "accounts").auth.others == ()
    config.write_text('auth = "memory:bob:secret"')
    assert not options("--config", str(config)).auth.ours
    config.write_text("auth = 7")
    assert mistake("--config", str(config)).endswith('auth is a checker or a list of them, as in auth = "accounts".')
    config.write_text('auth = ["nosuch"]')
    assert "--auth nosuch: there is no such kind" in mistake("--config", str(config))
