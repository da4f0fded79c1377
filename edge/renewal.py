"""The node's certificate is renewed before it ends, without a visit: the hub signs the same key again.

A new key would protect nothing that the old one does not (it never left the node), and two files would have
to change as one. So one file changes, whole; every later connection shows it.
"""

import json
import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from edge.clock import Clock
from edge.errors import EdgeError, HubRefused, IdentityError
from edge.events import Trouble
from edge.files import write_whole
from edge.identity import Certificate, check_fit, read_certificate, request_for
from edge.wire.base import ClockState
from edge.wire.errors import BadMessage
from edge.wire.papers import Papers
from edge.wire.tls import Tls

__all__ = ["EXPIRING", "Renewal", "RenewingHub", "is_due", "is_near"]

log = logging.getLogger(__name__)

EXPIRING = "certificate_expiring"
_LIFE = timedelta(days=730)  # what a hub gives; a certificate may begin long before it was signed
_FIRST_LOOK_S, _LOOK_S, _TRY_AGAIN_S, _ASK_CLOCK_S = 600.0, 86_400.0, 3_600.0, 600.0


def is_due(certificate: Certificate, now: datetime) -> bool:
    """Whether less than a third of its time remains."""
    return certificate.ends - now < _life(certificate) / 3


def is_near(certificate: Certificate, now: datetime) -> bool:
    """Whether less than a sixth remains: people should know that it could not be renewed."""
    return certificate.ends - now < _life(certificate) / 6


def _life(certificate: Certificate) -> timedelta:
    return min(certificate.ends - certificate.begins, _LIFE)


class RenewingHub(Protocol):
    """The hub that signs; see `edge.door.Door`."""

    def post(self, path: str, message: bytes) -> bytes:
        """Send JSON and return JSON. Raises `EdgeError`."""


class Renewal:
    """Looks once a day at the certificate in `tls`. `step` may take a minute; `post` only enqueues.

    `chance` gives numbers from 0 to 1: nodes that woke together should not ask together.
    """

    def __init__(
        self,
        tls: Tls,
        *,
        node: str,
        hub: RenewingHub,
        clock: Clock,
        post: Callable[[Trouble], None],
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._tls = tls
        self._node = node
        self._hub = hub
        self._clock = clock
        self._post = post
        self._chance = chance
        self._is_first = True

    def step(self) -> float:
        """Renew if it is due and the time is known; returns the seconds until the next step."""
        if self._is_first:
            self._is_first = False
            return self._chance() * _FIRST_LOOK_S
        if self._clock.reading().state is ClockState.UNTRUSTED:
            return _ASK_CLOCK_S
        return self._look() * (0.75 + 0.5 * self._chance())

    def _look(self) -> float:
        try:
            held = read_certificate(self._tls.certificate.read_text())
        except (OSError, ValueError, IdentityError) as error:
            self._post(Trouble(EXPIRING, f"{self._tls.certificate}: {error}"))
            return _TRY_AGAIN_S
        now = self._clock.now()
        if not is_due(held, now):
            self._post(Trouble(EXPIRING, ""))
            return _LOOK_S
        return self._renew(held, is_near=is_near(held, now))

    def _renew(self, held: Certificate, *, is_near: bool) -> float:
        try:
            renewed = self._ask(held)
        except (EdgeError, BadMessage, OSError) as error:
            log.warning("the certificate, which ends at %s, was not renewed: %s", held.ends, error)
            if is_near:
                self._post(Trouble(EXPIRING, f"it ends at {held.ends.isoformat()}; {error}"))
            return _TRY_AGAIN_S
        log.info("the certificate was renewed until %s", renewed.ends)
        self._post(Trouble(EXPIRING, ""))
        return _LOOK_S

    def _ask(self, held: Certificate) -> Certificate:
        question = json.dumps({"request": request_for(self._tls.key)}).encode()
        given = Papers.decode(self._hub.post("/api/v1/certificates", question)).certificate
        renewed = read_certificate(given)
        if renewed.node != self._node:
            raise HubRefused(f"wanted a certificate of {self._node}; found one of {renewed.node}")
        if renewed.ends <= held.ends:
            raise HubRefused(f"wanted a certificate that ends after {held.ends}; found {renewed.ends}")
        check_fit(given, key=self._tls.key, authority=self._tls.authority.read_text())
        write_whole(self._tls.certificate, given.encode(), mode=0o644)
        return renewed
