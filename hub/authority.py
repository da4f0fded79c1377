"""The hub's own authority on the disk: its key, the certificate of the hub's doors, the list of the revoked.

`authority/` holds what must never leave the hub, `tls/` what its doors (broker and web server) read.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hub.authority_x509 import Issuer, is_key, key_text, new_issuer, new_key, read_issuer, serves
from hub.files import write_private
from hub.keys import kept_key

__all__ = ["Doors", "TlsFiles", "load_or_make"]


def load_or_make(data: Path, *, site: str, names: Sequence[str]) -> Issuer:
    """The authority in the data folder, made there first if it is missing, for a hub of these `names`.

    Raises `Unavailable` for a file that holds none or that others may read: no node has a certificate of a
    new one.
    """
    folder = data / "authority"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / "authority.pem"
    issuer = kept_key(file, read_issuer, lambda: new_issuer(site, names).text, of="authority")
    fitting = issuer.reached_by(names)
    if fitting is not issuer:
        write_private(file, fitting.text)
    return fitting


@dataclass(frozen=True)
class TlsFiles:
    """What the hub's doors read."""

    authority: Path
    certificate: Path
    key: Path
    revoked: Path

    @classmethod
    def within(cls, folder: Path) -> "TlsFiles":
        """The files of this folder."""
        return cls(
            authority=folder / "authority.crt",
            certificate=folder / "hub.crt",
            key=folder / "hub.key",
            revoked=folder / "revoked.pem",
        )


class Doors:
    """Keeps the files of the hub's doors as they have to be: `names` are those by which it is reached."""

    def __init__(
        self,
        *,
        folder: Path,
        issuer: Issuer,
        names: Sequence[str],
        revoked: Callable[[], Iterable[str]],
        now: Callable[[], datetime],
    ) -> None:
        self.files = TlsFiles.within(folder.absolute())
        self._folder = folder
        self._issuer = issuer
        self._names = tuple(names)
        self._revoked = revoked
        self._now = now
        self._listed: frozenset[str] | None = None

    def renew(self) -> bool:
        """Sign the doors' certificate anew if it is missing, wrong or nearly over; whether it was."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _text(self.files.authority) != self._issuer.certificate_pem:
            write_private(self.files.authority, self._issuer.certificate_pem)
        key, now = _text(self.files.key), self._now()
        if serves(
            _text(self.files.certificate), key_pem=key, issuer=self._issuer, names=self._names, now=now
        ):
            return False
        if not is_key(key):
            key = key_text(new_key())
            write_private(self.files.key, key)
        write_private(self.files.certificate, self._issuer.server(self._names, key, now=now).pem)
        return True

    def list_revoked(self) -> bool:
        """Write the list of the revoked anew if somebody was revoked since; whether that was so."""
        revoked = frozenset(self._revoked())
        if revoked == self._listed:
            return False
        write_private(self.files.revoked, self._issuer.revocations(revoked))
        self._listed = revoked
        return True


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (FileNotFoundError, UnicodeDecodeError):
        return ""
