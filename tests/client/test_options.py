from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from twisted.python import usage

from lanchat.client import options
from lanchat.client.options import Address, Description, ForgetOptions, JoinOptions, login_nick, read_address


def parse(*typed: str) -> JoinOptions:
    parsed = JoinOptions()
    parsed.parseOptions(list(typed))
    return parsed


@pytest.mark.parametrize(
    ("typed", "address", "shown"),
    [
        ("room-1", Address("room-1", 5555), "room-1:5555"),
        ("Room-1:80", Address("room-1", 80), "room-1:80"),
        ("192.168.7.1:5556", Address("192.168.7.1", 5556), "192.168.7.1:5556"),
        ("::1", Address("::1", 5555), "[::1]:5555"),
        ("[fe80::1]:5556", Address("fe80::1", 5556), "[fe80::1]:5556"),
        ("fe80::1%eth0", Address("fe80::1%eth0", 5555), "[fe80::1%eth0]:5555"),
        ("[::1]", Address("::1", 5555), "[::1]:5555"),
    ],
)
def test_addresses_are_read_as_people_write_them(typed: str, address: Address, shown: str) -> None:
    assert parse(typed).target == address
    assert str(address) == shown
    assert read_address(shown) == address


@pytest.mark.parametrize("typed", ["a b", "[nope]:1", "host:", "host:x", "host:0", "host:65536", "http://x/", "a:1:2"])
def test_what_is_no_address_is_said_so(typed: str) -> None:
    with pytest.raises(usage.UsageError, match="as in room-1:5555"):
        parse(typed)


@pytest.mark.parametrize("typed", ["tcp:room-1:5555", "tls:room-1:5556", "unix:/run/chat.sock", "ssl:host=a:port=1"])
def test_endpoint_strings_are_left_to_twisted(typed: str) -> None:
    assert parse(typed).target == Description(typed)
    assert str(parse(typed).target) == typed


def test_endpoint_strings_say_themselves_what_tls_they_want() -> None:
    with pytest.raises(usage.UsageError, match="says itself how"):
        parse("tcp:room-1:5555", "--tls")


def test_options_may_stand_behind_the_address() -> None:
    parsed = parse("room-1", "--nick", "ann", "--room", "dev", "--tls", "--room", "#ops", "--json")
    assert (parsed.nick, parsed.rooms, parsed.tls, parsed.json) == ("ann", ["#dev", "#ops"], True, True)


def test_everything_may_be_left_out() -> None:
    parsed = parse()
    assert (parsed.target, parsed.nick, parsed.rooms, parsed.tls, parsed.json) == (None, "", [], False, False)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        (["a", "b"], "one more"),
        (["a", "--nick", "no spaces please"], "--nick"),
        (["a", "--nick", ""], "Type a name"),
        (["a", "--room", "a,b"], "--room a,b"),
        (["a", "--fingerprint", "SHA256:short"], "43 characters"),
        (["a", "--ca", "x", "--fingerprint", "A" * 43], "not both"),
        (["a", "--colour"], "--colour"),
    ],
)
def test_mistakes_are_named(typed: list[str], problem: str) -> None:
    with pytest.raises(usage.UsageError, match=problem):
        parse(*typed)


def test_a_ca_or_a_fingerprint_means_tls() -> None:
    assert parse("a", "--ca", "ca.pem").ca == Path("ca.pem")
    assert parse("a", "--ca", "ca.pem").tls
    assert parse("a", "--fingerprint", "A" * 43 + "=").fingerprint == "SHA256:" + "A" * 43


@pytest.mark.parametrize(
    ("login", "nick"),
    [("ann", "ann"), ("ann.lee", "annlee"), ("7up", "up"), ("root", "root"), ("...", "guest"), ("server", "guest")],
)
def test_the_login_name_makes_a_valid_nick(login: str, nick: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options.getpass, "getuser", lambda: login)
    assert login_nick() == nick


def test_without_a_login_name_one_is_a_guest(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> Any:
        raise KeyError("uid 1000")

    monkeypatch.setattr(options.getpass, "getuser", nobody)
    assert login_nick() == "guest"


def test_forget_takes_one_address() -> None:
    forget = ForgetOptions()
    forget.parseOptions(["room-1"])
    assert forget.address == Address("room-1", 5555)
    with pytest.raises(usage.UsageError, match="Name one server"):
        ForgetOptions().parseOptions([])


def test_help_and_version_speak_of_lanchat(capsys: pytest.CaptureFixture[str]) -> None:
    assert str(JoinOptions()).startswith("Usage: lanchat join [HOST[:PORT]] [options]\n")
    with pytest.raises(SystemExit) as caught:
        parse("--version")
    assert caught.value.code == 0
    assert capsys.readouterr().out.startswith("lanchat ")
