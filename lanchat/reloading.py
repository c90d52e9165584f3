"""What a server reads again while it runs: its certificates, the message of the day, its admins, its password."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from twisted.logger import Logger

from lanchat.admins_file import AdminsFileError
from lanchat.core.hub import Hub
from lanchat.options import Options, read_motd
from lanchat.password_file import PasswordFileError
from lanchat.tls import ReloadableContext, TlsError

_EXPIRY = timedelta(days=14)
"""How long before its end a certificate is complained about."""


class Reloading:
    """Reads the files again that the options name.  What does not load leaves the old in force."""

    log = Logger()

    def __init__(self, options: Options, hub: Hub) -> None:
        self._options = options
        self._hub = hub

    def contexts(self) -> list[tuple[str, ReloadableContext]]:
        """Give every certificate that is served, with the option that named it."""
        named = [("--certificate", self._options.certificate)]
        named += [(str(port), port.context) for port in self._options.ports]
        return [(option, context) for option, context in named if context is not None]

    def reload(self) -> list[str]:
        """Read all of them again; gives a line for each that stays as it was, and why."""
        problems: list[str] = []
        for what, read in self._readers():
            try:
                read()
                self.log.info("{what} reloaded", what=what)
            except (OSError, TlsError, AdminsFileError, PasswordFileError) as error:
                why = error.strerror if isinstance(error, OSError) else error
                problems.append(f"{what} not reloaded, the old one stays: {why}")
                self.log.error("{problem}", problem=problems[-1])
        self.warn()
        return problems

    def warn(self) -> None:
        """Say in time that a certificate has to be renewed, and that others can read what they could guess from."""
        now = datetime.fromtimestamp(self._hub.now(), UTC)
        for option, context in self.contexts():
            ends = context.certificate.not_valid_after_utc
            if ends - now < _EXPIRY:
                self.log.warn("{option}: the certificate ends on {ends:%Y-%m-%d}; renew it", option=option, ends=ends)
        for option, file in (("--admins", self._options.admins), ("--password-file", self._options.password_file)):
            if file is not None and file.exposed:
                said = "{option} {path}: everybody on this machine can read it; chmod 600 {path}"
                self.log.warn(said, option=option, path=file.path)

    def _readers(self) -> list[tuple[str, Callable[[], object]]]:
        """Give what can be read again, and how."""
        options = self._options
        readers: list[tuple[str, Callable[[], object]]] = []
        if options.motd is not None:
            readers.append((f"--motd {options.motd}", self._read_motd))
        if options.admins is not None:
            readers.append((f"--admins {options.admins.path}", options.admins.reload))
        if options.password_file is not None:
            readers.append((f"--password-file {options.password_file.path}", options.password_file.reload))
        return readers + [(f"{option}: certificate", context.reload) for option, context in self.contexts()]

    def _read_motd(self) -> None:
        assert self._options.motd is not None
        self._hub.motd = read_motd(self._options.motd)
