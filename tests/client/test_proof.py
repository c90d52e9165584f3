from __future__ import annotations

from pathlib import Path

import pytest

from lanchat.client.known_logins import KnownLogins
from lanchat.client.proof import Proof, Secret

TOKEN = "t-" + "x" * 30


@pytest.fixture
def logins(tmp_path: Path) -> KnownLogins:
    return KnownLogins(tmp_path / "logins")


def test_a_token_is_for_the_server_that_it_came_from(logins: KnownLogins) -> None:
    server = "SHA256:a"
    proof = Proof(logins, lambda: server)
    assert proof.hello("ann") == {}
    proof.logged_in("ann", TOKEN)
    assert proof.hello("Ann") == {"token": TOKEN}
    assert (proof.hello("bob"), proof.last()) == ({}, "ann")
    server = "SHA256:b"
    assert (proof.hello("ann"), proof.last()) == ({}, "")
    server = ""
    assert (proof.hello("ann"), proof.last()) == ({}, "")
    proof.logged_in("eve", TOKEN)
    assert "eve" not in logins.path.read_text()


def test_a_password_goes_before_a_token_and_is_used_for_one_login(logins: KnownLogins) -> None:
    proof = Proof(logins, lambda: "s")
    proof.logged_in("ann", TOKEN)
    proof.give(Secret.PASSWORD, "pw")
    assert proof.hello("ann") == {"password": "pw"}
    proof.taken()
    assert proof.hello("ann") == {"token": TOKEN}


def test_the_password_of_a_server_is_said_again_to_that_server_only() -> None:
    for identity, again in (("s", {"server_password": "sesame"}), ("", {})):
        proof = Proof(None, lambda identity=identity: identity)
        assert proof.wanted("no-password") is Secret.SERVER_PASSWORD
        proof.give(Secret.SERVER_PASSWORD, "sesame")
        assert proof.hello("ann") == {"server_password": "sesame"}
        proof.taken()
        assert proof.hello("ann") == again


def test_a_wrong_one_is_forgotten_and_asked_for_again() -> None:
    proof = Proof()
    assert proof.wanted("nick-registered") is proof.wanted("no-guests") is Secret.PASSWORD
    assert proof.wanted("nick-taken") is None
    assert proof.wanted("too-many-tries") is None
    for secret in Secret:
        proof.give(secret, "wrong")
        proof.hello("ann")
        assert proof.wanted("bad-password") is secret
        assert proof.hello("ann") == {}


def test_what_a_program_has_is_tried_once_for_each_time_that_we_come_in() -> None:
    proof = Proof(spare={Secret.PASSWORD: "pw", Secret.SERVER_PASSWORD: ""})
    assert not proof.has_spare(Secret.SERVER_PASSWORD)
    assert proof.has_spare(Secret.PASSWORD)
    assert proof.hello("ann") == {"password": "pw"}
    assert not proof.has_spare(Secret.PASSWORD)
    proof.taken()
    assert proof.has_spare(Secret.PASSWORD)


def test_a_login_is_forgotten(logins: KnownLogins) -> None:
    proof = Proof(logins, lambda: "s")
    for nick in ("ann", "bob"):
        proof.logged_in(nick, TOKEN + nick)
    proof.forget()
    assert (proof.hello("ann"), proof.hello("bob")) == ({"token": TOKEN + "ann"}, {})
    proof.forget("ann")
    assert logins.path.read_text() == ""
    Proof().forget("ann")
    Proof(None, lambda: "s").forget("ann")


def test_where_nothing_can_be_kept_that_is_said_and_a_bad_token_is_not_tried_for_ever(
    logins: KnownLogins, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    proof = Proof(logins, lambda: "s")
    proof.trouble = said.append
    proof.logged_in("ann", TOKEN)

    def read_only(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(KnownLogins, "_write", read_only)
    proof.forget("ann")
    assert said == [f"The login cannot be kept in {logins.path} (Read-only file system)."]
    assert proof.hello("ann") == {}
    monkeypatch.setattr(KnownLogins, "_entries", read_only)
    assert (proof.hello("ann"), proof.last()) == ({}, "")
