from __future__ import annotations

import pytest
from OpenSSL import SSL
from service_identity.exceptions import VerificationError
from twisted.internet import error

from lanchat.client.endings import CannotConnect, Ending, KeyRefused, UnknownKey, diagnose


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (error.DNSLookupError(), "no such name"),
        (error.ConnectionRefusedError(), "nothing answers there"),
        (error.TimeoutError(), "firewall"),
        (error.NoRouteError(), "firewall"),
        (error.ConnectError(osError=OSError(2, "x"), string="odd"), "cannot connect"),
        (error.ConnectionDone(), "or try --tls"),
        (error.ConnectionLost(), "before anybody was let in"),
        (OSError(13, "Permission denied"), "cannot connect (Permission denied)"),
        (ValueError(), "cannot connect (ValueError)"),
    ],
)
def test_each_reason_has_its_cure(why: BaseException, said: str) -> None:
    ending = diagnose(why, "room-1:5555")
    assert isinstance(ending, CannotConnect)
    assert str(ending).startswith("room-1:5555: ")
    assert said in str(ending)


def test_tls_has_reasons_of_its_own() -> None:
    def found(why: BaseException) -> Ending:
        return diagnose(why, "room-1:5555", tls=True, ca="ca.pem")

    assert "not signed by ca.pem" in str(found(SSL.Error([("SSL routines", "", "certificate verify failed")])))
    assert "Leave --tls out" in str(found(SSL.Error([("SSL routines", "", "wrong version number")])))
    assert "another name" in str(found(VerificationError([])))
    assert isinstance(found(VerificationError([])), KeyRefused)
    assert "--tls" not in str(found(error.ConnectionDone()))


def test_an_ending_stays_what_it_is() -> None:
    unknown = UnknownKey("room-1:5555", "SHA256:x")
    assert diagnose(unknown, "room-1:5555") is unknown
    assert "--fingerprint SHA256:x" in str(unknown)
