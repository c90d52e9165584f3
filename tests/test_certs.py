"""The certificates that `lanchat certs` makes."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from twisted.python import usage

from lanchat import certs
from lanchat.certs import CertificateError, CertsOptions, fingerprint, is_private, local_names, make, run

NOW = datetime(2026, 11, 21, 21, 4, tzinfo=UTC)
FILES = ("ca.key", "ca.pem", "server.pem")


def certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def snapshot(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def openssl(*arguments: object) -> str:
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("the openssl command is not installed")
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


class TestMake:
    def test_a_new_directory_gets_a_ca_and_a_server_certificate(self, tmp_path: Path) -> None:
        """The directory and the directories above it need not be there."""
        made = make(tmp_path / "deep" / "certs", ["room-1"], NOW)
        assert [path.name for path in made.files] == list(FILES)
        assert snapshot(tmp_path / "deep" / "certs").keys() == set(FILES)

    def test_only_their_owner_reads_the_keys(self, tmp_path: Path) -> None:
        """What is secret has mode 0600, and the CA certificate is for everybody."""
        before = os.umask(0o022)
        try:
            make(tmp_path, ["room-1"], NOW)
        finally:
            os.umask(before)
        modes = {name: oct((tmp_path / name).stat().st_mode & 0o777) for name in FILES}
        assert modes == {"ca.key": "0o600", "ca.pem": "0o644", "server.pem": "0o600"}

    def test_openssl_accepts_the_chain_strictly(self, tmp_path: Path) -> None:
        """The strictest check that people have finds nothing to say, by name and by address."""
        make(tmp_path, ["room-1.local", "192.168.1.7"], datetime.now(UTC))
        ca, server = tmp_path / "ca.pem", tmp_path / "server.pem"
        for name in (["-verify_hostname", "room-1.local"], ["-verify_ip", "192.168.1.7"]):
            said = openssl("verify", "-x509_strict", "-purpose", "sslserver", *name, "-CAfile", ca, server)
            assert said == f"{server}: OK\n"

    def test_the_server_certificate_names_what_was_asked_for(self, tmp_path: Path) -> None:
        """Names and addresses are each once in the certificate, in the order in which they were given."""
        made = make(tmp_path, ["Room-1.local.", "192.168.1.7", "room-1.local", "fd00::7"], NOW)
        names = certificate(tmp_path / "server.pem").extensions.get_extension_for_class(x509.SubjectAlternativeName)
        assert list(names.value) == [
            x509.DNSName("room-1.local"),
            x509.IPAddress(ip_address("192.168.1.7")),
            x509.IPAddress(ip_address("fd00::7")),
        ]
        assert made.names == ("room-1.local", "192.168.1.7", "fd00::7")

    def test_the_server_pem_holds_the_key_of_its_certificate(self, tmp_path: Path) -> None:
        """One path is enough for everything that wants a key and a certificate."""
        make(tmp_path, ["room-1"], NOW)
        key = load_pem_private_key((tmp_path / "server.pem").read_bytes(), password=None)
        assert key.public_key() == certificate(tmp_path / "server.pem").public_key()

    def test_validity_is_what_phones_accept(self, tmp_path: Path) -> None:
        """At most 825 days for the server, ten years for the CA, both also by a clock that is late."""
        make(tmp_path, ["room-1"], NOW)
        server, ca = certificate(tmp_path / "server.pem"), certificate(tmp_path / "ca.pem")
        life = server.not_valid_after_utc - server.not_valid_before_utc
        assert timedelta(days=824) < life < timedelta(days=825)
        assert ca.not_valid_after_utc - NOW >= timedelta(days=3652)
        assert server.not_valid_before_utc == ca.not_valid_before_utc == NOW - timedelta(days=1)

    def test_a_long_name_is_cut_in_the_subject_only(self, tmp_path: Path) -> None:
        """A subject holds 64 characters; the name itself is whole where clients look for it."""
        long = f"{'a' * 60}.{'b' * 60}.local"
        assert make(tmp_path, [long], NOW).names == (long,)

    def test_it_is_private_as_a_certificate_of_a_ca_for_all_is_not(self, tmp_path: Path) -> None:
        """Only who was given its CA can trust it; the CA signs itself."""
        make(tmp_path, ["lanchat.local"], NOW)
        strange = trustme.CA().issue_cert("lanchat.local").cert_chain_pems[0].bytes()
        assert is_private(certificate(tmp_path / "server.pem"))
        assert not is_private(x509.load_pem_x509_certificate(strange))
        alone = x509.load_pem_x509_certificate(trustme.CA().cert_pem.bytes())
        assert is_private(alone)

    def test_the_ca_that_is_there_signs_the_next_server_certificate(self, tmp_path: Path) -> None:
        """Renewing changes nothing for those who trust the CA."""
        make(tmp_path, ["room-1"], datetime.now(UTC))
        ca = {name: (tmp_path / name).read_bytes() for name in ("ca.key", "ca.pem")}
        (tmp_path / "server.pem").rename(tmp_path / "old.pem")
        made = make(tmp_path, ["room-2"], datetime.now(UTC))
        assert made.files == (tmp_path / "server.pem",)
        assert {name: (tmp_path / name).read_bytes() for name in ca} == ca
        openssl("verify", "-x509_strict", "-CAfile", tmp_path / "ca.pem", tmp_path / "server.pem")

    def test_a_key_that_is_kept_keeps_its_fingerprint(self, tmp_path: Path) -> None:
        """Those who trusted the server on first use are not asked again."""
        first = make(tmp_path, ["room-1"], NOW)
        old = (tmp_path / "server.pem").rename(tmp_path / "old.pem")
        renewed = make(tmp_path, ["room-1"], NOW + timedelta(days=800), old)
        assert renewed.fingerprint == first.fingerprint
        assert certificate(tmp_path / "server.pem") != certificate(old)

    def test_a_server_certificate_does_not_outlive_its_ca(self, tmp_path: Path) -> None:
        """A certificate that promises more than its CA can keep would only break later."""
        make(tmp_path, ["room-1"], NOW)
        (tmp_path / "server.pem").unlink()
        make(tmp_path, ["room-1"], NOW + timedelta(days=3600))
        assert (
            certificate(tmp_path / "server.pem").not_valid_after_utc
            == certificate(tmp_path / "ca.pem").not_valid_after_utc
        )


class TestRefusals:
    def refused(self, directory: Path, names: list[str], now: datetime = NOW) -> str:
        """What `make` says when it makes nothing; no file changes."""
        before = snapshot(directory) if directory.is_dir() else None
        with pytest.raises(CertificateError) as caught:
            make(directory, names, now)
        assert before is None or snapshot(directory) == before
        return str(caught.value)

    def test_a_server_certificate_is_never_overwritten(self, tmp_path: Path) -> None:
        """What is there stays, and the sentence says what to do."""
        make(tmp_path, ["room-1"], NOW)
        assert self.refused(tmp_path, ["room-1"]) == (
            f"{tmp_path}/server.pem is there and stays: move it away first to make a new one."
        )

    @pytest.mark.parametrize(("present", "missing"), [("ca.key", "ca.pem"), ("ca.pem", "ca.key")])
    def test_half_a_ca_is_not_completed(self, tmp_path: Path, present: str, missing: str) -> None:
        """A key without its certificate, or the other way round, is for a person to sort out."""
        make(tmp_path, ["room-1"], NOW)
        for name in (missing, "server.pem"):
            (tmp_path / name).unlink()
        assert self.refused(tmp_path, ["room-1"]) == (
            f"{tmp_path / present} is there without {tmp_path / missing}: "
            f"put {missing} back, or move {present} away to make a new CA."
        )

    def test_a_ca_that_cannot_be_read_is_said(self, tmp_path: Path) -> None:
        """Garbage, and a key behind a passphrase, are no CA of ours."""
        make(tmp_path, ["room-1"], NOW)
        (tmp_path / "server.pem").unlink()
        key = load_pem_private_key((tmp_path / "ca.key").read_bytes(), password=None)
        locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
        another = rsa.generate_private_key(65537, 2048).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        whole = (tmp_path / "ca.key").read_bytes()
        for content in (b"garbage", locked, another):
            (tmp_path / "ca.key").write_bytes(content)
            assert self.refused(tmp_path, ["room-1"]).startswith(
                f"{tmp_path}/ca.key holds no private key that lanchat made: move both away"
            )
        (tmp_path / "ca.key").write_bytes(whole)
        (tmp_path / "ca.pem").write_bytes(b"garbage")
        assert self.refused(tmp_path, ["room-1"]).startswith(
            f"{tmp_path}/ca.pem holds no certificate of a CA that lanchat made: move both away"
        )

    def test_a_ca_key_must_belong_to_its_certificate(self, tmp_path: Path) -> None:
        """Another CA's key signs nothing here."""
        make(tmp_path, ["room-1"], NOW)
        (tmp_path / "server.pem").unlink()
        make(tmp_path / "other", ["room-2"], NOW)
        (tmp_path / "other" / "ca.key").rename(tmp_path / "ca.key")
        shutil.rmtree(tmp_path / "other")
        assert self.refused(tmp_path, ["room-1"]).startswith(
            f"{tmp_path}/ca.key is not the key of {tmp_path}/ca.pem: move both away"
        )

    def test_an_expired_ca_signs_no_more(self, tmp_path: Path) -> None:
        """A certificate below an expired CA would be refused by everybody."""
        make(tmp_path, ["room-1"], NOW)
        (tmp_path / "server.pem").unlink()
        said = self.refused(tmp_path, ["room-1"], NOW + timedelta(days=3653))
        assert said.startswith(f"{tmp_path}/ca.pem expired on 2036-11-20: move both away")

    @pytest.mark.parametrize(
        "name",
        ["", "two words", "10.0.0.300", "room-1:5556", "-x", "büro", "a" * 64, ".".join(["a" * 60] * 5)],
    )
    def test_what_is_neither_name_nor_address_is_refused(self, tmp_path: Path, name: str) -> None:
        """A typing error must not end in a certificate that nobody accepts."""
        assert self.refused(tmp_path, [name]) == (
            f'"{name}" is neither a DNS name nor an IP address: '
            "write it as in --name room-1.local or --name 192.168.1.7."
        )

    def test_a_directory_that_cannot_be_made_is_said(self, tmp_path: Path) -> None:
        """One sentence instead of a traceback."""
        (tmp_path / "file").write_text("")
        assert self.refused(tmp_path / "file" / "certs", ["room-1"]) == (
            f"{tmp_path}/file/certs cannot be used (Not a directory): "
            "name a directory of your own, as in `lanchat certs DIRECTORY`."
        )

    def test_files_that_cannot_all_be_written_are_not_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """No CA is left behind without a server certificate; an error without a path names the directory."""

        class FullDisk(io.BytesIO):
            def write(self, content: object) -> int:
                raise OSError(28, "No space left on device")

        opened = []

        def fdopen(descriptor: int, mode: str) -> io.IOBase:
            opened.append(descriptor)
            if len(opened) < 3:
                return real(descriptor, mode)
            os.close(descriptor)
            return FullDisk()

        real = os.fdopen
        monkeypatch.setattr(certs.os, "fdopen", fdopen)
        assert self.refused(tmp_path, ["room-1"]).startswith(f"{tmp_path} cannot be used (No space left on device): ")

    def test_a_link_is_not_followed(self, tmp_path: Path) -> None:
        """A key is never written where a link points to."""
        (tmp_path / "server.pem").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(CertificateError, match=r"server\.pem cannot be used \(File exists\)"):
            make(tmp_path, ["room-1"], NOW)
        assert [path.name for path in tmp_path.iterdir()] == ["server.pem"]


class TestFingerprint:
    def test_it_is_what_openssl_computes(self, tmp_path: Path) -> None:
        """SHA-256 over the public key, in base64 without padding, so that anybody can check it."""
        made = make(tmp_path, ["room-1"], NOW)
        server = tmp_path / "server.pem"
        (tmp_path / "public.pem").write_text(openssl("x509", "-in", server, "-noout", "-pubkey"))
        openssl("pkey", "-pubin", "-in", tmp_path / "public.pem", "-outform", "DER", "-out", tmp_path / "der")
        openssl("dgst", "-sha256", "-binary", "-out", tmp_path / "digest", tmp_path / "der")
        base64 = openssl("base64", "-in", tmp_path / "digest").strip()
        assert made.fingerprint == "SHA256:" + base64.rstrip("=")
        assert len(made.fingerprint) == len("SHA256:") + 43

    def test_it_stays_when_the_key_stays(self, tmp_path: Path) -> None:
        """Only the key counts, so a renewed certificate is still the known server."""
        make(tmp_path, ["room-1"], NOW)
        first = certificate(tmp_path / "server.pem")
        signer = load_pem_private_key((tmp_path / "ca.key").read_bytes(), password=None)
        renewed = (
            x509.CertificateBuilder()
            .issuer_name(first.issuer)
            .subject_name(first.subject)
            .public_key(first.public_key())
            .serial_number(7)
            .not_valid_before(NOW)
            .not_valid_after(NOW + timedelta(days=9))
            .sign(signer, first.signature_hash_algorithm)
        )
        assert renewed != first
        assert fingerprint(renewed) == fingerprint(first)
        assert fingerprint(first) != fingerprint(certificate(tmp_path / "ca.pem"))


class TestLocalNames:
    def names(self, monkeypatch: pytest.MonkeyPatch, hostname: str, fqdn: str) -> list[str]:
        monkeypatch.setattr(certs.socket, "gethostname", lambda: hostname)
        monkeypatch.setattr(certs.socket, "getfqdn", lambda: fqdn)
        monkeypatch.setattr(certs, "local_addresses", lambda: ["192.168.1.7", "fd00::7"])
        return local_names()

    def test_every_way_to_name_this_machine_is_there(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Its name, its name in multicast DNS and in DNS, and all its addresses."""
        assert self.names(monkeypatch, "Room-1", "room-1.example.org") == [
            "room-1",
            "room-1.local",
            "room-1.example.org",
            "localhost",
            "192.168.1.7",
            "fd00::7",
            "127.0.0.1",
            "::1",
        ]

    def test_each_name_is_there_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A machine that knows only its short name has it once."""
        assert self.names(monkeypatch, "room-1", "room-1")[:3] == ["room-1", "room-1.local", "localhost"]

    def test_a_host_name_with_dots_is_known_by_its_first_part_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Multicast DNS knows the first part alone."""
        names = self.names(monkeypatch, "room-1.example.org", "room-1.example.org")
        assert names[:4] == ["room-1", "room-1.local", "room-1.example.org", "localhost"]

    def test_a_host_name_that_no_certificate_holds_is_left_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The addresses still work."""
        assert self.names(monkeypatch, "bÿro 1", "bÿro 1")[:2] == ["localhost", "192.168.1.7"]


class TestCommand:
    def run(self, *arguments: str) -> tuple[int, str, str]:
        options, out, err = CertsOptions(), io.StringIO(), io.StringIO()
        options.parseOptions(arguments)
        return run(options, out, err, NOW), out.getvalue(), err.getvalue()

    def test_it_says_what_it_made_and_what_to_do_next(self, tmp_path: Path) -> None:
        """The fingerprint is among it, for those who trust on first use."""
        status, out, err = self.run("--name", "room-1", "--name", "10.0.0.7", str(tmp_path))
        pin = fingerprint(certificate(tmp_path / "server.pem"))
        assert (status, err) == (0, "")
        assert out.splitlines()[:3] == [
            f"Made {tmp_path}/ca.key, {tmp_path}/ca.pem, {tmp_path}/server.pem",
            "for room-1, 10.0.0.7.",
            f"The server's fingerprint: {pin}",
        ]
        assert f"--certificate {tmp_path}/server.pem" in out

    def test_a_second_run_changes_nothing(self, tmp_path: Path) -> None:
        """It fails with one line, for scripts with status 1."""
        self.run("--name", "room-1", str(tmp_path))
        before = snapshot(tmp_path)
        status, out, err = self.run(str(tmp_path))
        assert (status, out) == (1, "")
        assert err == (
            f"lanchat certs: {tmp_path}/server.pem is there and stays: move it away first to make a new one.\n"
        )
        assert snapshot(tmp_path) == before

    def test_without_options_it_is_this_machine_in_certs(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The shortest command is the usual one."""
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(certs, "local_names", lambda: ["this-machine"])
        _, out, _ = self.run()
        assert out.startswith("Made certs/ca.key, certs/ca.pem, certs/server.pem\nfor this-machine.\n")

    def test_the_old_key_can_be_kept(self, tmp_path: Path) -> None:
        """Renewing is moving the file away and naming it; a file that is not there makes nothing."""
        self.run("--name", "room-1", str(tmp_path))
        old = (tmp_path / "server.pem").rename(tmp_path / "old.pem")
        status, _, err = self.run("--key", str(tmp_path / "none.pem"), str(tmp_path))
        assert (status, err) == (
            1,
            f"lanchat certs: {tmp_path}/none.pem cannot be read (No such file or directory): "
            "leave --key out to make a new one.\n",
        )
        assert self.run("--key", str(old), str(tmp_path))[0] == 0

    def test_two_directories_are_one_too_many(self) -> None:
        """The command line is checked before anything is made."""
        with pytest.raises(usage.UsageError):
            CertsOptions().parseOptions(["one", "two"])
