"""The IRC clients that people have, on terminals, in one room with a person who has nc."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme

from lanchat.certs import fingerprint
from tests.live.conftest import Dials, Runs, Starts
from tests.live.servers import LOOPBACK, Server
from tests.live.talk import need
from tests.live.tmux import Tmux

Clients = Callable[..., Tmux]
COLUMNS = 120


@pytest.fixture
def clients(tmp_path: Path) -> Iterator[Clients]:
    """Open clients on terminals of their own: ``clients("irssi", …)``."""
    opened: list[Tmux] = []
    with tempfile.TemporaryDirectory() as directory:  # a socket's path has to be short

        def start(*command: str) -> Tmux:
            place = Path(directory) / str(len(opened))
            place.mkdir()
            kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "TZ")}
            home = tmp_path / str(len(opened))
            home.mkdir()
            tmux = Tmux(place, {**kept, "HOME": str(home)}, *command, columns=COLUMNS)
            opened.append(tmux)
            return tmux

        yield start
        for tmux in opened:
            tmux.close()


def irssi(clients: Clients, server: Server, nick: str) -> Tmux:
    """Somebody with irssi, who looks at the lobby."""
    host, port = server.address
    client = clients(need("irssi"), "-c", host, "-p", str(port), "-n", nick)
    client.sees("[Act: 2")
    enter(client, "/join #lobby")
    client.sees("[#lobby]")
    return client


def weechat(clients: Clients, server: Server, nick: str, *settings: str, tls: bool = False) -> Tmux:
    """Somebody with WeeChat, who looks at the lobby, with all the capabilities that it knows."""
    host, port = server.address
    commands = [
        f"/server add lan {host}/{port} -nicks={nick}",
        *[f"/set irc.server.lan.{name} {'on' if tls else 'off'}" for name in ("ssl", "tls")],  # 4.0 renamed it
        '/set irc.server_default.capabilities "*"',
        "/set weechat.look.paste_max_lines -1",
        "/set irc.server.lan.autoreconnect_delay 1",
        *settings,
        "/connect lan",
    ]
    client = clients(need("weechat"), *[word for command in commands for word in ("-r", command)])
    client.sees(f"[{nick}", "2:#lobby")
    return client


def enter(client: Tmux, line: str) -> None:
    """Type a line and Enter."""
    client.types(line)
    client.presses("Enter")


def test_irssi_weechat_and_a_person_with_nc_share_a_room(server: Server, dials: Dials, clients: Clients) -> None:
    """Both directions: words, actions, private messages, a new nick, a topic, a kick."""
    bob = dials(server.address).joins("bob")
    ivy = irssi(clients, server, "ivy")
    bob.hears("-- ivy joined #lobby\n")
    wanda = weechat(clients, server, "wanda")
    bob.hears("-- wanda joined #lobby\n")

    bob.says("hello from nc: héé 日本")
    ivy.sees("< bob> hello from nc: héé 日本")
    wanda.sees("hello from nc: héé 日本")
    bob.says("/me waves")
    ivy.sees("* bob waves")
    wanda.sees("bob waves")

    enter(ivy, "hello from irssi")
    bob.hears("<ivy> hello from irssi\n")
    wanda.sees("hello from irssi")
    enter(wanda, "/me sings")
    bob.hears("* wanda sings\n")
    ivy.sees("* wanda sings")

    enter(ivy, "/msg bob psst")
    bob.hears("(private) <ivy> psst\n")
    bob.says("/msg wanda and you?")
    wanda.sees("3.  bob")
    enter(wanda, "/buffer bob")
    wanda.sees("and you?")
    enter(wanda, "yes!")
    bob.hears("(private) <wanda> yes!\n")
    enter(wanda, "/buffer #lobby")
    wanda.sees("hello from nc")

    enter(ivy, "/nick ivana")
    bob.hears("-- ivy is now ivana\n")
    wanda.sees("ivy is now known as ivana")
    bob.says("/nick rob")
    ivy.sees("bob is now known as rob")

    enter(wanda, "/topic exam at nine")
    bob.hears("-- wanda set the topic of #lobby: exam at nine\n")
    ivy.sees("exam at nine")


def test_a_room_of_irssi_is_ruled_from_every_side(server: Server, dials: Dials, clients: Clients) -> None:
    """Who made a room is op there; modes, invitations and kicks are the same in words and in letters."""
    bob = dials(server.address).joins("bob")
    ivy = irssi(clients, server, "ivy")
    wanda = weechat(clients, server, "wanda")
    enter(ivy, "/join #dev")
    ivy.sees("[@ivy(")
    enter(ivy, "/mode #dev +i")
    ivy.sees("mode/#dev [+i] by ivy")
    bob.hears("-- wanda joined #lobby\n")
    bob.says("/join #dev")
    bob.hears("-- ")
    enter(ivy, "/invite bob")
    bob.hears("-- ivy invites you to #dev: /join #dev\n")
    bob.says("/join #dev")
    bob.hears("-- You are bob, in #dev with ivy.")
    ivy.sees("bob [")
    enter(ivy, "/op bob")
    bob.hears("-- ivy made bob an op of #dev\n")
    bob.says("/unlock")
    ivy.sees("mode/#dev [-i] by bob")
    enter(wanda, "/join #dev")
    wanda.sees("3:#dev")
    bob.hears("-- wanda joined #dev\n")
    bob.says("/kick wanda enough")
    wanda.sees("bob has kicked wanda (enough)")
    ivy.sees("wanda was kicked from #dev by bob [enough]")
    enter(wanda, "/join #dev")
    bob.hears("-- wanda joined #dev\n")
    enter(ivy, "/kick wanda again")
    bob.hears("-- ivy removed wanda from #dev (again)\n")


def test_what_those_in_charge_do_reads_well(starts: Starts, dials: Dials, clients: Clients) -> None:
    """A founder, a mute, a ban list, a message that is taken away, and what is refused, in irssi and WeeChat."""
    server = starts("--port", LOOPBACK)
    bob = dials(server.address).joins("bob")
    bob.says("/register correct-horse")
    bob.says("/join #dev")
    bob.hears("in #dev")
    ivy, wanda = irssi(clients, server, "ivy"), weechat(clients, server, "wanda")
    bob.hears("-- wanda joined #lobby\n")
    for client, nick in ((ivy, "ivy"), (wanda, "wanda")):
        enter(client, "/join #dev")
        bob.hears(f"-- {nick} joined #dev\n")
    ivy.sees("[~bob]")
    wanda.sees("3:#dev", "~bob")
    bob.says("/op ivy")
    bob.says("/mute 10m wanda shouting")
    bob.says("/ban 5m zoe*!*@* adverts")
    for client in (ivy, wanda):
        client.sees("+o ivy] by bob", "[+b m:wanda!*@*] by bob")
    enter(ivy, "/mode #dev b")
    ivy.sees("ban m:wanda!*@* [by bob", "ban zoe*!*@* [by bob", "#dev End of channel ban list")
    enter(wanda, "can I speak?")
    wanda.sees("You are muted in #dev until", "(shouting). Ask one of its ops.")
    bob.says("buy this")
    for client in (ivy, wanda):
        client.sees("buy this")
    enter(ivy, "/quote DELETE bob adverts")
    for client in (ivy, wanda):
        client.sees("-- ivy took a message", "(adverts)")
    enter(ivy, "/kick bob")
    ivy.sees("only another")
    enter(wanda, "/quote UNMUTE wanda")
    enter(wanda, "/buffer 1")
    wanda.sees("Only an op of #dev may do that.")


def test_weechat_over_tls_is_shown_what_it_missed(
    starts: Starts, dials: Dials, clients: Clients, certificates: Path
) -> None:
    """Over TLS with the key pinned; after a restart it comes back by itself, and history has what was said."""
    options = ["--certificate", str(certificates / "server.pem"), "--irc", LOOPBACK]
    server = starts("--port", LOOPBACK, *options)
    bob = dials(server.address).joins("bob")
    pins = [f"/set irc.server.lan.{name}_fingerprint {_pin(certificates)}" for name in ("ssl", "tls")]
    wanda = weechat(clients, server, "wanda", *pins, tls=True)
    bob.hears("-- wanda joined #lobby\n")
    bob.says("/whois wanda")
    bob.hears("by irc+tls")
    bob.says("secret words")
    wanda.sees("secret words")
    enter(wanda, "/disconnect lan")
    bob.hears("-- wanda left")
    bob.says("you missed this")
    enter(wanda, "/connect lan")
    wanda.sees("you missed this")


def test_a_client_comes_back_by_itself(starts: Starts, dials: Dials, clients: Clients) -> None:
    """When the server was away, WeeChat reconnects, and is in its room again."""
    server = starts("--port", LOOPBACK)
    wanda = weechat(clients, server, "wanda")
    port = server.address[1]
    server.kill()
    wanda.sees("2:(#lobby)")
    again = starts("--port", f"tcp:{port}:interface=127.0.0.1")
    wanda.sees("2:#lobby")
    bob = dials(again.address).joins("bob")
    bob.says("welcome back")
    wanda.sees("welcome back")


def test_sic_on_the_plain_port(server: Server, dials: Dials, runs: Runs) -> None:
    """Sic speaks no capability at all, and is served as well."""
    bob = dials(server.address).joins("bob")
    host, port = server.address
    sic = runs(need("sic"), "-h", host, "-p", str(port), "-n", "sid")
    bob.hears("-- sid joined #lobby\n")
    bob.says("hi sid")
    sic.hears("<bob> hi sid")
    sic.says(":m #lobby hello bob")
    bob.hears("<sid> hello bob\n")
    sic.says(":m bob psst")
    bob.hears("(private) <sid> psst\n")
    bob.says("/r yes?")
    sic.hears("<bob> yes?")


PASSWORD = "correct-horse"


def test_weechat_logs_in_by_sasl_and_nc_is_the_same_person(
    starts: Starts, dials: Dials, clients: Clients, certificates: Path
) -> None:
    """Whatever nick it was set to, it is the account's; both clients show what either says, in private too."""
    server = starts("--port", LOOPBACK, "--certificate", str(certificates / "server.pem"))
    bob = dials(server.address).joins("bob")
    pins = [f"/set irc.server.lan.{name}_fingerprint {_pin(certificates)}" for name in ("ssl", "tls")]
    wanda = weechat(clients, server, "wanda", *pins, tls=True)
    bob.hears("-- wanda joined #lobby\n")
    enter(wanda, f"/msg NickServ REGISTER {PASSWORD}")
    enter(wanda, "/buffer 1")
    wanda.sees("wanda is yours now, and you are logged in.")
    enter(wanda, "/disconnect lan")
    bob.hears("-- wanda left")
    for setting in ("nicks somebody", "sasl_username wanda", f"sasl_password {PASSWORD}"):
        enter(wanda, f"/set irc.server.lan.{setting}")
    enter(wanda, "/connect lan")
    bob.hears("-- wanda joined #lobby\n")
    bob.says("/whois wanda")
    bob.hears("Logged in as wanda")
    enter(wanda, "/buffer #lobby")
    wanda.sees("[wanda")

    other = dials(server.address)
    other.hears("Type your name")
    other.says(f"/login wanda {PASSWORD}")
    other.hears("-- You are wanda, in #lobby with bob.")
    other.says("hello from nc")
    wanda.sees("hello from nc")
    enter(wanda, "hello from WeeChat")
    other.hears("<wanda> hello from WeeChat\n")
    bob.hears("<wanda> hello from nc\n")
    other.says("/msg bob psst from nc")
    bob.hears("(private) <wanda> psst from nc\n")
    wanda.sees("3.  bob")
    other.says("/join #dev")
    wanda.sees("#dev")
    other.says("/quit")
    enter(wanda, "/buffer #lobby")
    enter(wanda, "still here")
    bob.hears("<wanda> still here\n")


def test_weechat_logs_in_by_its_certificate(
    starts: Starts, dials: Dials, clients: Clients, certificates: Path, tmp_path: Path
) -> None:
    """SASL EXTERNAL: the certificate is made the account's once, and then no password is needed."""
    server = starts("--port", LOOPBACK, "--certificate", str(certificates / "server.pem"))
    bob = dials(server.address).joins("bob")
    own = tmp_path / "wanda.pem"
    trustme.CA().issue_cert("wanda").private_key_and_cert_chain_pem.write_to_path(own)
    settings = [f"/set irc.server.lan.{name}_fingerprint {_pin(certificates)}" for name in ("ssl", "tls")]
    settings += [f"/set irc.server.lan.{name}_cert {own}" for name in ("ssl", "tls")]
    wanda = weechat(clients, server, "wanda", *settings, tls=True)
    bob.hears("-- wanda joined #lobby\n")
    enter(wanda, f"/msg NickServ REGISTER {PASSWORD}")
    enter(wanda, "/buffer 1")
    wanda.sees("wanda is yours now, and you are logged in.")
    enter(wanda, "/quote CERT ADD")
    wanda.sees("This certificate logs you in from now on:")
    enter(wanda, "/disconnect lan")
    bob.hears("-- wanda left")
    enter(wanda, "/set irc.server.lan.sasl_mechanism external")
    enter(wanda, "/connect lan")
    bob.hears("-- wanda joined #lobby\n")
    bob.says("/whois wanda")
    bob.hears("Logged in as wanda")


def test_irssi_logs_in_by_sasl(starts: Starts, dials: Dials, clients: Clients, certificates: Path) -> None:
    """Over TLS; before it does, it is told whose the nick is, and takes another one by itself."""
    server = starts("--port", LOOPBACK, "--certificate", str(certificates / "server.pem"))
    ivy = dials(server.address).joins("ivy")
    ivy.says(f"/register {PASSWORD}")
    ivy.hears("ivy")
    bob = dials(server.address).joins("bob")
    host, port = server.address
    client = clients(need("irssi"), "-n", "ivy")
    enter(client, f"/connect -tls {host} {port}")
    bob.hears("-- ivy_ joined #lobby\n")
    enter(client, f"/network add -sasl_username ivy -sasl_password {PASSWORD} -sasl_mechanism PLAIN lan")
    enter(client, f"/server add -tls -notls_verify -network lan {host} {port}")
    enter(client, "/disconnect")
    bob.hears("-- ivy_ left")
    enter(client, "/connect lan")
    client.sees("SASL authentication succeeded", "[ivy(")
    bob.says("/msg ivy hi ivy")
    ivy.hears("(private) <bob> hi ivy\n")
    enter(client, "/query bob")
    client.sees("<bob> hi ivy")
    enter(client, "hello from irssi")
    bob.hears("(private) <ivy> hello from irssi\n")
    ivy.hears("hello from irssi")


def _pin(certificates: Path) -> str:
    """Give what WeeChat pins: the SHA-256 of the certificate, in hex."""
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256

    found = x509.load_pem_x509_certificate((certificates / "server.pem").read_bytes())
    assert fingerprint(found)
    return found.fingerprint(SHA256()).hex()
