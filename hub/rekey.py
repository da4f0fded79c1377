"""New keys for a site whose keys were stolen, with its hub or in a backup.

Devices believe the keys that they hold: until it has been deployed again each obeys the thief, and plays by
the plan that it has.
"""

from datetime import datetime
from pathlib import Path

from hub.config import HubSettings
from hub.errors import Unavailable
from hub.files import sync

__all__ = ["KEYS", "set_aside"]

KEYS = ("site-key.json", "authority", "tls")
"""What the hub makes anew when it is missing, within its data folder."""


def set_aside(settings: HubSettings, *, now: datetime) -> Path:
    """Move the keys into a folder of their own beside their places; that folder. Hold the data folder.

    Cut off in the middle it is run again: what was moved already has been made anew by then, or is missing.
    Raises `Unavailable` where there is no site, OSError.
    """
    data = settings.data
    found = [data / name for name in KEYS if (data / name).exists()]
    if not (data / "hub.db").exists() or not found:
        raise Unavailable(f"{data}: there is no site here to give new keys to")
    aside = data / f"keys-until-{now:%Y-%m-%d-%H%M%S}"
    aside.mkdir(mode=0o700)
    for each in found:
        each.rename(aside / each.name)
    sync(aside)
    sync(data)
    return aside
