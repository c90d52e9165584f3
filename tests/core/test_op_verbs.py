"""What ops type, and what they are told."""

from __future__ import annotations

from tests.governed import Governed, Person


def told(person: Person, line: str) -> str:
    person.hears()
    person.says(line)
    return person.hears_of("notice")[-1]["text"]


def test_how_a_room_is_set() -> None:
    """All that is not as in a new one, in words."""
    governed = Governed()
    founder = governed["founder"]
    for line in ("/slow 90", "/lock read-only", "/lock talk", "/lock hidden", "/lock limit 20", "/mute target"):
        assert founder.asks(line) == ""
    assert told(founder, "/modes") == (
        "#dev: at most 20 may be in it; only ops and who has voice may speak; only ops may speak; everybody may speak "
        "once in 1 minute 30 seconds; only ops may change the topic; it is in no list; 1 ban (/bans); 2 mutes (/bans)."
    )
    assert told(founder, "/slow 90") == "That is so in #dev already."
    assert founder.asks("/slow off") == ""
    assert told(founder, "/slow 0") == "That is so in #dev already."
    assert founder.asks("/slow x") == "bad-mode-value"


def test_ranks_are_shown() -> None:
    """Who founds a room, who is an op, who has voice."""
    governed = Governed()
    governed["member"].says("/names")
    (names,) = governed["member"].hears_of("names")
    ranks = {each["nick"]: each.get("rank", "") for each in names["people"]}
    assert {nick: rank for nick, rank in ranks.items() if rank} == {
        "founder": "founder",
        "op": "op",
        "voiced": "voice",
    }


def test_admins_see_addresses() -> None:
    """And nobody else does; who has an account everybody sees."""
    governed = Governed()
    for who, addresses in (("admin", [governed["account"].address]), ("founder", None)):
        governed[who].says("/whois account")
        (whois,) = governed[who].hears_of("whois")
        assert (whois["account"], whois.get("addresses")) == ("account", addresses)


def test_a_key_is_told_to_those_who_are_inside() -> None:
    """Everybody else learns that there is one."""
    governed = Governed()
    for line in ("/lock", "/lock key sesame", "/unlock outside", "/unlock topic"):
        assert governed["founder"].asks(line) == ""
    how = "#dev: only who is invited may come in; {}; words from outside are let in; 1 ban (/bans); 1 mute (/bans)."
    assert told(governed["member"], "/modes") == how.format("the key is sesame")
    assert told(governed["outsider"], "/modes #dev") == how.format("it has a key")


def test_a_lock_that_there_is_not() -> None:
    """It is said which there are, and which of them want something more."""
    founder = Governed()["founder"]
    founder.hears()
    founder.says("/lock door")
    (refusal,) = founder.hears_of("refused")
    assert refusal["text"].startswith("There is no lock door. There are invite, key, ")
    for line in ("/lock key", "/lock topic x"):
        assert founder.asks(line) == "bad-arguments"


def test_a_new_room_has_no_lock() -> None:
    governed = Governed()
    governed["outsider"].says("/join #new")
    assert told(governed["outsider"], "/modes") == "#new: nothing is locked."
