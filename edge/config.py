"""A node's settings: one TOML file, read whole, every fault in it reported at once.

The file may hold the node's secret and must be readable by its owner only. `hub.enroll` or `edge.papers`
writes it; its sections and keys are the classes below, their defaults and limits included.
"""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, ValidationError, model_validator

from edge.clock import SourceName
from edge.config_counter import CameraSettings, CounterSettings
from edge.config_faults import ConfigError, Location, SettingFault, explain
from edge.config_file import faults_of_mode, read_content
from edge.config_local import local_beside, placed, read_local, with_local
from edge.config_section import Section
from edge.config_tls import URL, TlsSettings, tls_misfits
from edge.wire import succession
from edge.wire.base import Name, Number
from edge.wire.link import Broker
from edge.wire.signing import Keyring
from edge.wire.tls import Tls

__all__ = [
    "AmplifierSettings",
    "BrokerSettings",
    "CameraSettings",
    "ClockSettings",
    "ConfigError",
    "CounterSettings",
    "HubSettings",
    "KeySettings",
    "NodeSettings",
    "SettingFault",
    "SoundSettings",
    "TlsSettings",
    "WhoSettings",
    "load_amplifier",
    "load_settings",
    "read_settings",
]


NameText = Annotated[Name, Field(description="1 to 63 of a-z, 0-9 and -, not beginning with -")]
_KEY = "an Ed25519 public key: 43 characters of base64url"
PublicKey = Annotated[succession.PublicKey, Field(description=_KEY)]
Seconds = Annotated[float, Field(ge=1, le=60, description="seconds, from 1 to 60")]
DelayMs = Annotated[int, Field(ge=0, le=1_000, description="whole milliseconds, from 0 to 1000")]
SwitchMs = Annotated[int, Field(ge=0, le=10_000, description="whole milliseconds, from 0 to 10000")]


class WhoSettings(Section):
    """`[node]`: which node this is. `areas` are its own area and those above it, nearest first."""

    site: NameText
    name: NameText
    kind: Annotated[Literal["speaker", "counter"], Field(description='"speaker" or "counter"')]
    areas: Annotated[
        tuple[NameText, ...],
        Field(strict=False, min_length=1, max_length=16, description="a list of 1 to 16 names of areas"),
    ]
    data: Annotated[
        Path,
        Field(strict=False, description="a folder for ledger and recordings, relative to this file"),
    ] = Path("data")


class BrokerSettings(Section):
    """`[broker]`: where the MQTT broker is. The user is the node's name; the password stands in for
    `[tls]` where nothing leaves this machine."""

    host: Annotated[str, Field(min_length=1, max_length=253, description="a host name or address")]
    port: Annotated[int, Field(ge=1, le=65_535, description="a whole number from 1 to 65535")]
    password: Annotated[
        SecretStr | None,
        Field(min_length=16, description="a secret of at least 16 characters, where there is no [tls]"),
    ] = None


class HubSettings(Section):
    """`[hub]`: where recordings are fetched, with the node's certificate, or its name and password."""

    url: Annotated[
        str,
        Field(
            pattern=URL,
            description="an https:// address, or an http:// address of this machine where there is no [tls]",
        ),
    ]


class KeySettings(Section):
    """`[keys]`: whom this node obeys: the site's key, which has a number; and the recovery key, which alone
    may replace it, by one of a higher number, and is obeyed in nothing else."""

    site: PublicKey
    recovery: Annotated[PublicKey | None, Field(description=_KEY)] = None
    number: Annotated[Number, Field(description="a whole number from 0")] = 0


class ClockSettings(Section):
    """`[clock]`: who vouches for the system's time; `rtc` tells that a battery keeps it."""

    source: Annotated[SourceName, Field(description='"chrony", "timesyncd" or "assume"')] = "chrony"
    rtc: Annotated[bool, Field(description="true or false")] = False


class SoundSettings(Section):
    """`[sound]`: where sound goes. `device` is the device's exact name (none: the system's default);
    `file_limit_mb` bounds what a file output keeps; `delay_ms` holds every play back; `arm_s` is how long
    before an occurrence the output is opened."""

    output: Annotated[Literal["device", "file"], Field(description='"device" or "file"')]
    device: Annotated[
        str | None, Field(min_length=1, description='the name of a sound device, with output = "device" only')
    ] = None
    file_limit_mb: Annotated[
        int, Field(ge=1, le=100_000, description="whole megabytes, from 1 to 100000")
    ] = 200
    delay_ms: DelayMs = 0
    arm_s: Seconds = 42.0

    @model_validator(mode="after")
    def _device_fits_output(self) -> Self:
        if self.device is not None and self.output != "device":
            raise ValueError('a device stands with output = "device" only')
        return self


class AmplifierSettings(Section):
    """`[amplifier]`: how the amplifier is switched. `pin` is its BCM number; `warm_up_ms` passes between
    power and sound, `hold_ms` between sound and power off; `watchdog_s` switches off if the program hangs."""

    pins: Annotated[Literal["lgpio", "mock", "none"], Field(description='"lgpio", "mock" or "none"')] = "none"
    pin: Annotated[int, Field(ge=0, le=27, description="a BCM pin number from 0 to 27")] = 17
    active_high: Annotated[bool, Field(description="true or false")] = True
    warm_up_ms: SwitchMs = 300
    hold_ms: SwitchMs = 2_000
    watchdog_s: Seconds = 10.0


class _AmplifierOnly(Section):
    amplifier: AmplifierSettings


class NodeSettings(Section):
    """One node's settings. `sound` is there for a loudspeaker, and only for one; `counter` and `camera` are a
    counter's."""

    node: WhoSettings
    broker: BrokerSettings
    hub: HubSettings
    keys: KeySettings
    tls: Annotated[
        TlsSettings | None, Field(description="a section [tls], for a broker and a hub that are elsewhere")
    ] = None
    clock: ClockSettings = ClockSettings()
    sound: Annotated[
        SoundSettings | None, Field(description='a section [sound], with kind = "speaker" only')
    ] = None
    amplifier: AmplifierSettings = AmplifierSettings()
    counter: Annotated[
        CounterSettings | None, Field(description='a section [counter], with kind = "counter" only')
    ] = None
    camera: Annotated[
        tuple[CameraSettings, ...],
        Field(
            strict=False,
            max_length=16,
            description='up to 16 sections [[camera]] of different names, with kind = "counter" only',
        ),
    ] = ()

    @model_validator(mode="after")
    def _sections_fit_kind(self) -> Self:
        if (self.sound is not None) != (self.node.kind == "speaker"):
            raise ValueError("a loudspeaker has a section [sound], and nothing else has")
        if self.node.kind != "counter" and (self.counter is not None or self.camera):
            raise ValueError("a counter has sections [counter] and [[camera]], and nothing else has")
        if len({camera.name for camera in self.camera}) != len(self.camera):
            raise ValueError("cameras of different names")
        return self

    @model_validator(mode="after")
    def _credentials_fit_places(self) -> Self:
        misfits = tls_misfits(
            host=self.broker.host,
            url=self.hub.url,
            has_password=self.broker.password is not None,
            has_tls=self.tls is not None,
        )
        if any(misfits):
            raise ValueError("[tls] and https for what is elsewhere, and [tls] or a password, not both")
        return self

    def broker_link(self) -> Broker:
        """Broker and credentials, as the link takes them."""
        broker = self.broker
        return Broker(
            host=broker.host,
            port=broker.port,
            user=self.node.name,
            password=self.password(),
            tls=self.tls_files(),
        )

    def password(self) -> str | None:
        """The node's secret, where it has no certificate."""
        return None if self.broker.password is None else self.broker.password.get_secret_value()

    def tls_files(self) -> Tls | None:
        """What the node proves itself with, where it has a certificate."""
        return None if self.tls is None else self.tls.files()

    def keyring(self) -> Keyring:
        """The key that plans and orders are signed with."""
        return Keyring(self.keys.site)


def load_settings(path: Path) -> NodeSettings:
    """Read the settings at `path`, with the sections of local.toml beside it in the place of its own; paths
    come out absolute. Raises `ConfigError` with every fault, each told of the file that it stands in."""
    open_to_others, local = faults_of_mode(path), local_beside(path)
    sections: dict[str, Any] = {}
    try:
        sections = {} if local is None else read_local(local)
        settings = read_settings(path, with_local(read_content(path), sections))
    except ConfigError as error:
        told = [placed(fault, local, sections) for fault in error.faults]
        raise ConfigError([*open_to_others, *told]) from error
    if open_to_others:
        raise ConfigError(open_to_others)
    return settings.model_copy(update=_placed(settings, path.parent.resolve()))


def read_settings(path: Path, content: dict[str, Any]) -> NodeSettings:
    """The settings in the `content` of the file at `path`. Raises `ConfigError` with every fault."""
    try:
        return NodeSettings.model_validate(content)
    except ValidationError as error:
        found = explain(path, NodeSettings, content, error=error, misfits=_misfits(content))
        raise ConfigError(list(found)) from error


def load_amplifier(path: Path) -> AmplifierSettings:
    """`[amplifier]` alone, from files whose other sections need not hold. Raises `ConfigError`."""
    local = local_beside(path)
    sections = read_content(path) | ({} if local is None else read_content(local))
    content = {"amplifier": sections.get("amplifier", {})}
    try:
        return _AmplifierOnly.model_validate(content).amplifier
    except ValidationError as error:
        raise ConfigError(list(explain(path, _AmplifierOnly, content, error=error, misfits=[]))) from error


def _placed(settings: NodeSettings, folder: Path) -> dict[str, Section]:
    """The sections that hold paths, relative to `folder`."""
    node, tls = settings.node, settings.tls
    placed: dict[str, Section] = {"node": node.model_copy(update={"data": (folder / node.data).resolve()})}
    if tls is not None:
        placed["tls"] = tls.model_copy(update={name: folder / value for name, value in tls})
    return placed


def _misfits(content: dict[str, Any]) -> list[Location]:
    """What does not fit together, told even where single values are wrong too."""
    found: list[Location] = []
    kind, sound = _value(content, "node", "kind"), content.get("sound")
    if (kind == "speaker" and sound is None) or (kind == "counter" and sound is not None):
        found.append(("sound",))
    found.extend((section,) for section in ("counter", "camera") if kind == "speaker" and section in content)
    if _value(content, "sound", "device") is not None and _value(content, "sound", "output") == "file":
        found.append(("sound", "device"))
    if isinstance(content.get("broker"), dict):
        found.extend(
            tls_misfits(
                host=_value(content, "broker", "host"),
                url=_value(content, "hub", "url"),
                has_password=_value(content, "broker", "password") is not None,
                has_tls="tls" in content,
            )
        )
    return found


def _value(content: dict[str, Any], section: str, key: str) -> object:
    values = content.get(section)
    return values.get(key) if isinstance(values, dict) else None
