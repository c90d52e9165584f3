"""Ports from their description: a Twisted server endpoint string.

Twisted reads it too late and explains it too little for somebody who mistyped it, and its own ``ssl:`` keeps the
certificate it started with; so strings are checked here, one sentence for each thing that can be wrong, and
``ssl:`` is a plain port and the TLS that goes on it.  Nothing here stays open.
"""

from __future__ import annotations

import errno
import ipaddress
import os
import re
import socket
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from twisted.internet import endpoints
from twisted.internet.interfaces import IStreamServerEndpoint
from twisted.protocols.haproxy import proxyEndpoint

from lanchat.tls import ReloadableContext, TlsError

__all__ = ["EndpointError", "server_endpoint", "split", "try_ports", "why_not"]

#: Connections that may wait to be accepted. Twisted's 50 turns people away when thousands come at once.
BACKLOG = "1024"


class EndpointError(Exception):
    """A description is no port; the text is a sentence that says what is wrong with it, and a right one."""


#: What may stand between the colons of each type, in the order in which Twisted takes what has no name.
_WORDS = {
    "tcp": ("port", "interface", "backlog"),
    "tcp6": ("port", "backlog", "interface"),
    "ssl": (
        *("port", "privateKey", "certKey", "sslmethod", "interface", "backlog"),
        *("extraCertChain", "dhParameters"),
    ),
    "unix": ("address", "mode", "backlog", "lockfile"),
    "systemd": ("domain", "index", "name"),
}
_EXAMPLES = {
    "tcp": "tcp:5555",
    "tcp6": r"tcp6:5555:interface=\:\:1",
    "ssl": "ssl:5556:privateKey=certs/server.pem",
    "unix": "unix:/run/lanchat/chat.sock",
    "systemd": "systemd:domain=INET:name=lanchat",
}
_REFUSED = {
    "tls": f"tls: would hang at a CA in its directory; write {_EXAMPLES['ssl']}.",
    "stdio": f"stdio: is no port that others can join; write {_EXAMPLES['tcp']}.",
    "haproxy": "haproxy: stands once before another endpoint, as in haproxy:tcp:5555.",
}


def _is_address(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return text == "localhost"


#: What a word's value must be: a test, and how a person would say it.
_CHECKS: dict[str, tuple[Callable[[str], object], str]] = {
    "port": (lambda text: re.fullmatch("[0-9]{1,5}", text) and int(text) < 65536, "a number up to 65535"),
    "backlog": (re.compile("[1-9][0-9]{0,8}").fullmatch, "a number of connections"),
    "interface": (_is_address, "an IP address of this machine without brackets"),
    "mode": (re.compile("[0-7]{3,4}").fullmatch, "an octal number like 660"),
    "lockfile": (re.compile("[01]").fullmatch, "0 or 1"),
    "domain": (re.compile("INET|INET6|UNIX").fullmatch, "INET, INET6 or UNIX"),
    "index": (re.compile("[0-9]{1,4}").fullmatch, "a number"),
    "sslmethod": (lambda _: False, "left out, because TLS 1.2 and 1.3 are all that is spoken"),
    "dhParameters": (lambda _: False, "left out, because only elliptic curves are used"),
}


def server_endpoint(reactor: Any, description: str) -> tuple[IStreamServerEndpoint, ReloadableContext | None]:
    """The port that a Twisted server endpoint string describes, and the TLS to put on it when it is ``ssl:``.

    Like `endpoints.serverFromString`, but the port is plain even then (doors/straight.py puts the TLS on it, so
    that it can be reloaded), and where no backlog is named it is 1024.
    Behind ``haproxy:`` TLS begins after the PROXY header, as proxies send it: the header comes before all
    else (proxy-protocol.txt section 2), while Twisted's own ``haproxy:ssl:`` looks for it inside the TLS.
    ``tls:`` is refused: that endpoint spins for ever when its directory holds a CA. Raises `EndpointError`.
    """
    head, _, rest = description.partition(":")
    behind_proxy = head.lower() == "haproxy"
    context = None
    try:
        inner = (rest or head) if behind_proxy else description
        kind, values = _read_description(inner)
        endpoint: IStreamServerEndpoint = _listener(reactor, inner, kind, values)
        if kind == "ssl":
            context = _context(values)
    except (ValueError, TlsError) as error:
        raise EndpointError(str(error)) from error
    if behind_proxy:
        endpoint = proxyEndpoint(endpoint)
    return endpoint, context


def try_ports(descriptions: Sequence[str]) -> list[tuple[int, OSError]]:
    """Which ports (by their places) cannot be had just now, and why: found out before a daemon leaves its terminal.

    All are tried together, so that the same one twice is found too. What only Twisted knows how to open
    (systemd's sockets, plugins) is not tried.
    """
    problems: list[tuple[int, OSError]] = []
    with ExitStack() as stack:
        for number, description in enumerate(descriptions):
            try:
                _try(description, stack)
            except OSError as error:
                problems.append((number, error))
    return problems


def _try(description: str, stack: ExitStack) -> None:
    head, _, rest = description.partition(":")
    kind, values = _read_description(rest if head.lower() == "haproxy" else description)
    if kind == "unix":
        directory = Path(values["address"]).parent
        if not directory.is_dir():
            raise FileNotFoundError(errno.ENOENT, f"there is no directory {directory}")
        if not os.access(directory, os.W_OK):
            raise PermissionError(errno.EACCES, f"{directory} cannot be written")
        probe = stack.enter_context(socket.socket(socket.AF_UNIX))
        if probe.connect_ex(values["address"]) == 0:
            raise OSError(errno.EADDRINUSE, "somebody answers there")
    elif kind in ("tcp", "tcp6", "ssl") and values["port"].strip("0"):
        interface = values.get("interface", "::" if kind == "tcp6" else "")
        family = socket.AF_INET6 if ":" in interface else socket.AF_INET
        probe = stack.enter_context(socket.socket(family))
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((interface, int(values["port"])))
        probe.listen(1)


def why_not(error: OSError) -> str:
    """What a port's error means, and the cure."""
    match error.errno:
        case errno.EADDRINUSE:
            return "in use. Stop the other program, or take another port."
        case errno.EADDRNOTAVAIL:
            return "this machine has no such address. Leave interface= out to listen on all."
        case errno.EACCES:
            return f"{error.strerror}. Take a port above 1023, or a place that you may write to."
        case _:
            return f"{error.strerror or error}. Take another one."


def split(description: str) -> list[tuple[str | None, str]]:
    r"""The parts of an endpoint string, each with its name or None: ``tcp:5555:interface=\:\:1``.

    Parts end at a colon, a name at the part's first ``=``, and a backslash takes the next character as it is
    (the rules of `endpoints.serverFromString`). Raises `ValueError` at a backslash with nothing behind it.
    """
    parts: list[tuple[str | None, str]] = []
    name, value = None, ""
    characters = iter(description)
    for character in characters:
        if character == ":":
            parts.append((name, value))
            name, value = None, ""
        elif character == "=" and name is None:
            name, value = value, ""
        elif character == "\\":
            following = next(characters, None)
            if following is None:
                raise ValueError(r"the backslash at the end stands before nothing; write \\ for one.")
            value += following
        else:
            value += character
    return [*parts, (name, value)]


def _read_description(description: str) -> tuple[str, dict[str, str]]:
    """The type of an endpoint, and the values of its words, checked. `ValueError` says what is wrong."""
    (_, kind), *parts = split(description)
    kind = kind.lower()
    if kind in _REFUSED:
        raise ValueError(_REFUSED[kind])
    if kind not in _WORDS:
        return kind, {}  # of a plugin, which knows its own words
    words, example = _WORDS[kind], _EXAMPLES[kind]
    values: dict[str, str] = {}
    for position, (name, value) in enumerate(parts):
        word = name
        if word is None:
            if position >= len(words) or any(earlier for earlier, _ in parts[:position]):
                raise ValueError(
                    r"there is a colon too many; one inside an address or a path is written \:, "
                    r"as in tcp6:5555:interface=\:\:1."
                )
            word = words[position]
        if word not in words:
            raise ValueError(f'there is no "{word}" but {", ".join(words)}, as in {example}.')
        if word in values:
            raise ValueError(f"{word} is given twice; give it once, as in {example}.")
        values[word] = value
    for word, value in values.items():
        passes, what = _CHECKS.get(word, (bool, "given"))
        if not passes(value):
            raise ValueError(f'{word} is "{value}" and must be {what}, as in {example}.')
    for word in words[: 2 if kind == "ssl" else 1]:  # the first word, and the key that TLS cannot do without
        if word not in values:
            raise ValueError(f"{word} is missing, as in {example}.")
    return kind, values


def _context(values: dict[str, str]) -> ReloadableContext:
    """The TLS of an ``ssl:`` endpoint."""
    certificate, chain = values.get("certKey"), values.get("extraCertChain")
    return ReloadableContext(
        Path(values["privateKey"]), Path(certificate) if certificate else None, Path(chain) if chain else None
    )


def _listener(reactor: Any, description: str, kind: str, values: dict[str, str]) -> Any:
    """The port below TLS and PROXY header. `ValueError` says what is wrong with one that Twisted refuses."""
    make: Any = endpoints  # Twisted's endpoints are not annotated
    backlog = int(values.get("backlog", BACKLOG))
    match kind:
        case "tcp" | "tcp6" | "ssl":
            interface = values.get("interface", "::" if kind == "tcp6" else "")
            build = make.TCP6ServerEndpoint if ":" in interface else make.TCP4ServerEndpoint
            return build(reactor, int(values["port"]), backlog, interface)
        case "unix":
            mode, lock = int(values.get("mode", "666"), 8), values.get("lockfile") != "0"
            return make.UNIXServerEndpoint(reactor, values["address"], backlog, mode, lock)
        case "systemd":
            if ("index" in values) == ("name" in values):
                raise ValueError(f"it takes either index or name, as in {_EXAMPLES[kind]}.")
            try:
                return make.serverFromString(reactor, description)
            except LookupError:
                raise ValueError(
                    "systemd handed no such socket to this process; its .socket unit sets FileDescriptorName."
                ) from None
        case _:
            try:
                return make.serverFromString(reactor, description)
            except Exception as error:  # a plugin may raise whatever it likes
                raise ValueError(
                    f"{error}; the types are {', '.join(_WORDS)} and haproxy, as in {_EXAMPLES['tcp']}."
                ) from error
