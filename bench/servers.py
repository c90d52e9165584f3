"""The servers that are measured: how each is started, and what a client says to it first.

A server is one line in `SERVERS`. Its command must stay in the foreground in ONE process (that
process is measured), listen on 127.0.0.1 only, and have flood limits, connection limits for each
address and log lines for each message switched off: they are off for all the others too.
"""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable
from dataclasses import dataclass

from place import SOURCES, Place, SetupError

Command = Callable[[Place, int, bool], list[str]]
"""(where things are, the port, whether with TLS) → the command line."""


@dataclass(frozen=True)
class Server:
    """One server. `flags` tell the generator what a client says; see the head of chatload.c."""

    name: str
    command: Command
    flags: tuple[str, ...] = ()
    dialect: str = "line"
    tls: bool = True
    keeps: bool = False
    """Whether it has a journal on the disk: in a folder of its name, which is new each time."""


def endpoint(place: Place, port: int, tls: bool) -> str:
    """Twisted's server endpoint; the backlog lets thousands connect at once."""
    where = f"{port}:interface=127.0.0.1:backlog=4096"
    return f"ssl:{where}:privateKey={place.key}:certKey={place.certificate}" if tls else f"tcp:{where}"


def lanchat(name: str = "", option: str = "--port") -> Command:
    """With a journal on the disk, in a folder of this name, or else in memory; ``option`` opens the port."""

    def command(place: Place, port: int, tls: bool) -> list[str]:
        data = str(place.data / name) if name else "none"
        options = ["--data", data, "--rate", "0", "--max-per-address", "0"]
        twistd = [place.script("twistd"), "-n", "--pidfile=", "lanchat"]
        return [*twistd, *options, option, endpoint(place, port, tls)]

    return command


def naive(place: Place, port: int, tls: bool) -> list[str]:
    return [str(place.python), str(SOURCES / "naive.py"), endpoint(place, port, tls)]


def limit(how: str) -> Command:
    return lambda place, port, _tls: [str(place.limit), str(port), how]


def installed(name: str) -> str:
    """The program of a Debian package of the same name."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/bin")
    if path is None:
        raise SetupError(f"{name} is not installed: apt-get install ngircd inspircd")
    return path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ngircd(place: Place, port: int, tls: bool) -> list[str]:
    program = installed("ngircd")
    config = place.directory("ngircd") / "ngircd.conf"
    config.write_text(NGIRCD.format(port=free_port() if tls else port))
    if tls:
        with config.open("a") as file:
            file.write(NGIRCD_TLS.format(place=place, port=port))
    return [program, "-n", "-f", str(config)]


def inspircd(place: Place, port: int, tls: bool) -> list[str]:
    program = installed("inspircd")
    directory = place.directory("inspircd")
    config = directory / "inspircd.conf"
    module = INSPIRCD_TLS.format(place=place) if tls else ""
    profile = 'sslprofile="bench"' if tls else ""
    config.write_text(INSPIRCD.format(directory=directory, port=port, module=module, profile=profile))
    return [program, "--runasroot", "--nofork", "--config", str(config)]


NGIRCD = """\
[Global]
Name = irc.bench.test
Info = bench
AdminInfo1 = bench
AdminInfo2 = bench
AdminEMail = bench@bench.test
MotdPhrase = "bench"
Listen = 127.0.0.1
Ports = {port}
[Limits]
ConnectRetry = 600
IdleTimeout = 0
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxNickLength = 30
MaxListSize = 100
MaxPenaltyTime = 0
PingTimeout = 3600
PongTimeout = 600
[Options]
AllowRemoteOper = no
ChrootDir =
CloakHost =
ConnectIPv6 = no
DefaultUserModes =
DNS = no
Ident = no
PAM = no
RequireAuthPing = no
MorePrivacy = no
"""

NGIRCD_TLS = """\
[SSL]
CertFile = {place.certificate}
KeyFile = {place.key}
Ports = {port}
"""

INSPIRCD = """\
<config format="xml">
{module}
<server name="irc.bench.test" description="bench" network="Bench" id="001">
<admin name="bench" nick="bench" email="bench@bench.test">
<bind address="127.0.0.1" port="{port}" type="clients" {profile}>
<power diepass="" restartpass="">
<connect name="all" allow="*" timeout="120" pingfreq="3600" registration="120" hardsendq="512M"
 softsendq="256M" recvq="1M" threshold="100000000" commandrate="1000000000" fakelag="no"
 localmax="100000" globalmax="100000" maxconnwarn="no" resolvehostnames="no" useident="no"
 usednsbl="no" limit="100000" maxchans="100" modes="">
<class name="none" commands="">
<channels users="100" opers="100">
<dns server="127.0.0.1" timeout="1">
<pid file="{directory}/inspircd.pid">
<options prefixquit="Quit: " syntaxhints="no" cyclehostsfromuser="no" announcets="no" hostintopic="yes"
 pingwarning="15" serverpingfreq="3600" defaultmodes="nt" moronbanner="no" exemptchanops="">
<performance netbuffersize="65534" maxwho="4096" somaxconn="4096" softlimit="100000" clonesonconnect="no"
 quietbursts="yes" nouserdns="yes" timeskipwarn="0">
<security announceinvites="dynamic" hidemodes="eI" hideulines="no" flatlinks="no" hidewhois="" hidebans="no"
 hidekills="" hidesplits="no" maxtargets="20" runasuser="" runasgroup="">
<limits maxnick="31" maxchan="64" maxmodes="20" maxident="12" maxquit="255" maxtopic="307" maxkick="255"
 maxgecos="128" maxaway="200" maxline="512">
<log method="file" type="* -USERINPUT -USEROUTPUT" level="default" target="{directory}/inspircd.log">
<whowas groupsize="1" maxgroups="10" maxkeep="1d">
"""

INSPIRCD_TLS = """\
<module name="ssl_gnutls">
<sslprofile name="bench" provider="gnutls" certfile="{place.certificate}" keyfile="{place.key}"
 mindhbits="1024" hash="sha256">
"""

TEXT = ("--send", r"{nick}\n", "--expect", "You are", "--msg", r"{text}\n")
JSON = (
    *("--send", r'{"op":"hello","nick":"{nick}"}\n', "--expect", '"welcome"'),
    *("--msg", r'{"op":"say","room":"#lobby","text":"{text}"}\n', "--tail", '"}', "--echo"),
)

SERVERS = {
    server.name: server
    for server in (
        Server("naive", naive),
        Server("ngircd", ngircd, dialect="irc"),
        Server("inspircd", inspircd, dialect="irc"),
        Server("c-coalesce", limit("coalesce"), tls=False),
        Server("c-permsg", limit("permsg"), tls=False),
        Server("lanchat", lanchat(), TEXT),
        Server("lanchat-disk", lanchat("lanchat-disk"), TEXT, keeps=True),
        Server("lanchat-json", lanchat(), JSON),
        Server("lanchat-web", lanchat(), (*JSON, "--ws")),
        Server("lanchat-irc", lanchat(option="--irc"), dialect="irc"),
        Server("lanchat-json-disk", lanchat("lanchat-json-disk"), JSON, keeps=True),
    )
}
