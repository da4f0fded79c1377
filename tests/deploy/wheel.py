"""A wheel of a program that does nothing."""

from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

__all__ = ["make_wheel"]


def make_wheel(folder: Path, version: str) -> str:
    """See that `folder` holds this version of Loa's wheel; returns its line of a list of packages."""
    file, about = folder / f"loa-{version}-py3-none-any.whl", f"loa-{version}.dist-info"
    if not file.exists():
        with ZipFile(file, "w") as archive:
            archive.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: loa\nVersion: {version}\n")
            archive.writestr(
                f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            )
            archive.writestr(f"{about}/RECORD", "")
    return f"loa=={version} --hash=sha256:{sha256(file.read_bytes()).hexdigest()}\n"
