"""Which answer belongs to which command (ircv3.net/specs/extensions/labeled-response)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lanchat.core.errors import Refused
from lanchat.core.logins import Logins
from lanchat.core.proving import WRONG
from lanchat.doors.irc.labels import labelled
from tests.doors.irc.clients import Irc, host_of
from tests.doors.irc.people import secure
from tests.logins import account
from tests.network import Network

CAPS = "labeled-response batch"


def test_one_line_carries_the_label(network: Network) -> None:
    """ircv3.net, labeled-response: an answer of one line has the label itself."""
    alice = Irc(network, "alice", CAPS)
    assert alice.asks("@label=x1 PING 7") == ["@label=x1 :room-1.lan PONG room-1.lan 7"]


def test_several_lines_stand_in_a_batch(network: Network) -> None:
    """ircv3.net, labeled-response: an answer of several lines is a batch, and its beginning has the label."""
    alice = Irc(network, "alice", CAPS)
    assert alice.asks("@label=x PART #lobby", "@label=x2 JOIN #dev")[1:] == [
        "@label=x2 :room-1.lan BATCH +1 labeled-response",
        f"@batch=1 :alice!{host_of(network, 'alice')} JOIN #dev",
        "@batch=1 :room-1.lan 353 alice = #dev :@alice",
        "@batch=1 :room-1.lan 366 alice #dev :End of /NAMES list",
        ":room-1.lan BATCH -1",
    ]


def test_a_warning_belongs_to_the_answer(network: Network) -> None:
    """ircv3.net, standard-replies: they have the label too; here of a text that was no UTF-8."""
    alice = Irc(network, "alice", f"{CAPS} standard-replies")
    alice.hears()
    alice.wire.sends("@label=x PING é\r\n".encode("cp1252"))
    assert alice.hears() == [
        "@label=x :room-1.lan BATCH +1 labeled-response",
        "@batch=1 :room-1.lan WARN PING INVALID_UTF8 "
        ":That was no UTF-8, and was read as Windows-1252: let your client send UTF-8",
        "@batch=1 :room-1.lan PONG room-1.lan é",
        ":room-1.lan BATCH -1",
    ]


def test_a_line_that_is_too_long_is_refused_with_its_label(network: Network) -> None:
    """ircv3.net, labeled-response: every answer has the label, that of a line that was not heard too."""
    alice = Irc(network, "alice", CAPS)
    refused = "417 alice :Input line was too long: send it in parts"
    assert alice.asks(f"@label=x PING {'7' * 510}", f"@label=y;+a={'x' * 4100} PING 7", f"@{'x' * 4200}") == [
        f"@label=x :room-1.lan {refused}",
        f"@label=y :room-1.lan {refused}",
        f":room-1.lan {refused}",
    ]


def test_nothing_to_say_is_acknowledged(network: Network) -> None:
    """ircv3.net, labeled-response: ACK where there is no answer."""
    alice = Irc(network, "alice", CAPS)
    assert alice.asks("@label=x PRIVMSG #lobby hi") == ["@label=x :room-1.lan ACK"]


def test_what_is_refused_carries_the_label(network: Network) -> None:
    """ircv3.net, labeled-response: an error is an answer too."""
    alice = Irc(network, "alice", CAPS)
    (answer,) = alice.asks("@label=x PRIVMSG zoe hi")
    assert answer.startswith("@label=x :room-1.lan 401 alice zoe :")


def test_a_message_to_oneself_is_labelled_once(network: Network) -> None:
    """ircv3.net, labeled-response: of the echo and the message, the echo has the label."""
    alice = Irc(network, "alice", f"{CAPS} echo-message")
    said = f":alice!{host_of(network, 'alice')} PRIVMSG alice :hi"
    assert alice.asks("@label=x PRIVMSG alice hi") == [f"@label=x {said}", said]
    alice.says("CAP REQ :-echo-message")
    assert alice.asks("@label=x PRIVMSG alice hi") == ["@label=x :room-1.lan ACK", said]


def test_others_get_no_label(network: Network) -> None:
    """ircv3.net, labeled-response: a label is between a client and its server."""
    alice, bob = Irc(network, "alice", CAPS), Irc(network, "bob", f"{CAPS} message-tags")
    bob.hears()
    alice.says("@label=x;+a=b PRIVMSG bob hi")
    (heard,) = bob.reads()
    assert "label" not in heard.tags


@pytest.mark.parametrize(
    ("caps", "label"),
    [("", "x"), ("labeled-response", "x"), (CAPS, "x" * 65), (CAPS, "é" * 33), (CAPS, "")],
)
def test_labels_that_do_not_count(network: Network, caps: str, label: str) -> None:
    """ircv3.net, labeled-response: it needs batch, and a label has 64 bytes at most."""
    alice = Irc(network, "alice", caps)
    assert alice.asks(f"@label={label} PING 7") == [":room-1.lan PONG room-1.lan 7"]


def test_a_label_of_64_bytes_counts(network: Network) -> None:
    """ircv3.net, labeled-response: a label has 64 bytes at most; what has to be escaped is."""
    alice = Irc(network, "alice", CAPS)
    label = r"\s\:" + "x" * 62
    assert alice.asks(f"@label={label} PING 7") == [f"@label={label} :room-1.lan PONG room-1.lan 7"]


def test_batches_within_the_answer_stay_whole(network: Network) -> None:
    """ircv3.net, batch: one within the answer is nested, its begin and its end say so; what has tags keeps them."""
    alice = Irc(network, "alice", CAPS)
    irc = next(iter(network.factory.doors))
    inner = b":s BATCH +in chathistory #dev\r\n@batch=in;time=now :a PRIVMSG #dev x\r\n:s BATCH -in\r\n"
    assert labelled(irc, "x", inner + b"@time=now :s 001 a b\r\n").decode().split("\r\n")[:-1] == [
        "@label=x :room-1.lan BATCH +1 labeled-response",
        "@batch=1 :s BATCH +in chathistory #dev",
        "@batch=in;time=now :a PRIVMSG #dev x",
        "@batch=1 :s BATCH -in",
        "@batch=1;time=now :s 001 a b",
        ":room-1.lan BATCH -1",
    ]
    assert labelled(irc, "", inner) == inner
    assert alice.hears() == []


def test_an_answer_that_is_one_batch_has_the_label_itself(network: Network) -> None:
    """ircv3.net, labeled-response: the batch may be of a type that fits the whole answer."""
    Irc(network, "alice", CAPS)
    irc = next(iter(network.factory.doors))
    inner = b"@time=now :s BATCH +in chathistory #dev\r\n@batch=in :a PRIVMSG #dev x\r\n:s BATCH -in\r\n"
    assert labelled(irc, "x", inner) == b"@label=x;" + inner[1:]


@pytest.fixture
def late(network: Network) -> list[Callable[[], None]]:
    """Give what calls an answer that takes time back, each once."""
    waiting: list[Callable[[], None]] = []
    find = network.journal.find
    network.journal.find = lambda query, then: waiting.append(lambda: find(query, then))  # type: ignore[method-assign]
    return waiting


def test_what_takes_time_is_answered_as_a_whole(network: Network, late: list[Callable[[], None]]) -> None:
    """ircv3.net, labeled-response: nothing is acknowledged before; what happens meanwhile is no part of it."""
    alice, bob = Irc(network, "alice", f"{CAPS} echo-message"), Irc(network, "bob")
    bob.says("PRIVMSG #lobby :the exam is at nine")
    assert alice.asks("@label=x1 SEARCH exam", "PING 1") == []
    bob.says("PRIVMSG #lobby :and the rest", "PRIVMSG alice :psst")
    mask = f"bob!{host_of(network, 'bob')}"
    assert alice.hears() == [f":{mask} PRIVMSG #lobby :and the rest", f":{mask} PRIVMSG alice :psst"]
    late.pop()()
    opened, *found, closed, pong = alice.hears()
    assert opened == "@label=x1 :room-1.lan BATCH +1 labeled-response"
    assert all(line.startswith("@batch=1 :room-1.lan NOTICE alice :") for line in found)
    assert "the exam is at nine" in found[1]
    assert (closed, pong) == (":room-1.lan BATCH -1", ":room-1.lan PONG room-1.lan 1")


def test_the_answer_to_a_redaction_comes_late(network: Network, late: list[Callable[[], None]]) -> None:
    """ircv3.net, labeled-response: what becomes of REDACT is known only when the journal has looked."""
    alice = Irc(network, "alice", f"{CAPS} draft/message-redaction message-tags echo-message")
    alice.hears()
    alice.says("PRIVMSG #lobby :oops")
    msgid = alice.reads()[0].tags["msgid"]
    assert alice.asks(f"@label=x1 REDACT #lobby {msgid}") == []
    late.pop()()
    (answer,) = alice.reads()
    assert (answer.command, answer.tags["label"]) == ("REDACT", "x1")
    assert alice.asks("@label=x2 REDACT #lobby 999") == []
    late.pop()()
    (refused,) = alice.hears()
    assert refused.startswith("@label=x2 :room-1.lan FAIL REDACT UNKNOWN_MSGID #lobby 999 :")


def test_an_answer_of_which_nothing_comes(network: Network, late: list[Callable[[], None]]) -> None:
    """ircv3.net, labeled-response: the connection ends before; what there was of the answer is said, and then why."""
    root, alice = Irc(network, "root"), Irc(network, "alice", CAPS)
    alice.asks("@label=x SEARCH exam")
    network.hub.people.find("root").admin = True
    root.says("KILL alice :enough")
    assert alice.hears()[0] == "@label=x :room-1.lan ACK"
    assert alice.hears() == []
    late.pop()()


def test_whoever_is_gone_by_then_gets_no_answer(network: Network, late: list[Callable[[], None]]) -> None:
    """ircv3.net, labeled-response: a connection that was lost meanwhile."""
    alice = Irc(network, "alice", CAPS)
    alice.asks("@label=x SEARCH exam")
    (irc,) = network.factory.doors
    alice.wire.drops()
    late.pop()()
    assert alice.wire.gone
    assert not irc.session.outbox


def test_a_failed_password_has_its_label(network: Network) -> None:
    """ircv3.net, labeled-response: PASS too is answered when it was checked, and before the connection ends."""
    account(network.hub, "alice")
    waiting: list[Callable[[str | Refused], None]] = []
    network.hub.logins = Logins(network.hub.accounts, lambda credentials, then: waiting.append(then))
    newcomer = secure(network)
    newcomer.asks("CAP REQ :labeled-response batch")
    assert newcomer.asks("@label=x PASS alice:wrong") == []
    waiting.pop()(WRONG)
    first, ended = newcomer.hears()
    assert first.startswith("@label=x :room-1.lan 464 * :There is no such name, or another password.")
    assert ended.startswith("ERROR :")
