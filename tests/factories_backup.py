"""A site in a folder, as `loa hub init` makes it, with keys, certificates and a recording."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hub.config import HubSettings, load_settings
from hub.desk import open_desk

__all__ = ["FILES", "LATER", "NOW", "SHA256", "contents", "new_site"]

NOW = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
SOUND = b"OggS made up for a test" * 1000
SHA256 = hashlib.sha256(SOUND).hexdigest()
FILES = {
    "authority/authority.pem": b"the authority's key",
    "tls/hub.crt": b"a certificate",
    "originals/0123456789abcdef": b"as it was uploaded",
    f"recordings/{SHA256}.opus": SOUND,
}


def new_site(folder: Path, *, data: str = ".", more: str = "") -> HubSettings:
    """A site whose settings stand in `folder`; `more` is added to them."""
    folder.mkdir(exist_ok=True)
    file = folder / "hub.toml"
    file.write_text(f'[site]\nid = "xa-mau"\nname = "Xã mẫu"\n[hub]\ndata = "{data}"\n{more}')
    settings = load_settings(file)
    with open_desk(settings) as desk:
        desk.enrolment.add_area(None, id_="to-2", name="Tổ dân phố 2")
    for name, content in FILES.items():
        path = settings.data / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o640 if name.startswith("tls/") else 0o600)
    return settings


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
