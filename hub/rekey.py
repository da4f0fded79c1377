"""New keys for a site whose keys were stolen, with its hub or in a backup.

They are made and made durable in a folder of their own, whose renaming is the instant of the change; then
each takes its place. Until all have, no hub starts on them: a start runs `finish` first.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import chain
from itertools import count as count_from
from pathlib import Path

from edge.wire.signing import SigningKey
from hub.authority_x509 import new_issuer
from hub.config import HubSettings
from hub.errors import Unavailable
from hub.files import sync, write_private
from hub.recovery import FILE, kept, next_number

__all__ = ["KEYS", "check_finished", "check_site", "finish", "new_keys", "put_in_place"]

KEYS = ("site-key.json", "authority", "tls", "succession.jws")
"""What changes, within the hub's data folder. The doors' certificate is made anew when the hub starts."""

_STAGE, _PART, _PLAN = ".rekey", ".rekey.part", "plan.json"


def new_keys(settings: HubSettings, *, now: datetime) -> dict[str, str]:
    """The texts of new key files, by their names within the data folder. Raises `Unavailable`, OSError."""
    made = {"site-key.json": SigningKey.generate().to_json()}
    if recovery := kept(settings.data):
        made[FILE] = replace(recovery, number=next_number(recovery, now=now)).text()
    if settings.tls is not None:
        made["authority/authority.pem"] = new_issuer(settings.site.id, settings.tls.names).text
    return made


def put_in_place(data: Path, made: Mapping[str, str], *, now: datetime) -> Path:
    """Put key files in the place of those of the site; the folder in which the old ones are kept.

    Hold the data folder. Cut off anywhere, the keys are the old ones, or the new ones once `finish` has been
    called. Raises `Unavailable` where there is no site, OSError.
    """
    check_site(data)
    old = [name for name in KEYS if (data / name).exists()]
    aside = _free_name(data, f"keys-until-{now:%Y-%m-%d-%H%M%S}")
    _stage(data, made, {"aside": aside, "old": old})
    finish(data)
    return data / aside


def check_site(data: Path) -> None:
    """Raises `Unavailable` where there is no site."""
    if not (data / "hub.db").exists() or not any((data / name).exists() for name in KEYS):
        raise Unavailable(f"{data}: there is no site here to give new keys to")


def finish(data: Path) -> bool:
    """Put the new keys in their place where that was begun; whether it was. Hold the folder.

    What a command that was under way made meanwhile in the place of one that was moved is set aside too.
    Raises OSError.
    """
    stage = data / _STAGE
    try:
        plan = json.loads((stage / _PLAN).read_text(encoding="utf-8"))
    except FileNotFoundError:
        _clear(data)
        return False
    aside = data / plan["aside"]
    aside.mkdir(mode=0o700, exist_ok=True)
    for name in plan["old"]:
        if (data / name).exists() and not (aside / name).exists():
            (data / name).rename(aside / name)
    for path in sorted(stage.iterdir()):
        if path.name in KEYS and (data / path.name).exists():
            (data / path.name).rename(aside / _free_name(aside, f"{path.name}-meanwhile"))
    _sync(aside, data)
    for path in sorted(stage.iterdir()):
        if path.name != _PLAN:
            path.rename(data / path.name)
    _sync(data, stage)
    stage.rename(data / _PART)
    _clear(data)
    return True


def check_finished(data: Path) -> None:
    """Raises `Unavailable` where new keys were begun to be put in their place, and are not all there."""
    if (data / _STAGE).exists():
        raise Unavailable(
            f"{data}: the change of the site's keys was cut off. Start the hub, or run loa-hub rekey: either"
            " finishes it"
        )


def _stage(data: Path, made: Mapping[str, str], plan: Mapping[str, object]) -> None:
    _clear(data)
    part = data / _PART
    part.mkdir(mode=0o700)
    for name, text in {**made, _PLAN: json.dumps(plan)}.items():
        (part / name).parent.mkdir(mode=0o700, exist_ok=True)
        write_private(part / name, text)
    sync(part)
    part.rename(data / _STAGE)
    sync(data)


def _clear(data: Path) -> None:
    if (data / _PART).exists():
        shutil.rmtree(data / _PART)
        sync(data)


def _sync(*folders: Path) -> None:
    for folder in folders:
        sync(folder)


def _free_name(folder: Path, name: str) -> str:
    names = chain([name], (f"{name}-{count}" for count in count_from(2)))
    return next(each for each in names if not (folder / each).exists())
