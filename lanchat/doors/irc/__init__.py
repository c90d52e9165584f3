"""The IRC door: what RFC 1459 and 2812 say as modern.ircdocs.horse describes it, and IRCv3.  `door.py` is its protocol."""
