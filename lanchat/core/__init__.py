"""The chat itself: who is here, what is said, who hears it.  No I/O, no clock, no threads, no Twisted."""
