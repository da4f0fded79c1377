"""The section `[backup]` of the hub's settings."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["BackupSettings"]


class BackupSettings(BaseModel):
    """Where backups are kept, and how many. `folder` is relative to the data folder; `second` is a folder on
    another disk, such as a USB stick or a network share, or empty."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    folder: Annotated[str, Field(min_length=1, description="the path of a folder")] = "backups"
    keep: Annotated[int, Field(ge=1, le=1_000, description="a whole number from 1 to 1000")] = 14
    second: Annotated[
        str, Field(pattern=r"^(/.*)?$", description="the path of a folder on another disk, or nothing")
    ] = ""
