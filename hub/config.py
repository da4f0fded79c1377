"""The hub's settings: one TOML file, read whole, every fault reported at once."""

import tomllib
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from edge.wire.base import Name
from hub.errors import HubError

__all__ = [
    "BrokerSettings",
    "ConfigFault",
    "HubSettings",
    "OfficeSettings",
    "ServerSettings",
    "SiteSettings",
    "UploadSettings",
    "WrongSettings",
    "load_settings",
]

_MB = 1_000_000


@dataclass(frozen=True)
class ConfigFault:
    """One setting that does not hold: where it stands, what was wanted, what was found."""

    file: Path
    section: str
    key: str
    wanted: str
    found: str

    def __str__(self) -> str:
        place = f"[{self.section}] {self.key}".strip() if self.section else self.key
        return f"{self.file}: {place}: wanted {self.wanted}; found {self.found}"


class WrongSettings(HubError):
    """The settings cannot be used; `faults` names every reason."""

    def __init__(self, *faults: ConfigFault) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def _loopback(host: str) -> str:
    if host != "localhost" and not _is_loopback(host):
        raise ValueError("a loopback address (127.0.0.1, ::1, localhost): there is no TLS here")
    return host


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("the name of a time zone, such as Asia/Ho_Chi_Minh") from error
    return name


Loopback = Annotated[str, AfterValidator(_loopback)]
Port = Annotated[int, Field(ge=1, le=65535)]
Title = Annotated[str, Field(min_length=1, max_length=200)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class SiteSettings(_Section):
    """The commune or ward: `id` stands in topics, `name` on pages; the zone is that of its loudspeakers."""

    id: Name
    name: Title
    timezone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Ho_Chi_Minh"


class OfficeSettings(_Section):
    """What stands around an official document; an empty value is made from the site's name, or left out.

    `above` is the office it answers to, `symbol` follows the number, `authority` and `position` stand above
    the signature.
    """

    name: Annotated[str, Field(max_length=200)] = ""
    above: Annotated[str, Field(max_length=200)] = ""
    place: Annotated[str, Field(max_length=100)] = ""
    symbol: Annotated[str, Field(max_length=40)] = "/BC-UBND"
    authority: Annotated[str, Field(max_length=200)] = "TM. Ủy ban nhân dân"
    position: Annotated[str, Field(max_length=200)] = "Chủ tịch"


class ServerSettings(_Section):
    """Where pages and API are served. `url` is how nodes reach them, when that differs."""

    data: str = "."
    host: Loopback = "127.0.0.1"
    port: Port = 8080
    url: Annotated[str, Field(pattern=r"^https?://[^/\s]+$")] | None = None


class BrokerSettings(_Section):
    """The broker: `embedded` is written, started and watched by the hub; `outside` stands on its own.

    An outside broker knows the hub as `user` with `password`; its accounts and rules are its keeper's.
    """

    mode: Literal["embedded", "outside"] = "embedded"
    host: Loopback = "127.0.0.1"
    port: Port = 18830
    user: Annotated[str, Field(min_length=1)] = "hub"
    password: str = ""

    @model_validator(mode="after")
    def _outside_needs_password(self) -> Self:
        if self.mode == "outside" and not self.password:
            raise ValueError("a password for the outside broker")
        if self.mode == "embedded" and self.password:
            raise ValueError("no password: the embedded broker gets a new one at every start")
        return self


class UploadSettings(_Section):
    """Limits on what is uploaded."""

    max_mb: Annotated[int, Field(ge=1, le=4000)] = 500
    max_minutes: Annotated[int, Field(ge=1, le=600)] = 180

    @property
    def max_bytes(self) -> int:
        """The largest file accepted, in bytes."""
        return self.max_mb * _MB


class HubSettings(_Section):
    """All settings of one hub. `file` is where they were read."""

    file: Path
    site: SiteSettings
    office: OfficeSettings = OfficeSettings()
    hub: ServerSettings = ServerSettings()
    broker: BrokerSettings = BrokerSettings()
    uploads: UploadSettings = UploadSettings()

    @property
    def data(self) -> Path:
        """The data folder; a relative one is relative to the settings file."""
        return self.file.parent / self.hub.data

    @property
    def url(self) -> str:
        """The address of pages and API, without a slash at its end."""
        return self.hub.url or f"http://{self.hub.host}:{self.hub.port}"


def load_settings(file: Path) -> HubSettings:
    """Read the settings. Raises `WrongSettings` with every fault at once."""
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        wanted = "a settings file that can be read (loa hub init makes one)"
        raise WrongSettings(ConfigFault(file, "", "file", wanted, error.strerror or str(error))) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongSettings(ConfigFault(file, "", "file", "TOML in UTF-8", str(error))) from error
    try:
        return HubSettings.model_validate({**content, "file": file.absolute()})
    except ValidationError as error:
        raise WrongSettings(*(_explained(file, each) for each in error.errors())) from error


def _explained(file: Path, error: ErrorDetails) -> ConfigFault:
    place = [str(part) for part in error["loc"]]
    section, key = (place[0], ".".join(place[1:])) if len(place) > 1 else ("", ".".join(place))
    if len(place) == 1 and place[0] in HubSettings.model_fields:
        section, key = place[0], ""
    return ConfigFault(file, section, key, _wanted(error), _found(error))


def _wanted(error: ErrorDetails) -> str:
    match error["type"]:
        case "missing":
            return "a value"
        case "extra_forbidden":
            return "nothing of this name"
    return error["msg"].removeprefix("Value error, ")


def _found(error: ErrorDetails) -> str:
    value: Any = error["input"]
    if error["type"] == "missing":
        return "nothing"
    if "password" in error["loc"] or isinstance(value, dict):
        return "something else"
    return repr(value)[:100]
