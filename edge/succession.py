"""Other keys of the site: how a node comes back to a hub whose keys were stolen or lost.

While there is no link, and who answers as the hub is not vouched for, the node asks whoever it is for a
succession, and believes the recovery key's signature alone. It pins the keys and starts anew, so that
nothing lasts that the old key signed. Then it has its certificate signed anew, by proving its key. What
remains to be done is read from its files: wherever the plug is pulled, the next run goes on from there.
"""

import json
import logging
import random
import threading
from collections.abc import Callable
from typing import Protocol

from edge.config import NodeSettings
from edge.config_faults import ConfigError
from edge.door import get, post, stranger
from edge.errors import EdgeError, HubNotVerified, HubRefused, IdentityError
from edge.events import Quit, Trouble
from edge.files import write_whole
from edge.identity import check_fit, read_certificate, request_for
from edge.papers import succeed
from edge.trust import Refusal, Settled, succession
from edge.wire.errors import BadMessage
from edge.wire.link import Connected, LinkEvent, Lost
from edge.wire.papers import Papers
from edge.wire.signing import Keyring
from edge.wire.succession import LONGEST_SUCCESSION, Succession
from edge.wire.tls import Tls

__all__ = ["FOREIGN", "HubByHttps", "Succeeding", "SuccessionHub"]

log = logging.getLogger(__name__)

FOREIGN = "hub_foreign"
_IDLE_S, _FIRST_LOOK_S, _SHORTEST_S, _LONGEST_S = 3_600.0, 10.0, 10.0, 600.0
_NO_RECOVERY = "this node knows no recovery key: deploy it again, or enrol it by hand with --again"


class SuccessionHub(Protocol):
    """Who answers as the hub. Raises `HubNotReached`, `HubRefused`, and `HubNotVerified` where it must be
    the hub."""

    def knock(self) -> None:
        """Return if it is the hub."""

    def succession(self) -> bytes:
        """The succession that it has, whoever it is: judge it."""

    def readmit(self, request: str) -> bytes:
        """Papers of the hub for the key of a request (PEM)."""


class HubByHttps:
    """The hub at `url`, asked without a certificate."""

    def __init__(self, url: str, *, tls: Tls) -> None:
        self._url = url.rstrip("/")
        self._authority = tls.authority

    def knock(self) -> None:
        """See `SuccessionHub`."""
        with stranger(authority=self._authority) as client:
            get(client, f"{self._url}/healthz", most=LONGEST_SUCCESSION)

    def succession(self) -> bytes:
        """See `SuccessionHub`."""
        with stranger() as client:
            return get(client, f"{self._url}/api/v1/succession", most=LONGEST_SUCCESSION)

    def readmit(self, request: str) -> bytes:
        """See `SuccessionHub`."""
        question = json.dumps({"request": request}).encode()
        with stranger(authority=self._authority) as client:
            return post(client, f"{self._url}/api/v1/certificates", question)


class Succeeding:
    """Watches over the link, and looks for other keys while there is none. `step` may take a minute; `post`
    only enqueues; `hear`, which the link calls, sets `nudged`. `chance` gives numbers from 0 to 1."""

    def __init__(
        self,
        settings: NodeSettings,
        tls: Tls,
        *,
        hub: SuccessionHub,
        post: Callable[[Trouble | Quit], None],
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._settings = settings
        self._tls = tls
        self._hub = hub
        self._post = post
        self._chance = chance
        self._is_linked: bool | None = None
        self._looks = 0
        self.nudged = threading.Event()

    def hear(self, event: LinkEvent) -> None:
        """Note whether the broker, whose certificate is the hub's, is linked to."""
        if not isinstance(event, Connected | Lost):
            return
        before, self._is_linked = self._is_linked, isinstance(event, Connected)
        if before is not self._is_linked:
            self.nudged.set()

    def step(self) -> float:
        """Do what is to be done; returns the seconds until the next step."""
        if not self._is_certified():
            return self._again_in(self._come_back)
        if self._is_linked:
            self._looks = 0
            self._post(Trouble(FOREIGN, ""))
        if self._is_linked is not False:
            return _IDLE_S
        if not self._looks:
            self._looks = 1
            return _FIRST_LOOK_S * self._chance()
        return self._again_in(self._look)

    def _again_in(self, do: Callable[[], str | None]) -> float:
        """`do` returns what is wrong, empty if nothing is, None if that cannot be told."""
        wrong = do()
        if wrong is not None:
            self._post(Trouble(FOREIGN, wrong))
        if wrong:
            log.warning("%s", wrong)
        wait_s = min(_SHORTEST_S * 2.0 ** min(self._looks, 10), _LONGEST_S)
        self._looks += 1
        return wait_s * (0.5 + 0.5 * self._chance())

    def _is_certified(self) -> bool:
        """Whether the certificate is of the pinned authority; what cannot be read is another's to tell."""
        try:
            pem, authority = self._tls.certificate.read_text(), self._tls.authority.read_text()
            check_fit(pem, key=self._tls.key, authority=authority)
        except IdentityError as error:
            log.info("%s", error)
            return False
        except (OSError, ValueError):
            return True
        return True

    def _look(self) -> str | None:
        try:
            self._hub.knock()
        except HubNotVerified as error:
            return self._succeed(str(error))
        except EdgeError:
            return None
        return ""

    def _come_back(self) -> str | None:
        """Have the certificate signed by the authority that is pinned."""
        try:
            self._take(Papers.decode(self._hub.readmit(request_for(self._tls.key))))
        except HubNotVerified as error:
            return self._succeed(str(error))
        except (HubRefused, IdentityError, BadMessage) as error:
            return f"the site has other keys, and its hub signs no certificate for this node: {error}"
        except (EdgeError, OSError) as error:
            log.warning("no certificate was signed: %s", error)
            return None
        log.info("the hub signed a certificate under its new keys")
        return ""

    def _take(self, papers: Papers) -> None:
        name, found = self._settings.node.name, read_certificate(papers.certificate).node
        if found != name:
            raise HubRefused(f"wanted a certificate of {name}; found one of {found}")
        check_fit(papers.certificate, key=self._tls.key, authority=self._tls.authority.read_text())
        write_whole(self._tls.certificate, papers.certificate.encode(), mode=0o644)

    def _succeed(self, why: str) -> str:
        """Pin what the recovery key vouches for. Returns what is wrong."""
        keys = self._settings.keys
        if keys.recovery is None:
            return f"{why}; {_NO_RECOVERY}"
        try:
            token = self._hub.succession()
        except EdgeError as error:
            return f"{why}; it has no word of new keys: {error}"
        ring, site = Keyring(keys.recovery), self._settings.node.site
        match succession(token, recovery=ring, site=site, number=keys.number):
            case Refusal(reason=reason, detail=detail):
                return f"{why}; its word of new keys is not believed: {reason} {detail}".rstrip()
            case Settled():
                return f"{why}; the keys that it tells of are those that are pinned"
            case Succession() as told:
                return self._pin(told)

    def _pin(self, told: Succession) -> str:
        try:
            succeed(self._tls.authority.parent, told)
        except (IdentityError, ConfigError, OSError, ValueError) as error:
            return f"the site's new keys could not be put in their place: {error}"
        log.warning("the site has new keys, by its recovery key; the program starts anew with them")
        self._post(Quit("the site has new keys"))
        return ""
