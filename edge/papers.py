"""The papers of a node in its folder: made ready to be asked for, checked, and put in place as one.

`node.key`, `node.crt`, `authority.crt` and `node.toml` are written here; `local.toml` is the technician's,
and written only where another file is named that is to take its place.
All files change together or not at all, wherever the plug is pulled, and doing it again changes nothing.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w

from edge.command_name import command_name
from edge.config import ConfigError, NodeSettings, read_settings
from edge.config_file import read_content
from edge.config_local import LOCAL, LOCAL_SECTIONS, local_beside, placed, read_local
from edge.errors import IdentityError
from edge.files import finish_writing, write_together
from edge.identity import MadeKey, check_fit, make_key, read_certificate, request_for
from edge.wire.papers import Papers
from edge.wire.succession import Succession

__all__ = [
    "INSTALLED",
    "SETTINGS",
    "Installed",
    "Requested",
    "install",
    "is_installed",
    "request",
    "succeed",
]

KEY, CERTIFICATE, AUTHORITY, SETTINGS = ("node.key", "node.crt", "authority.crt", "node.toml")
_MODES = {CERTIFICATE: 0o644, AUTHORITY: 0o644, SETTINGS: 0o600, LOCAL: 0o600}
_OF_ONE_KIND = {"sound": "speaker", "amplifier": "speaker", "counter": "counter", "camera": "counter"}
INSTALLED, _DATA = Path("/etc/loa"), "/var/lib/loa-node"  # where Debian wants settings and data apart
_HEADING = """\
# Written by loa-node at enrolment or deploy. What is this machine's own ([clock], [sound], [amplifier],
# [counter], [[camera]]) is changed in local.toml beside this file: its sections count from the next start on.

"""
_OLDER_KEYS = """\
{path}: wanted keys of the site under number {least} or above; found other keys under number {number}, of \
a hub that is new, or restored from a backup made before its keys changed. Nothing was changed; this node \
plays on. Restore a newer backup; or see that the hub's clock is right, stop it, and run there: loa-hub \
rekey --recovery, without the paper: loa-hub rekey, then loa-hub recovery-key --again. Then deploy or enrol \
this node once more"""


@dataclass(frozen=True)
class Requested:
    """A request (PEM) for the hub to sign, and how its key came to be."""

    request: str
    key: MadeKey


@dataclass(frozen=True)
class Installed:
    """Which node this machine is now, of which kind, and whether any file changed."""

    node: str
    kind: str
    changed: bool


def request(folder: Path) -> Requested:
    """See that the folder (made if missing, mode 0700) holds a key, and ask for a certificate for it. Raises
    OSError, `IdentityError`."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = make_key(folder / KEY)
    return Requested(request=request_for(folder / KEY), key=key)


def install(folder: Path, papers: Papers, *, local: Path | None = None) -> Installed:
    """Make this machine the node of `papers`, with the `LOCAL_SECTIONS` of the file `local`, which then is
    `local.toml` in the folder, else of `local.toml` there, else as they are, else as the papers say.
    Raises OSError, `IdentityError`, and `ConfigError` with every fault; then nothing was changed."""
    finish_writing(folder)
    _check(papers, key=folder / KEY)
    kind, text = _settings(folder, papers, local or local_beside(folder / SETTINGS))
    files = {CERTIFICATE: papers.certificate, AUTHORITY: papers.authority, SETTINGS: text}
    if local is not None:
        files[LOCAL] = local.read_bytes().decode()
    changed = not all(_holds(folder / name, content) for name, content in files.items())
    if changed:
        write_together(folder, files, modes=_MODES)
    return Installed(node=papers.node, kind=kind, changed=changed)


def succeed(folder: Path, succession: Succession) -> None:
    """Pin other keys of the site, all of them or none; what they replace is kept beside, marked with their
    number. Raises OSError, `IdentityError`, and `ConfigError`; then nothing was changed."""
    finish_writing(folder)
    content = read_content(folder / SETTINGS)
    pinned = _judged(content, folder / SETTINGS, None).keys
    if succession.number <= pinned.number:
        raise IdentityError(f"wanted a number above {pinned.number}; found {succession.number}")
    read_certificate(succession.authority)
    keys = {**content["keys"], "site": succession.key, "number": succession.number}
    new = {
        SETTINGS: _HEADING + tomli_w.dumps({**content, "keys": keys}),
        AUTHORITY: succession.authority,
    }
    old = {f"{name}.before-{succession.number}": (folder / name).read_text() for name in new}
    modes = {name: _MODES[name.partition(".before-")[0]] for name in (*new, *old)}
    write_together(folder, {**old, **new}, modes=modes)


def is_installed(folder: Path) -> bool:
    """Whether the folder is that of an installed system, where systemd runs the node."""
    return folder.resolve() == INSTALLED


def _check(papers: Papers, *, key: Path) -> None:
    try:
        check_fit(papers.certificate, key=key, authority=papers.authority)
    except FileNotFoundError as error:
        raise IdentityError(
            f"{key}: wanted this node's key; found nothing: first {command_name()} request"
        ) from error
    name = read_certificate(papers.certificate).node
    if name != papers.node:
        raise IdentityError(f"wanted papers for one node; found {papers.node} with a certificate of {name}")


def _settings(folder: Path, papers: Papers, local: Path | None) -> tuple[str, str]:
    """The node's kind, and the text of its settings."""
    content = {
        **papers.settings,
        "tls": {"key": KEY, "certificate": CERTIFICATE, "authority": AUTHORITY},
        **(_of_this_machine(folder / SETTINGS, papers) if local is None else read_local(local)),
    }
    site = papers.settings.get("node", {}).get("site")
    content["keys"] = _keys(content.get("keys"), folder / SETTINGS, site=site)
    data = {"data": _DATA} if is_installed(folder) else {}
    content["node"] = {**data, **papers.settings.get("node", {}), **content.get("node", {})}
    settings = _judged(content, folder / SETTINGS, local)
    if settings.node.name != papers.node:
        raise IdentityError(f"wanted papers for one node; found {papers.node} and {settings.node.name}")
    return settings.node.kind, _HEADING + tomli_w.dumps(content)


def _keys(keys: Any, path: Path, *, site: Any) -> Any:
    """`[keys]` of papers; of a hub that knows less than this node, with the recovery key that is held and its
    number: a restored hub knows an older one, or none, and a succession that was obeyed must not be once
    more. Raises `IdentityError` where such papers would bring other keys of the site back."""
    held = _held_keys(path, site)
    if not held or not isinstance(keys, dict):
        return keys
    number, least = keys.get("number", 0), held.get("number", 0)
    if not isinstance(number, int) or (number >= least and ("recovery" in keys or "recovery" not in held)):
        return keys
    if keys.get("site") != held.get("site"):
        raise IdentityError(_OLDER_KEYS.format(path=path, least=least, number=number or "none"))
    return {**keys, **{name: held[name] for name in ("recovery", "number") if name in held}}


def _held_keys(path: Path, site: Any) -> dict[str, Any]:
    """`[keys]` in the settings that are there, if they are of this site and can be read."""
    try:
        content = read_content(path)
    except ConfigError:
        return {}
    node, keys = content.get("node"), content.get("keys")
    is_ours = isinstance(node, dict) and node.get("site") == site
    return keys if is_ours and isinstance(keys, dict) else {}


def _judged(content: dict[str, Any], path: Path, local: Path | None) -> NodeSettings:
    """The settings, or every fault with the file in which it stands."""
    try:
        return read_settings(path, content)
    except ConfigError as error:
        raise ConfigError([placed(fault, local) for fault in error.faults]) from error


def _of_this_machine(path: Path, papers: Papers) -> dict[str, Any]:
    """What the settings that are there say of the machine, as far as a node of this kind has it."""
    try:
        content = read_content(path)
    except ConfigError:
        return {}
    kind = papers.settings.get("node", {}).get("kind")
    kept = {name: content[name] for name in LOCAL_SECTIONS if name in content}
    kept = {name: value for name, value in kept.items() if _OF_ONE_KIND.get(name, kind) == kind}
    node = content.get("node")
    data = node.get("data") if isinstance(node, dict) else None
    return kept if data is None else {**kept, "node": {"data": data}}


def _holds(path: Path, content: str) -> bool:
    try:
        return path.read_bytes() == content.encode()
    except FileNotFoundError:
        return False
