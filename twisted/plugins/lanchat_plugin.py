"""Makes ``twistd lanchat`` known.  Every twistd run on the machine loads this file: nothing else here."""

from twisted.application.service import ServiceMaker

lanchat = ServiceMaker("lanchat", "lanchat.service", "The chat for the network you are on.", "lanchat")
