"""The link to the broker: the only file that speaks MQTT (3.1.1 semantics; see the README beside it).

The broker is only transport. `publish` hands bytes to the network thread and promises nothing: whoever needs
to know that something arrived waits for an answer of the contract. A link connects again for ever, each time
with a new client, so that the last will always belongs to the present session.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, LogLevel
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from edge.wire.backlog import Backlog
from edge.wire.errors import TlsUnusable
from edge.wire.tls import Tls, client_context, explained

__all__ = ["Arrived", "Broker", "Connected", "Farewell", "Link", "LinkEvent", "Lost"]

_KEEPALIVE_S = 15
_BACKOFF_S = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
_MAX_INFLIGHT = 200
_LOOK_AT_THREAD_S = 1.0
_FAREWELL_LOOKS, _FAREWELL_LOOK_S = 40, 0.05


@dataclass(frozen=True)
class Broker:
    """Where the broker is, and as whom. The client id is the user name: the broker insists on it.

    Who has `tls` proves itself with a certificate, whose files are read anew for each connection, so that a
    renewed one is used; without it, with the password.
    """

    host: str
    port: int
    user: str
    password: str | None = None
    tls: Tls | None = None


@dataclass(frozen=True)
class Farewell:
    """A session's last word: published by the broker if the link breaks, by the link itself when it stops."""

    topic: str
    payload: bytes


@dataclass(frozen=True)
class Connected:
    """A new session began; its subscriptions are asked for."""


@dataclass(frozen=True)
class Lost:
    """The link broke or could not be made; `reason` is for people. It is being tried again."""

    reason: str


@dataclass(frozen=True)
class Arrived:
    """A message; `retained` when the broker had kept it."""

    topic: str
    payload: bytes
    retained: bool


LinkEvent = Connected | Lost | Arrived


class Link:
    """One client's connection. `on_event` is called on the network thread: it must only enqueue.

    `new_session` is called before each attempt and returns that session's farewell.
    """

    def __init__(
        self,
        broker: Broker,
        *,
        subscriptions: tuple[str, ...],
        new_session: Callable[[], Farewell],
        on_event: Callable[[LinkEvent], None],
        keep_session: bool,
    ) -> None:
        self._broker = broker
        self._subscriptions = subscriptions
        self._new_session = new_session
        self._on_event = on_event
        self._keep_session = keep_session
        self._stopping = threading.Event()
        self._ended = threading.Event()
        self._client: Client | None = None
        self._backlog = Backlog()
        self._was_connected = False
        self._refused = False
        self._last_error = ""
        self._farewell: Farewell
        self._thread = threading.Thread(target=self._run, name=f"link-{broker.user}", daemon=True)

    def start(self) -> None:
        """Begin connecting; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Publish the farewell, disconnect in order, and end the thread."""
        self._stopping.set()
        client = self._client
        if client is not None and client.is_connected():
            with suppress(
                RuntimeError, ValueError
            ):  # the connection broke meanwhile: the will is the farewell
                self._say_farewell(client)
            client.disconnect()
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(5.0)

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> bool:
        """Hand a message to the network thread; False when there is no connection now."""
        client = self._client
        if client is None or not client.is_connected():
            return False
        self._backlog.grew()
        client.publish(topic, payload, qos=qos, retain=retain)
        return True

    def wait_for_room(self) -> None:
        """For who has much to say: return once little of it is under way, or after seconds in any case."""
        self._backlog.wait_for_room()

    def _say_farewell(self, client: Client) -> None:
        """Publish it and wait for the broker's word, no longer than the connection lasts."""
        said = client.publish(self._farewell.topic, self._farewell.payload, qos=1, retain=True)
        for _ in range(_FAREWELL_LOOKS):
            said.wait_for_publish(_FAREWELL_LOOK_S)
            if said.is_published() or self._ended.is_set():
                return

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            self._ended.clear()
            self._was_connected = self._refused = False
            self._last_error = ""
            if self._stopping.is_set():
                return
            self._connect_once()
            failures = 0 if self._was_connected else failures + 1
            self._stopping.wait(_BACKOFF_S[min(failures, len(_BACKOFF_S) - 1)])

    def _connect_once(self) -> None:
        self._farewell = self._new_session()
        client = self._make_client(self._farewell)
        try:
            if self._broker.tls is not None:
                client.tls_set_context(client_context(self._broker.tls))
                client.on_log = self._logged
            client.connect(self._broker.host, self._broker.port, keepalive=_KEEPALIVE_S)
        except (OSError, ValueError, TlsUnusable) as error:
            self._on_event(Lost(reason=self._at_broker(str(error))))
            return
        self._client = client
        client.loop_start()
        self._wait_for_end(client)
        client.loop_stop()
        self._client = None

    def _wait_for_end(self, client: Client) -> None:
        """Until the connection ended, or its thread died of what it read or of whom it told."""
        while not self._ended.wait(_LOOK_AT_THREAD_S):
            if client._thread is None:  # nothing public tells
                if not self._ended.is_set():
                    self._on_event(Lost(reason="the connection's thread died"))
                return

    def _make_client(self, farewell: Farewell) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._broker.user,
            clean_session=not self._keep_session,
            reconnect_on_failure=False,
        )
        client.username_pw_set(self._broker.user, self._broker.password)
        client.will_set(farewell.topic, farewell.payload, qos=1, retain=True)
        client.max_inflight_messages_set(_MAX_INFLIGHT)
        client.on_connect = self._connected
        client.on_disconnect = self._disconnected
        client.on_message = self._arrived
        backlog = self._backlog = Backlog()
        client.on_publish = lambda *_: backlog.shrank()
        return client

    def _connected(
        self,
        client: Client,
        _data: Any,
        _flags: ConnectFlags,
        code: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if code.is_failure:
            self._refused = True
            self._on_event(Lost(reason=f"the broker refused {self._broker.user}: {code}"))
            self._ended.set()
            return
        self._was_connected = True
        if self._subscriptions:
            client.subscribe([(topic, 1) for topic in self._subscriptions])
        self._on_event(Connected())

    def _disconnected(
        self,
        _client: Client,
        _data: Any,
        _flags: DisconnectFlags,
        code: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if not self._refused and not self._stopping.is_set():
            reason = self._at_broker(self._last_error) if self._last_error else str(code)
            self._on_event(Lost(reason=reason))
        self._backlog.end()
        self._ended.set()

    def _logged(self, _client: Client, _data: Any, level: int, words: str) -> None:
        """A broker refuses a certificate after the handshake: paho tells why in its log only."""
        if level == LogLevel.MQTT_LOG_ERR:
            self._last_error = words

    def _at_broker(self, said: str) -> str:
        return f"{self._broker.host}:{self._broker.port}: {explained(said)}"

    def _arrived(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        self._on_event(
            Arrived(topic=message.topic, payload=bytes(message.payload), retained=bool(message.retain))
        )
