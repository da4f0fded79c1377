"""What the recovery key signs: that other keys are the site's. Nodes take them from it alone."""

from collections.abc import Mapping
from pathlib import Path

from edge.wire.signing import SignedKind, SigningKey
from edge.wire.succession import Succession
from hub.authority_x509 import read_issuer

__all__ = ["FILE", "signed", "succession"]

FILE = "succession.jws"


def signed(made: Mapping[str, str], *, by: SigningKey, site: str, number: int) -> str:
    """The succession to the key files `made` (`hub.rekey.new_keys`)."""
    told = Succession(
        site=site,
        aud="all",
        number=number,
        key=SigningKey.from_json(made["site-key.json"]).public(),
        authority=read_issuer(made["authority/authority.pem"]).certificate_pem,
    )
    return by.sign(SignedKind.SUCCESSION, told.encode()).decode()


def succession(data: Path) -> bytes | None:
    """The one to the site's present keys, if a recovery key ever signed one. Raises OSError."""
    try:
        return (data / FILE).read_bytes()
    except FileNotFoundError:
        return None
