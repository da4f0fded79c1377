"""What mosquitto reads: its configuration, who may log in, who may say and hear what. Pure texts.

The settings that matter, each for a reason tried on mosquitto 2.0.11:

* `use_username_as_clientid`: otherwise one node takes over another's session with its own password. It counts
  for the listener it stands under.
* `use_subject_as_username`: a certificate counts for one enrolment of a name (see `subject_of`); with one of
  an earlier enrolment, known as revoked or not, one comes in as somebody who may hear and say nothing.
* `max_queued_messages` far away, with a byte limit: the default of 1,000 loses retained states of a large
  fleet; 0 (no limit) makes it end the connection after a forbidden publish, which the client says again.
* `user`: started as root, mosquitto would become `mosquitto` and could not open files of mode 0600.
* `persistence false`: hub and nodes each keep their own durable truth and say it again after a restart; a
  file damaged by a power cut cannot keep the broker from starting.
* `log_type debug`: only there it says `Denied`; the forbidden publish itself is acknowledged.
* `log_dest stderr`: its standard output is buffered when it is a pipe.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from edge.wire.base import MAX_MESSAGE_BYTES
from edge.wire.topics import Topics
from hub.authority import TlsFiles

__all__ = [
    "Account",
    "Denial",
    "TlsListener",
    "acl_text",
    "broker_hash",
    "config_text",
    "denial_in",
    "hub_account",
    "is_refused_login",
    "node_account",
    "passwords_text",
]

# The secrets are random 256-bit numbers: stretching them adds nothing, and nodes log in by the thousand.
_ITERATIONS = 101
_SALT_BYTES = 12
_MAX_QUEUED = 1_000_000
_MAX_QUEUED_BYTES = 256 * 1024 * 1024

_DENIED = re.compile(r"^Denied (?P<action>[A-Z]+) (?:from|to) (?P<user>\S+) \(.*?'(?P<topic>.*)'")


@dataclass(frozen=True)
class Account:
    """Who may log in, by which password hash (empty: by certificate only), and the exact topics they may hear
    and say. `subject` is whom its certificate names; empty where it has none."""

    user: str
    password_hash: str
    hears: tuple[str, ...]
    says: tuple[str, ...]
    subject: str = ""


@dataclass(frozen=True)
class TlsListener:
    """Where nodes come in with their certificates, and the files that say whose are believed."""

    host: str
    port: int
    files: TlsFiles


@dataclass(frozen=True)
class Denial:
    """What a logged-in client tried and may not."""

    user: str
    action: str
    topic: str


def broker_hash(secret: str) -> str:
    """A secret as mosquitto keeps it: `$7$`, PBKDF2 with HMAC-SHA512, salted."""
    salt = secrets.token_bytes(_SALT_BYTES)
    digest = hashlib.pbkdf2_hmac("sha512", secret.encode(), salt, _ITERATIONS)
    return f"$7${_ITERATIONS}${_base64(salt)}${_base64(digest)}"


def hub_account(topics: Topics, *, user: str, password_hash: str) -> Account:
    """The hub's own: everything of its site."""
    everything = (f"{topics.hub.removesuffix('hub')}#",)
    return Account(user, password_hash, hears=everything, says=everything)


def node_account(
    topics: Topics, node: str, *, areas: tuple[str, ...], password_hash: str, subject: str = ""
) -> Account:
    """One node's; `areas` are its own and those above."""
    hears, says = topics.node_hears(node, areas), topics.node_says(node)
    return Account(node, password_hash, hears=hears, says=says, subject=subject)


def passwords_text(accounts: Iterable[Account]) -> str:
    """The password file; who has no password is not in it."""
    return "".join(f"{each.user}:{each.password_hash}\n" for each in accounts if each.password_hash)


def acl_text(accounts: Iterable[Account]) -> str:
    """The access file; what is not named is denied."""
    return "\n".join(_acl_of(each) for each in accounts if each.user)


def config_text(
    *, host: str, port: int, run_as: str, passwords: Path, acl: Path, tls: TlsListener | None = None
) -> str:
    """The configuration file: a listener with passwords, and one with certificates where there is `tls`."""
    return f"""\
# Written by the hub at every start; changes here are lost.
per_listener_settings false
listener {port} {host}
use_username_as_clientid true
{_listener_of(tls) if tls else ""}\
allow_anonymous false
password_file {passwords}
acl_file {acl}
user {run_as}
persistence false
message_size_limit {MAX_MESSAGE_BYTES + 65_536}
max_inflight_messages 200
max_queued_messages {_MAX_QUEUED}
max_queued_bytes {_MAX_QUEUED_BYTES}
persistent_client_expiration 60d
set_tcp_nodelay true
sys_interval 0
log_dest stderr
log_timestamp false
log_type error
log_type warning
log_type notice
log_type debug
"""


def _listener_of(tls: TlsListener) -> str:
    return f"""\
listener {tls.port} {tls.host}
use_username_as_clientid true
cafile {tls.files.authority}
certfile {tls.files.certificate}
keyfile {tls.files.key}
crlfile {tls.files.revoked}
require_certificate true
use_subject_as_username true
tls_version tlsv1.2
"""


def denial_in(line: str) -> Denial | None:
    """What a line of mosquitto's log says was denied, if it does."""
    found = _DENIED.match(line)
    return Denial(found["user"], found["action"], found["topic"]) if found else None


def is_refused_login(line: str) -> bool:
    """Whether a line says that somebody came with a name or password that does not hold."""
    return line.startswith("Client ") and line.endswith("disconnected, not authorised.")


def _acl_of(account: Account) -> str:
    heard = "".join(f"topic read {topic}\n" for topic in account.hears)
    said = "".join(f"topic write {topic}\n" for topic in account.says)
    return f"user {account.user}\n{heard}{said}"


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
