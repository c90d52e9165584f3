"""A name that is one's own, in the browser: registering, logging in and out, several devices, private servers."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.live.servers import LOOPBACK, Server
from tests.live.talk import PATIENCE, Wire
from tests.live.web.conftest import Visitor, Visits, where
from tests.live.web.test_access import violations

Person = Callable[[str], Wire]
PASSWORD = "correct horse"


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start servers with options; all of them end with the test."""
    started: list[Server] = []

    def start(*options: str, port: str = LOOPBACK) -> Server:
        server = Server(tmp_path / f"server{len(started)}", "--port", port, "--rate", "0", *options)
        started.append(server)
        return server

    yield start
    for server in started:
        server.kill()


def registers(visitor: Visitor, *, keep: bool = False) -> None:
    """Make the name that one has one's own, with the dialog."""
    page = visitor.page
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("button", name="Register this name").click()
    page.get_by_label("Password, at least").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_label("Keep me logged in").set_checked(keep)
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(visitor.me).not_to_contain_text("guest")


def logs_in(visitor: Visitor, nick: str, password: str = PASSWORD, *, keep: bool = False) -> None:
    """Type a name that is registered, and the password that is asked for then."""
    page = visitor.page
    page.get_by_label("Your name").fill(nick)
    page.keyboard.press("Enter")
    secret = page.get_by_label("Password", exact=True)
    expect(secret).to_be_focused()
    page.get_by_label("Keep me logged in").set_checked(keep)
    secret.fill(password)
    secret.press("Enter")


def test_a_registered_name_is_asked_for_its_password(visits: Visits) -> None:
    """A wrong one is said to be; the right one leads in; what was typed besides stays."""
    alice = visits("ann1")
    registers(alice)
    other = visits()
    logs_in(other, "ann1", "wrong horse")
    expect(other.page.get_by_role("alert")).to_contain_text("no such name, or another password")
    expect(other.page.get_by_label("Your name")).to_have_value("ann1")
    expect(other.page.get_by_label("Password", exact=True)).to_have_value("")
    expect(other.page.get_by_label("Password", exact=True)).to_be_focused()
    other.page.get_by_label("Password", exact=True).fill(PASSWORD)
    other.page.keyboard.press("Enter")
    expect(other.box).to_be_visible()
    expect(other.me).not_to_contain_text("guest")


def test_who_takes_another_name_instead_is_a_guest(visits: Visits) -> None:
    """No password is asked for then."""
    registers(visits("ann2"))
    other = visits()
    other.page.get_by_label("Your name").fill("ann2")
    other.page.keyboard.press("Enter")
    expect(other.page.get_by_label("Password", exact=True)).to_be_visible()
    other.page.get_by_label("Your name").fill("betty")
    expect(other.page.get_by_label("Password", exact=True)).to_have_count(0)
    other.page.keyboard.press("Enter")
    expect(other.me).to_contain_text("guest")


def test_a_login_survives_a_reload_and_a_restart(
    chromium: Browser, servers: Callable[..., Server], tmp_path: Path
) -> None:
    """By the token, without a question; the password is kept nowhere, and nothing stands in the address."""
    first = servers("--data", str(tmp_path / "data"))
    alice = Visitor(chromium, where(first)).joins("alice")
    registers(alice, keep=True)
    alice.goes_to("#dev")
    alice.page.reload()
    expect(alice.entry("#dev")).to_have_attribute("aria-current", "true")
    expect(alice.me).not_to_contain_text("guest")
    host, port = first.address
    first.signal(signal.SIGTERM)
    first.ends()
    expect(alice.page.locator(".banner")).to_be_visible()
    servers("--data", str(tmp_path / "data"), port=f"tcp:{port}:interface={host}")
    alice.page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(alice.page.locator(".banner")).to_have_count(0)
    alice.says("here again")
    alice.hears("here again")
    kept = alice.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert PASSWORD not in kept
    assert alice.page.url == where(first)
    assert json.loads(json.loads(kept)[0]["lanchat.login"])["account"] == "alice"
    alice.context.close()
    assert alice.faults == []


def test_logging_out_forgets_the_login(visits: Visits) -> None:
    """All tabs of the browser are out, nothing reconnects, and the password is asked for again."""
    alice = visits("ann3")
    registers(alice, keep=True)
    tab = alice.context.new_page()
    tab.goto(alice.page.url)
    expect(tab.locator("#box")).to_be_visible()
    alice.page.get_by_role("button", name="Settings").click()
    alice.page.get_by_role("button", name="Log out", exact=True).click()
    for page in (alice.page, tab):
        expect(page.get_by_role("alert")).to_contain_text("You are logged out")
    alice.page.reload()
    expect(alice.page.get_by_label("Your name")).to_have_value("ann3")
    logs_in(alice, "ann3")
    expect(alice.box).to_be_visible()
    alice.says("/logout")
    expect(alice.page.get_by_role("alert")).to_contain_text("You are logged out")


def test_who_comes_next_finds_nothing_of_who_was_there(visits: Visits) -> None:
    """Neither what they typed, by the arrow keys, nor what they had not sent, nor their login."""
    alice = visits("ann10")
    registers(alice, keep=True)
    alice.says("her own words")
    alice.hears("her own words")
    waiting = [
        {"ref": "1", "op": {"op": "say", "room": "#lobby", "text": "not sent"}, "place": "#lobby", "typed": "x"}
    ]
    alice.page.get_by_role("button", name="Settings").click()
    alice.page.get_by_role("button", name="Log out", exact=True).click()
    expect(alice.page.get_by_role("alert")).to_contain_text("You are logged out")
    alice.page.evaluate("asked => sessionStorage.setItem('lanchat.asked', JSON.stringify(asked))", waiting)
    alice.page.reload()
    alice.joins("zed10")
    alice.says("mine")
    alice.hears("mine")
    expect(alice.line("not sent")).to_have_count(0)
    alice.box.press("ArrowUp")
    alice.box.press("ArrowUp")
    expect(alice.box).to_have_value("mine")
    assert "token" not in alice.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")


def test_logging_out_while_the_server_is_gone(
    chromium: Browser, servers: Callable[..., Server], tmp_path: Path
) -> None:
    """The browser forgets the login all the same."""
    server = servers("--data", str(tmp_path / "data"))
    alice = Visitor(chromium, where(server)).joins("alice")
    registers(alice, keep=True)
    server.signal(signal.SIGTERM)
    server.ends()
    expect(alice.page.locator(".banner")).to_be_visible()
    alice.page.get_by_role("button", name="Settings").click()
    alice.page.get_by_role("button", name="Log out everywhere").click()
    alice.hears("There is no connection just now.")
    alice.page.get_by_role("button", name="Settings").click()
    alice.page.get_by_role("button", name="Log out", exact=True).click()
    expect(alice.page.get_by_role("alert")).to_contain_text("You are logged out")
    assert "token" not in alice.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    alice.context.close()


def test_logging_out_everywhere(visits: Visits) -> None:
    """Another browser is at the entrance, too, and is asked for the password."""
    alice, other = visits("ann4"), visits()
    registers(alice)
    logs_in(other, "ann4", keep=True)
    expect(other.box).to_be_visible()
    alice.page.get_by_role("button", name="Settings").click()
    alice.page.get_by_role("button", name="Log out everywhere").click()
    expect(alice.page.get_by_role("alert")).to_contain_text("You are logged out")
    expect(other.page.get_by_role("alert")).to_contain_text("You are logged out")
    expect(other.page.get_by_label("Password", exact=True)).to_be_visible()


def test_another_password(visits: Visits) -> None:
    """The old one is asked for; from then on only the new one leads in."""
    alice = visits("ann5")
    registers(alice)
    page = alice.page
    for old in ("wrong horse", PASSWORD):
        if old != PASSWORD:
            page.get_by_role("button", name="Settings").click()
            page.get_by_role("button", name="Change password").click()
        page.get_by_label("Password until now").fill(old)
        page.get_by_label("New password").fill("battery staple")
        page.get_by_label("The same again").fill("battery stable" if old != PASSWORD else "battery staple")
        page.get_by_role("button", name="Change", exact=True).click()
        if old != PASSWORD:
            expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("not the same twice")
            page.get_by_label("The same again").fill("battery staple")
            page.get_by_role("button", name="Change", exact=True).click()
            expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("another password")
    expect(page.get_by_role("dialog")).to_have_count(0)
    alice.hears("Your password is changed.")
    other = visits()
    logs_in(other, "ann5", "battery staple")
    expect(other.box).to_be_visible()


def test_a_typed_password_is_kept_nowhere(visits: Visits) -> None:
    """Neither for the arrow keys, nor with what waits for the server; and it works as the dialog does."""
    alice = visits("ann6")
    alice.says(f"/register {PASSWORD}")
    alice.hears("You are logged in as ann6.")
    alice.box.press("ArrowUp")
    expect(alice.box).to_have_value("")
    assert PASSWORD not in alice.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")


def test_a_guest_who_logs_in_is_where_the_account_is(visits: Visits) -> None:
    """The rooms of the guest are gone from the list, those of the account are there."""
    alice = visits("ann7")
    registers(alice)
    alice.goes_to("#dev")
    guest = visits("visitor")
    guest.goes_to("#guests")
    guest.page.get_by_role("button", name="Settings").click()
    guest.page.get_by_role("button", name="Log in").click()
    guest.page.get_by_role("dialog").get_by_label("Your name").fill("ann7")
    guest.page.get_by_label("Password", exact=True).fill(PASSWORD)
    guest.page.get_by_role("button", name="Log in", exact=True).click()
    expect(guest.entry("#dev")).to_be_visible()
    expect(guest.entry("#guests")).to_have_count(0)
    expect(guest.me).to_contain_text("ann7")
    expect(alice.people.locator(".person")).to_have_count(1)


def test_two_browsers_are_one_person(visits: Visits, person: Person) -> None:
    """Own words, private words and rooms come to both; what is looked at stays, and nobody leaves with one of them."""
    bob, alice, other = person("bob"), visits("ann8"), visits()
    registers(alice)
    logs_in(other, "ann8")
    expect(other.box).to_be_visible()
    alice.says("from the one")
    other.hears("from the one")
    expect(other.line("from the one")).to_have_class("line said own")
    other.says("/msg bob psst")
    bob.hears("(private) <ann8> psst")
    alice.looks_at("bob")
    alice.hears("psst")
    alice.looks_at("#lobby")
    other.goes_to("#dev")
    expect(alice.entry("#dev")).to_be_visible()
    expect(alice.page.get_by_role("heading", name="#lobby")).to_be_visible()
    bob.says("/join #dev", "hello both")
    expect(alice.entry("#dev")).to_have_attribute("aria-label", "#dev, 1 unread")
    other.says("/part")
    expect(alice.entry("#dev")).to_have_count(0)
    other.context.close()
    bob.says("/say #lobby still there?")
    alice.hears("still there?")
    bob.says("/names #lobby")
    assert "ann8" in bob.hears("in #lobby: ")


def test_what_was_told_meanwhile_waits(visits: Visits) -> None:
    """In a view of its own, counted and in order, with what was said before."""
    alice, bob = visits("ann9"), visits("bob9")
    registers(alice)
    registers(bob)
    bob.says("/msg ann9 before")
    alice.looks_at("bob9")
    alice.hears("before")
    alice.page.get_by_role("button", name="Settings").click()
    alice.page.get_by_role("button", name="Leave the chat").click()
    expect(alice.page.get_by_label("Your name")).to_be_visible()
    bob.says("one", "two")
    bob.hears("one", "two")
    expect(bob.page.locator(".pending")).to_have_count(0)
    alice.page.get_by_label("Your name").press("Enter")
    expect(alice.entry("bob9")).to_have_attribute("aria-label", "bob9, 2 unread")
    alice.looks_at("bob9")
    alice.hears("before", "one", "two")
    texts = alice.log.locator(".line.said .text").all_inner_texts()
    assert texts == ["before", "one", "two"]


def test_a_private_server(chromium: Browser, servers: Callable[..., Server], tmp_path: Path) -> None:
    """The page asks for its password, says when it is wrong, and remembers it for this tab."""
    gate = tmp_path / "gate"
    gate.write_text("open sesame\n")
    gate.chmod(0o600)
    server = servers("--data", "none", "--password-file", str(gate))
    alice = Visitor(chromium, where(server))
    alice.page.get_by_label("Your name").fill("alice")
    alice.page.keyboard.press("Enter")
    secret = alice.page.get_by_label("Password of this server")
    expect(secret).to_be_focused()
    expect(alice.page.get_by_role("alert")).to_contain_text("This server is private.")
    secret.fill("wrong")
    secret.press("Enter")
    expect(alice.page.get_by_role("alert")).to_contain_text("not the password of this server")
    secret.fill("open sesame")
    secret.press("Enter")
    expect(alice.box).to_be_visible()
    alice.page.reload()
    alice.joins("alice")
    alice.context.close()
    assert alice.faults == []


def test_a_server_for_accounts_alone(chromium: Browser, servers: Callable[..., Server]) -> None:
    """The page asks for a password at once."""
    alice = Visitor(chromium, where(servers("--data", "none", "--accounts-only")))
    alice.page.get_by_label("Your name").fill("alice")
    alice.page.keyboard.press("Enter")
    expect(alice.page.get_by_role("alert")).to_contain_text("Only who has an account may come in here.")
    expect(alice.page.get_by_label("Password", exact=True)).to_be_focused()
    alice.context.close()
    assert alice.faults == []


@pytest.fixture
def from_afar() -> Iterator[Callable[[Server], str]]:
    """Let a page reach a server behind a proxy as from another machine, without TLS; gives the address."""
    listeners: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def run(function: Callable[..., None], *arguments: object) -> None:
        threads.append(threading.Thread(target=function, args=arguments, daemon=True))
        threads[-1].start()

    def carry(one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65_536):
                other.sendall(data)
        with contextlib.suppress(OSError):
            other.shutdown(socket.SHUT_WR)
        one.close()

    def accept(listener: socket.socket, address: tuple[str, int]) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, far = listener.accept()[0], socket.create_connection(address)
                far.sendall(b"PROXY TCP4 192.168.7.9 192.168.7.1 40000 5555\r\n")
                for ends in ((near, far), (far, near)):
                    run(carry, *ends)

    def reach(server: Server) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        run(accept, listener, server.address)
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"

    yield reach
    for listener in listeners:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
    for thread in threads:
        thread.join(PATIENCE)


@pytest.mark.parametrize("tls", [True, False])
def test_where_others_could_read_a_password_none_is_sent(
    chromium: Browser,
    servers: Callable[..., Server],
    from_afar: Callable[[Server], str],
    certificates: Path,
    tls: bool,
) -> None:
    """The page leads to the address with https, if there is one, and lets people in as guests."""
    options = ["--certificate", str(certificates / "server.pem")] if tls else []
    server = servers("--data", "none", *options, port=f"haproxy:{LOOPBACK}")
    alice = Visitor(chromium, "about:blank")
    sent: list[str] = []
    alice.page.on("websocket", lambda line: line.on("framesent", lambda frame: sent.append(str(frame))))
    address = from_afar(server)
    alice.page.goto(address)
    told = alice.page.get_by_role("status")
    alice.page.get_by_label("Your name").fill("alice")
    alice.page.get_by_role("button", name="Log in with a password").click()
    expect(told).to_contain_text("Others could read your password on this address")
    expect(alice.page.get_by_label("Password", exact=True)).to_have_count(0)
    link = alice.page.get_by_role("link")
    if tls:
        expect(link).to_have_attribute("href", address.replace("http:", "https:"))
    else:
        expect(told).to_contain_text("this server has none with https")
        expect(link).to_have_count(0)
    assert violations(alice) == []
    alice.page.get_by_label("Your name").press("Enter")
    expect(alice.me).to_contain_text("guest")
    alice.page.get_by_role("button", name="Settings").click()
    alice.page.get_by_role("button", name="Register this name").click()
    dialog = alice.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Others could read your password on this address")
    expect(dialog.get_by_role("textbox")).to_have_count(0)
    assert violations(alice) == []
    alice.page.keyboard.press("Escape")
    alice.says(f"/register {PASSWORD}")
    alice.hears("Others could read your password on this address")
    assert PASSWORD not in "".join(sent)
    alice.context.close()
    assert alice.faults == []
