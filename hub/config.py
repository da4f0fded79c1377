"""The hub's settings: one TOML file, read whole, every fault reported at once."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from edge.wire.base import Name
from edge.wire.told import reason
from hub.backup.settings import BackupSettings
from hub.command_name import command_name
from hub.config_faults import ConfigFault, WrongSettings, explained

__all__ = [
    "BrokerSettings",
    "ConfigFault",
    "HubSettings",
    "KeepSettings",
    "OfficeSettings",
    "ServerSettings",
    "SiteSettings",
    "TlsSettings",
    "UploadSettings",
    "WrongSettings",
    "load_settings",
]

_MB = 1_000_000
_LONGEST_HOST, _MOST_NAMES = 253, 16
_NAMES = f"1 to {_MOST_NAMES} different names or addresses"
_LOOPBACK = "a loopback address (127.0.0.1, ::1, localhost): [tls] is for all others"
_ADDRESS = "an address of this machine, 0.0.0.0 or :: for all of them"
_ZONE = "the name of a time zone, such as Asia/Ho_Chi_Minh"
_SOCKET = "the path of a socket, such as /run/loa-hub/http.sock"
_BROKER_PORT, _TLS_PORT = 18830, 8883
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def _loopback(host: str) -> str:
    if host != "localhost" and not _is_loopback(host):
        raise ValueError(_LOOPBACK)
    return host


def _address(host: str) -> str:
    try:
        ip_address(host)
    except ValueError as error:
        raise ValueError(_ADDRESS) from error
    return host


def _reachable(name: str) -> str:
    try:
        return str(ip_address(name))
    except ValueError:
        pass
    labels = name.split(".")
    if len(name) > _LONGEST_HOST or labels[-1].isdigit() or not all(map(_LABEL.fullmatch, labels)):
        raise ValueError("an address, or a name in lower case such as loa.lan")
    return name


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _some(names: tuple[str, ...]) -> tuple[str, ...]:
    if not 1 <= len(names) <= _MOST_NAMES or len(set(names)) != len(names):
        raise ValueError(_NAMES)
    return names


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(_ZONE) from error
    return name


Loopback = Annotated[str, AfterValidator(_loopback), Field(description=_LOOPBACK)]
Address = Annotated[str, AfterValidator(_address), Field(description=_ADDRESS)]
Reachable = Annotated[str, AfterValidator(_reachable)]
Port = Annotated[int, Field(ge=1, le=65_535, description="a whole number from 1 to 65535")]
Years = Annotated[int, Field(ge=1, le=100, description="whole years, from 1 to 100")]
Text = Annotated[str, Field(max_length=200, description="a text of at most 200 letters")]
NameText = Annotated[Name, Field(description="1 to 63 of a-z, 0-9 and -, not beginning with -")]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class SiteSettings(_Section):
    """The commune or ward: `id` stands in topics, `name` on pages; the zone is that of its loudspeakers."""

    id: NameText
    name: Annotated[str, Field(min_length=1, max_length=200, description="a text of 1 to 200 letters")]
    timezone: Annotated[str, AfterValidator(_known_zone), Field(description=_ZONE)] = "Asia/Ho_Chi_Minh"


class OfficeSettings(_Section):
    """What stands around an official document; an empty value is made from the site's name, or left out.

    `above` is the office it answers to, `symbol` follows the number, `authority` and `position` stand above
    the signature.
    """

    name: Text = ""
    above: Text = ""
    place: Annotated[str, Field(max_length=100, description="a text of at most 100 letters")] = ""
    symbol: Annotated[str, Field(max_length=40, description="a text of at most 40 letters")] = "/BC-UBND"
    authority: Text = "TM. Ủy ban nhân dân"
    position: Text = "Chủ tịch"


class ServerSettings(_Section):
    """Where pages and API are served: at an address of this machine, or on a Unix socket for a web server in
    front. `url` is how they are reached, when that differs."""

    data: Annotated[str, Field(description="the path of a folder, relative to this file")] = "."
    socket: Annotated[str | None, Field(pattern=r"^/[^\x00]{1,100}$", description=_SOCKET)] = None
    host: Loopback = "127.0.0.1"
    port: Port = 8080
    url: Annotated[
        str | None,
        Field(
            pattern=r"^https?://[^/\s]+$", description="an address such as https://loa.lan, without a path"
        ),
    ] = None


class BrokerSettings(_Section):
    """The broker: `embedded` is written, started and watched by the hub; `outside` stands on its own.

    An outside broker knows the hub as `user` with `password`; its accounts and rules are its keeper's.
    """

    mode: Annotated[Literal["embedded", "outside"], Field(description='"embedded" or "outside"')] = "embedded"
    host: Loopback = "127.0.0.1"
    port: Port = _BROKER_PORT
    user: Annotated[str, Field(min_length=1, description="the name of an account")] = "hub"
    password: Annotated[str, Field(description='a text, with mode = "outside" only')] = ""

    @model_validator(mode="after")
    def _outside_needs_password(self) -> Self:
        if self.mode == "outside" and not self.password:
            raise ValueError("a password for the outside broker")
        if self.mode == "embedded" and self.password:
            raise ValueError("no password: the embedded broker gets a new one at every start")
        return self


class TlsSettings(_Section):
    """Doors that are open to the network. `names` are the addresses and names by which nodes and people reach
    the hub, the first of them the one that nodes are given; `port` is the web server's, for nodes."""

    names: Annotated[
        tuple[Reachable, ...],
        Field(strict=False, description=f"a list of {_NAMES}"),
        AfterValidator(_some),
    ]
    broker_host: Address = "0.0.0.0"  # noqa: S104 - nodes are elsewhere, and come with certificates only
    broker_port: Port = _TLS_PORT
    port: Port = 8443

    @property
    def url(self) -> str:
        """Where people find the pages."""
        return f"https://{self._host}"

    @property
    def node_url(self) -> str:
        """Where nodes reach the hub."""
        return f"https://{self._host}:{self.port}"

    @property
    def _host(self) -> str:
        return f"[{self.names[0]}]" if ":" in self.names[0] else self.names[0]


class ClockSettings(_Section):
    """`rtc` tells that a battery keeps the hub's clock: nodes are told its time before it is in step."""

    rtc: Annotated[bool, Field(description="true or false")] = True


class UploadSettings(_Section):
    """Limits on what is uploaded."""

    max_mb: Annotated[int, Field(ge=1, le=4_000, description="whole megabytes, from 1 to 4000")] = 500
    max_minutes: Annotated[int, Field(ge=1, le=600, description="whole minutes, from 1 to 600")] = 180

    @property
    def max_bytes(self) -> int:
        """The largest file accepted, in bytes."""
        return self.max_mb * _MB


class KeepSettings(_Section):
    """For how many years lines are kept of which nothing is made any more: `entries`, the raw lines of the
    devices' ledgers; `audit`, who did what. What reports and evidence are made of stays."""

    entries_years: Years = 3
    audit_years: Years = 5


class HubSettings(_Section):
    """All settings of one hub. `file` is where they were read."""

    file: Path
    site: SiteSettings
    office: OfficeSettings = OfficeSettings()
    hub: ServerSettings = ServerSettings()
    broker: BrokerSettings = BrokerSettings()
    clock: ClockSettings = ClockSettings()
    uploads: UploadSettings = UploadSettings()
    keep: KeepSettings = KeepSettings()
    tls: TlsSettings | None = None
    backup: BackupSettings | None = None

    @property
    def data(self) -> Path:
        """The data folder; a relative one is relative to the settings file."""
        return self.file.parent / self.hub.data

    @property
    def url(self) -> str:
        """The address of pages and API, without a slash at its end."""
        here = self.tls.url if self.tls else f"http://{self.hub.host}:{self.hub.port}"
        return self.hub.url or here


def load_settings(file: Path) -> HubSettings:
    """Read the settings. Raises `WrongSettings` with every fault at once."""
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        wanted = f"a settings file that can be read ({command_name()} init makes one)"
        raise WrongSettings(ConfigFault(file, "", "file", wanted, reason(error))) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongSettings(ConfigFault(file, "", "file", "TOML in UTF-8", str(error))) from error
    misfits = list(_misfits(file, content))
    try:
        settings = HubSettings.model_validate({**content, "file": file.absolute()})
    except ValidationError as error:
        found = (explained(file, each, model=HubSettings) for each in error.errors())
        raise WrongSettings(*found, *misfits) from error
    if misfits:
        raise WrongSettings(*misfits)
    return settings


def _misfits(file: Path, content: Mapping[str, Any]) -> Iterator[ConfigFault]:
    """What does not fit together, told even where single values are wrong too."""
    server, broker, tls = (_section(content, name) for name in ("hub", "broker", "tls"))
    if "file" in content:  # the one field that is no section
        yield ConfigFault(file, "", "file", "sections only", "something else")
    if "socket" in server and (both := {"host", "port"} & set(server)):
        yield ConfigFault(
            file, "hub", "socket", "a socket, or host and port", f"also {', '.join(sorted(both))}"
        )
    if "tls" in content and "socket" not in server:
        wanted = f"{_SOCKET}, for the web server in front"
        yield ConfigFault(file, "hub", "socket", wanted, "nothing beside [tls]")
    if "tls" in content and broker.get("mode") == "outside":
        yield ConfigFault(file, "broker", "mode", '"embedded" with [tls]', "'outside'")
    if "tls" in content and tls.get("broker_port", 8883) == broker.get("port", 18830):
        yield ConfigFault(
            file,
            "tls",
            "broker_port",
            "a port other than that of [broker]",
            repr(tls.get("broker_port", 8883)),
        )


def _section(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = content.get(name)
    return section if isinstance(section, dict) else {}
