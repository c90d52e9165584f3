"""Why a connection could not be had or cannot go on, each in a sentence that says what to do."""

from __future__ import annotations

from OpenSSL import SSL
from service_identity.exceptions import VerificationError
from twisted.internet import error

from lanchat.client.proof import VARIABLES, Secret


class Ending(Exception):  # noqa: N818 - an answer, not a fault
    """It is over, and trying again would not help; the text is a sentence for a person."""


class CannotConnect(Ending):
    """The server was not reached, or let nobody in."""


class NickRefused(Ending):
    """The server does not take the nick; it says why."""


class SecretWanted(Ending):
    """The server wants to be told a password first; ``said`` is how it says so."""

    def __init__(self, secret: Secret, said: str) -> None:
        variable = next(name for name, each in VARIABLES.items() if each is secret)
        super().__init__(f"{said} On a pipe, put the password into the environment variable {variable}.")
        self.secret = secret
        self.said = said


class GaveUp(Ending):
    """The line dropped, and did not come back in time."""


class KeyRefused(Ending):
    """The server's key or certificate is not the one that was expected."""


class UnknownKey(KeyRefused):
    """The server shows a key that was never seen: a person has to say whether it is right."""

    def __init__(self, server: str, fingerprint: str) -> None:
        super().__init__(
            f"{server} is not known yet. Its key is {fingerprint}. Compare it with what the server shows, "
            f"then join with --fingerprint {fingerprint}"
        )
        self.server = server
        self.fingerprint = fingerprint


def diagnose(why: BaseException, server: str, *, tls: bool = False, ca: str = "") -> Ending:
    """Say why a server could not be reached.  ``tls`` says that TLS was asked for, ``ca`` who has to vouch."""
    match why:
        case Ending():
            return why
        case VerificationError():
            return KeyRefused(f"{server}: its certificate is from {ca}, but for another name. Use a name it is for.")
        case SSL.Error() if "certificate verify failed" in _words(why):
            return KeyRefused(f"{server}: its certificate is not signed by {ca}, or is not valid today.")
        case SSL.Error() if tls:
            hint = "Leave --tls out, or name the port that speaks it."
            return CannotConnect(f"{server}: no TLS there ({_words(why)}). {hint}")
        case error.DNSLookupError() | error.UnknownHostError():
            return CannotConnect(f"{server}: there is no such name on this network. Check it, or use the address.")
        case error.ConnectionRefusedError():
            return CannotConnect(f"{server}: nothing answers there. Check that the server runs, and the port.")
        case error.TimeoutError() | error.TCPTimedOutError() | error.NoRouteError():
            return CannotConnect(f"{server}: no answer. Check that both are on one network, and the firewall.")
        case error.ConnectionDone() | error.ConnectionLost() | error.ConnectionAborted():
            hint = "Check the port." if tls else "Check the port, or try --tls."
            return CannotConnect(f"{server}: the connection was closed before anybody was let in. {hint}")
        case _:
            return CannotConnect(f"{server}: cannot connect ({_words(why)}).")


def _words(why: BaseException) -> str:
    """Give the words of an exception: of OpenSSL's, the last that it put into its queue."""
    match why.args:
        case ([*_, (*_, str(reason))],):
            return reason
        case _:
            return getattr(why, "strerror", None) or str(why) or type(why).__name__
