"""The IRC door: RFC 1459 and 2812 as modern.ircdocs.horse describes them, and IRCv3.  `door.py` is its protocol."""
