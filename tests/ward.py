"""A hub and one of its loudspeakers, without a broker: each hears what the other says, in order."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from edge.speaker.clips import ClipHeld
from edge.wire.link import Arrived
from edge.wire.topics import Topics
from hub.outgoing import Outgoing
from hub.people.roles import Role
from tests import factories as make
from tests.factories_hub import Village as Hub
from tests.factories_hub import actor
from tests.fakes_node import Village as Loudspeaker

__all__ = ["LENGTH_S", "Ward"]

LENGTH_S = 12
CLERK = actor(Role.CLERK, Role.APPROVER)
SHARED = {Topics(make.SITE).hub, Topics(make.SITE).order_all}


class Ward:
    """The hub's clock is right, the loudspeaker's is its own. `meet` lets both say what they have to."""

    def __init__(self, hub: Hub, folder: Path) -> None:
        folder.mkdir()
        self.hub = hub
        self.hub.now.at = make.NOW
        self.node = Loudspeaker(folder)
        self._heard = self._said = 0
        hub.enrol(make.NODE, make.AREA, name="Loa 1")
        hub.publishing.refresh()
        self.node.boot()
        self.meet()

    def close(self) -> None:
        self.node.ledger.close()

    def schedule(self, *, in_s: float, is_held: bool = True, **more: Any) -> str:
        """One item for this loudspeaker alone; the occurrence's name. Its recording is there if `is_held`."""
        bulletin = self.hub.bulletin(sha256=make.SHA256, duration_ms=LENGTH_S * 1_000)
        starts_at = make.NOW + timedelta(seconds=in_s)
        draft = self.hub.draft(bulletin, starts_at=starts_at, areas=(), nodes=(make.NODE,), **more)
        [item] = self.hub.schedules.create(CLERK, draft).occurrences
        self.meet()
        if is_held:
            self.hold()
        return item.id

    def hold(self) -> None:
        """The recording is there and verified."""
        self.node.tell(ClipHeld(make.SHA256, 1_000))

    def run(self, seconds: float) -> None:
        """Let time pass for both."""
        self.node.run(seconds)
        self.hub.now.pass_s(seconds)

    def without_power(self, seconds: float) -> None:
        """The plug is pulled for so long; then the program starts again, with its recording."""
        self.node.pull_the_plug()
        self.node.clock.advance(seconds)
        self.hub.now.pass_s(seconds)
        self.node.boot()
        self.hold()

    def meet(self) -> None:
        """A new connection, everything either has to say, and a reading of the loudspeaker."""
        self.node.connect()
        for message in {
            sent.topic: sent for sent in self.hub.line.sent[: self._said] if sent.retain
        }.values():
            self._to_node(message)
        while self._carry():
            pass

    def _carry(self) -> int:
        said = self.node.link.sent[self._heard :]
        self._heard = len(self.node.link.sent)
        if said:
            self.hub.inbox.receive([Arrived(topic, payload, retained=False) for topic, payload, _ in said])
        news = self.hub.line.sent[self._said :]
        self._said = len(self.hub.line.sent)
        for message in news:
            self._to_node(message)
        return len(said) + len(news)

    def _to_node(self, message: Outgoing) -> None:
        if message.topic in SHARED or f"/{make.NODE}/" in message.topic:
            self.node.tell(Arrived(message.topic, message.payload, retained=message.retain))
