"""Weeks of a loudspeaker and its hub on a simulated clock, with power cuts, no network and a hub that dies.

Both are the real ones but for the sound, the recordings on disk and the broker. `Witness` notes what was true
of the loudspeaker at each moment, by which it is judged.
"""

import json
import random
from collections import deque
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from sqlite3 import connect

from edge.speaker.clips import ClipHeld
from edge.wire.link import Arrived, Connected
from edge.wire.orders import OrderKind
from edge.wire.plan import MisfireRule
from hub.outgoing import Outgoing
from hub.people.roles import Role
from hub.programme.terms import Rule
from hub.schedules import Draft
from tests import factories as make
from tests.factories_hub import Village as Hub
from tests.factories_hub import actor
from tests.fakes_node import Village as NodeVillage
from tests.fakes_parts import TOPICS
from tests.soak_witness import Span, Witness, end_of

__all__ = ["LENGTH_S", "Soak"]

LENGTH_S = 12
STEP = timedelta(minutes=10)
CLERK = actor(Role.CLERK, Role.APPROVER)
HOURS = (6, 11, 17, 20)
SHARED = {TOPICS.hub, TOPICS.order_all, f"loa/{make.SITE}/area/{make.AREA}/order"}


class Soak:
    """`live` lets days pass; `settle` brings power and network back and lets everything arrive."""

    def __init__(self, folder: Path, *, seed: int) -> None:
        self._folder = folder
        self._dice = random.Random(seed)  # noqa: S311 - moments, no secrets
        self.hub = Hub(folder / "hub.db")
        self.node = NodeVillage(folder)
        self.witness = Witness()
        self.cuts = {"power": 0, "network": 0, "hub": 0}
        self._to_node: deque[Outgoing] = deque()
        self._retained: dict[str, Outgoing] = {}
        self._heard = self._said = 0
        self._disk: dict[str, int] = {}
        self._is_powered = self._is_linked = False
        self._next_power = self._next_network = make.NOW
        self._enrol()
        self._power_on()
        self._network_up()

    @property
    def now(self) -> datetime:
        return self.node.clock.now()

    def close(self) -> None:
        self.hub.close()

    def live(self, days: float) -> None:
        """Let so many days pass, with the programme of a ward and whatever may happen to it."""
        end = self.now + timedelta(days=days)
        self._schedule_for(days)
        while self.now < end:
            self._happen()
            self._pass(self._dice.uniform(60, STEP.total_seconds()))

    def settle(self) -> None:
        """Power and network for half an hour: what is owed arrives. Then it is over."""
        if not self._is_powered:
            self._power_on()
        if not self._is_linked:
            self._network_up()
        self._pass(1_800)
        self.node.ledger.close()

    def _enrol(self) -> None:
        self.hub.now.at = make.NOW
        self.hub.enrol(make.NODE, make.AREA, name="Loa")
        self.hub.publishing.refresh()

    def _schedule_for(self, days: float) -> None:
        """Four a day; and once-offs that may come late, be joined, take precedence, or be cancelled."""
        first = self.now.replace(minute=0, second=0) + timedelta(hours=1)
        for hour in HOURS:
            at = first + timedelta(hours=(hour - first.hour - 7) % 24)
            self._make(at, rule=Rule.DAILY)
        for number in range(int(days * 6)):
            at = first + timedelta(minutes=17 + self._dice.randrange(int(days * 24 * 60)) // 30 * 30)
            late = {"misfire": MisfireRule.LATE, "late_s": 1_200} if number % 3 == 0 else {}
            self._make(at, **late)

    def _make(self, starts_at: datetime, **more: object) -> None:
        number = len(self._disk) + 1
        bulletin = self.hub.bulletin(f"Tin {number}", sha256=f"{number:064x}", duration_ms=LENGTH_S * 1_000)
        draft = Draft(bulletin=bulletin, starts_at=starts_at, areas=(make.AREA,), **more)  # type: ignore[arg-type]
        finding = self.hub.schedules.check(CLERK, draft)
        if not finding.conflicts and not finding.invalid:
            self.hub.schedules.create(CLERK, draft)

    def _happen(self) -> None:
        dice, now = self._dice, self.now
        if now >= self._next_power:
            self._power_off() if self._is_powered else self._power_on()
            hours = dice.expovariate(1 / 9) if self._is_powered else dice.expovariate(1 / 0.5)
            self._next_power = now + timedelta(hours=hours)
        if now >= self._next_network:
            self._network_down() if self._is_linked else self._network_up()
            hours = dice.expovariate(1 / 10) if self._is_linked else dice.expovariate(1 / 5)
            self._next_network = now + timedelta(hours=hours)
        if dice.random() < 0.01:
            self._kill_hub()
        if dice.random() < (0.02 if self.hub.orders.current() is None else 0.06):
            self._stop_or_resume()
        if dice.random() < 0.004:
            self._cancel_one()
        if dice.random() < 0.1:
            self.hub.publishing.refresh()

    def _stop_or_resume(self) -> None:
        kind = OrderKind.STOP if self.hub.orders.current() is None else OrderKind.RESUME
        self.hub.orders.issue(CLERK, kind=kind, everywhere=True)

    def _cancel_one(self) -> None:
        once = [
            of
            for of in self.hub.schedules.occurrences(self.now, self.now + timedelta(days=3))
            if not of.cancelled
        ]
        once = [of for of in once if of.occurrence.schedule.rule is Rule.ONCE]
        if once:
            self.hub.schedules.cancel(CLERK, self._dice.choice(once).occurrence.schedule.id)

    def _kill_hub(self) -> None:
        """Its process is gone without a word; another one finds the file and says who it is."""
        self.cuts["hub"] += 1
        self.hub.close()
        self.hub.open()
        session = f"{self._dice.getrandbits(128):032x}"
        self._send(Outgoing(TOPICS.hub, make.hub_state(session=session, at=self.now).encode(), retain=True))
        self.hub.publishing.republish()

    def _power_on(self) -> None:
        self.node.boot()
        self._is_powered = True
        self.witness.powered.append(Span(self.now))
        for sha256, size in self._disk.items():
            self.node.tell(ClipHeld(sha256, size))
        if self._is_linked:
            self._is_linked = False
            self._network_up()

    def _power_off(self) -> None:
        self.cuts["power"] += 1
        self._is_powered = False
        self._note_sounds()
        self.node.pull_the_plug()
        end_of(self.witness.powered, self.now)
        self._lose_what_is_under_way()

    def _network_up(self) -> None:
        self._is_linked = True
        if not self._is_powered:
            return
        self.node.sessions.new()
        self.node.link.up = True
        self.node.tell(Connected())
        self._to_node = deque(self._retained.values())

    def _network_down(self) -> None:
        self.cuts["network"] += 1
        self._is_linked = False
        if self._is_powered:
            self.node.disconnect()
        self._lose_what_is_under_way()

    def _lose_what_is_under_way(self) -> None:
        """Part of it may have arrived; then the broker tells the hub."""
        self._carry_up(share=self._dice.random())
        self._to_node.clear()
        gone = make.gone(session=self.node.sessions.current).encode()
        self.hub.inbox.receive([Arrived(TOPICS.node(make.NODE, "state"), gone, retained=False)])

    def _pass(self, seconds: float) -> None:
        end = self.now + timedelta(seconds=seconds)
        while self.now < end:
            self._carry()
            is_busy = self._to_node or self.node.stage.acts
            step_s = min((end - self.now).total_seconds(), 5.0 if is_busy else 60.0)
            if self._is_powered:
                self.node.run(step_s)
            else:
                self.node.clock.advance(step_s)
            self.hub.now.at = self.now
            self._cut_short()
        self._carry()

    def _cut_short(self) -> None:
        """Now and then the power fails just while something sounds, which is a small part of a day."""
        if self._is_powered and self.node.stage.is_sounding and self._dice.random() < 0.1:
            self._power_off()
            self._next_power = self.now + timedelta(minutes=self._dice.uniform(1, 30))

    def _carry(self) -> None:
        """Take everything both ways until nobody has anything more to say."""
        for _ in range(50):
            moved = self._carry_up(share=1.0) + self._carry_down()
            if not moved:
                return
        raise AssertionError("hub and node do not come to rest")

    def _carry_up(self, *, share: float) -> int:
        said = self.node.link.sent[self._heard :]
        self._heard = len(self.node.link.sent)
        arrived = said[: round(len(said) * share)]
        if arrived:
            self.hub.inbox.receive([Arrived(topic, payload, retained=False) for topic, payload, _ in arrived])
        return len(arrived)

    def _carry_down(self) -> int:
        for message in self.hub.line.sent[self._said :]:
            self._send(message)
        self._said = len(self.hub.line.sent)
        if not (self._is_powered and self._is_linked):
            return 0
        count = len(self._to_node)
        while self._to_node:
            message = self._to_node.popleft()
            self.node.tell(Arrived(message.topic, message.payload, retained=message.retain))
        self._note_sounds()
        self._fetch(wanted.sha256 for wanted in self.node.clips.wanted)
        self._note_knowledge()
        return count

    def _send(self, message: Outgoing) -> None:
        if message.topic not in SHARED and f"/{make.NODE}/" not in message.topic:
            return
        if message.retain:
            self._retained[message.topic] = message
        if self._is_powered and self._is_linked:
            self._to_node.append(message)

    def _fetch(self, wanted: Iterable[str]) -> None:
        for sha256 in wanted:
            if sha256 not in self._disk:
                self._disk[sha256] = 1_000
                self.node.tell(ClipHeld(sha256, 1_000))

    def _note_sounds(self) -> None:
        """Move what has sounded from the stage to the witness."""
        over = [act for act in self.node.stage.acts if act.is_over or not self._is_powered]
        for act in over:
            if act.started_at is not None:
                self.witness.sounded.append((act.play_id, act.started_at))
        self.node.stage.acts = [act for act in self.node.stage.acts if act not in over]

    def _note_knowledge(self) -> None:
        """What the loudspeaker may act on now: the programme it holds, and whether it is stopped."""
        holdings, now = self.node.holdings, self.now
        plan = holdings.held.plan
        held = {o.id for o in plan.occurrences} if plan is not None else set()
        for name in held:
            spans = self.witness.known.setdefault(name, [])
            if not spans or spans[-1].end is not None:
                spans.append(Span(now))
        for name, spans in self.witness.known.items():
            if name not in held:
                end_of(spans, now)
        is_stopped = holdings.in_force.stopped is not None
        if is_stopped and (not self.witness.stopped or self.witness.stopped[-1].end is not None):
            self.witness.stopped.append(Span(now))
        if not is_stopped:
            end_of(self.witness.stopped, now)

    def written(self) -> list[tuple[int, str, str]]:
        """Number, kind and body of all that the loudspeaker ever wrote."""
        with closing(connect(self._folder / "ledger.db")) as db:
            return db.execute("SELECT seq, kind, body FROM entries ORDER BY seq").fetchall()

    def stored(self) -> list[tuple[int, str, str]]:
        """The same, as the hub has it."""
        found = self.hub.fleet.ledger(make.NODE, limit=1_000_000)
        return sorted((row.seq, row.kind, json.dumps(row.body, sort_keys=True)) for row in found)

    def late_s(self) -> dict[str, int]:
        """How late the schedules may be that may."""
        every = (kept.scheduled for kept in self.hub.schedules.all())
        return {each.id: each.misfire.late_s for each in every}
