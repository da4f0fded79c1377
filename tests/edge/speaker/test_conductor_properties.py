"""What holds for every programme: the conductor drives a pretended output through random evenings."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from edge.speaker.conductor import decide
from edge.speaker.situation import Current, Decision, Situation
from edge.speaker.standing import InForce
from edge.wire.base import Priority
from edge.wire.entries import Outcome, Reason
from edge.wire.house_rules import HouseRules, QuietHours
from edge.wire.plan import Misfire, MisfireRule, PlannedOccurrence
from tests import factories as make

BEGIN = datetime(2026, 11, 20, 14, 50, tzinfo=UTC)  # ten minutes before the quiet hours, 22:00 in Việt Nam
QUIET = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
SPAN_S = 900
RULES = HouseRules(quiet=(QuietHours(start="22:00", end="06:00"),))
SECOND = timedelta(seconds=1)

seconds = st.integers(0, SPAN_S)
misfires = st.one_of(
    st.just(Misfire()),
    st.builds(Misfire, rule=st.just(MisfireRule.LATE), late_s=st.integers(0, 120)),
    st.just(Misfire(rule=MisfireRule.JOIN)),
)
silences = st.lists(st.tuples(seconds, st.booleans(), st.booleans()), max_size=4)


@st.composite
def programmes(draw: st.DrawFn) -> tuple[PlannedOccurrence, ...]:
    drawn = draw(
        st.lists(
            st.tuples(seconds, st.integers(1, 200), st.sampled_from(Priority), misfires, st.booleans()),
            min_size=1,
            max_size=8,
        )
    )
    occurrences = [
        make.occurrence(
            id=f"o-{number}",
            due_at=BEGIN + due * SECOND,
            duration_ms=length * 1000,
            priority=priority,
            misfire=misfire,
            recordings=(make.SHA256 if held else make.OTHER_SHA256,),
        )
        for number, (due, length, priority, misfire, held) in enumerate(drawn)
    ]
    return tuple(sorted(occurrences, key=lambda o: o.due_at))


@dataclass
class Sound:
    occurrence: PlannedOccurrence
    start: datetime
    end: datetime | None = None


@dataclass
class Evening:
    """The world around the conductor. The output starts and ends on the instant, and fades in no time."""

    situation: Situation
    silences: list[tuple[int, bool, bool]]
    outcomes: Counter[str] = field(default_factory=Counter)
    sounds: list[Sound] = field(default_factory=list)
    cut: Reason | None = None

    def run(self) -> None:
        until = BEGIN + 2 * SPAN_S * SECOND
        for _ in range(5_000):
            self.act(decide(self.situation))
            upcoming = [instant for instant in self.instants() if instant > self.situation.now]
            if not upcoming or min(upcoming) > until:
                return
            self.move_to(min(upcoming))
        raise AssertionError("the conductor does not come to rest")

    def instants(self) -> list[datetime]:
        wake_at = decide(self.situation).wake_at
        own = [BEGIN + at * SECOND for at, _, _ in self.silences]
        own += [wake_at] if wake_at else []
        if self.situation.current is not None:
            own += [self.sounds[-1].start, self.end_of(self.sounds[-1])]
        return own

    def end_of(self, sound: Sound) -> datetime:
        occurrence = sound.occurrence
        length = timedelta(milliseconds=occurrence.duration_ms)
        if occurrence.misfire.rule is MisfireRule.JOIN:
            return max(sound.start, occurrence.due_at + length)
        return sound.start + length

    def move_to(self, now: datetime) -> None:
        self.situation = replace(self.situation, now=now)
        for at, stopped, muted in self.silences:
            if now == BEGIN + at * SECOND:
                mark = make.stop_mark() if stopped else None
                self.situation = replace(self.situation, in_force=InForce(stopped=mark, muted=muted))
        current = self.situation.current
        if current is not None and now >= self.end_of(self.sounds[-1]):
            self.end(now)
            self.finish(current.occurrence, Outcome.PLAYED)
        current = self.situation.current
        if current is not None and now >= self.sounds[-1].start:
            self.situation = replace(self.situation, current=replace(current, started=True))

    def act(self, decision: Decision) -> None:
        for closing in decision.closings:
            self.finish(closing.occurrence, closing.outcome)
        for occurrence, reason in reversed(list(decision.cuts.items())):
            self.silence(occurrence, reason)
        if decision.arm is not None:
            self.arm(decision.arm)
        if decision.cuts or decision.arm:
            self.act(decide(self.situation))

    def arm(self, occurrence: PlannedOccurrence) -> None:
        assert self.situation.following is None
        if self.situation.current is None:
            self.hold(occurrence)
        else:
            self.situation = replace(self.situation, following=Current(occurrence))

    def hold(self, occurrence: PlannedOccurrence) -> None:
        now = self.situation.now
        sound = Sound(occurrence, max(occurrence.due_at, now))
        self.sounds.append(sound)
        current = Current(occurrence, started=sound.start <= now, ends_at=self.end_of(sound))
        self.situation = replace(self.situation, current=current)

    def silence(self, occurrence: str, reason: Reason) -> None:
        current, following = self.situation.current, self.situation.following
        assert current is not None
        if following is not None and following.occurrence.id == occurrence:
            self.situation = replace(self.situation, following=None)
            return
        assert current.occurrence.id == occurrence
        if not current.started:
            self.sounds.pop()
            self.promote()
            return
        self.end(self.situation.now)
        if reason is Reason.PREEMPTED and current.occurrence.priority is Priority.PRIORITY:
            interrupted = self.situation.interrupted | {current.occurrence.id}
            self.situation = replace(self.situation, interrupted=interrupted)
        else:
            self.finish(current.occurrence, Outcome.CUT)

    def end(self, now: datetime) -> None:
        self.sounds[-1].end = now
        self.situation = replace(self.situation, freed_at=now)
        self.promote()

    def promote(self) -> None:
        following = self.situation.following
        self.situation = replace(self.situation, current=None, following=None)
        if following is not None:
            self.hold(following.occurrence)

    def finish(self, occurrence: PlannedOccurrence, outcome: Outcome) -> None:
        self.outcomes[occurrence.id] += 1
        self.situation = replace(
            self.situation,
            settled=self.situation.settled | {occurrence.id},
            interrupted=self.situation.interrupted - {occurrence.id},
        )


def evening_of(occurrences: tuple[PlannedOccurrence, ...], silent: list[tuple[int, bool, bool]]) -> Evening:
    situation = Situation(
        now=BEGIN,
        clock=make.reading(),
        plan=make.plan(occurrences=occurrences, house_rules=RULES),
        held=frozenset({make.SHA256}),
    )
    evening = Evening(situation, sorted(silent))
    evening.move_to(BEGIN)
    evening.run()
    return evening


def silent_spans(silences: list[tuple[int, bool, bool]]) -> list[tuple[datetime, datetime]]:
    ordered = list({at: stopped or muted for at, stopped, muted in sorted(silences)}.items())
    ends = [*(at for at, _ in ordered), 10 * SPAN_S][1:]
    return [
        (BEGIN + at * SECOND, BEGIN + end * SECOND)
        for (at, silent), end in zip(ordered, ends, strict=True)
        if silent
    ]


@settings(max_examples=80)
@given(programmes(), silences)
def test_each_occurrence_ends_in_exactly_one_outcome(
    occurrences: tuple[PlannedOccurrence, ...], silent: list[tuple[int, bool, bool]]
) -> None:
    evening = evening_of(occurrences, silent)
    assert evening.outcomes == Counter({o.id: 1 for o in occurrences})


@settings(max_examples=50)
@given(programmes())
def test_in_quiet_hours_nothing_sounds_but_emergencies(occurrences: tuple[PlannedOccurrence, ...]) -> None:
    evening = evening_of(occurrences, [])
    loud = [s for s in evening.sounds if s.end and s.end > QUIET and s.start != s.end]
    assert {sound.occurrence.priority for sound in loud} <= {Priority.EMERGENCY}


@settings(max_examples=50)
@given(programmes(), silences)
def test_while_stopped_or_muted_nothing_sounds(
    occurrences: tuple[PlannedOccurrence, ...], silent: list[tuple[int, bool, bool]]
) -> None:
    evening = evening_of(occurrences, silent)
    for start, end in silent_spans(silent):
        assert not [
            s for s in evening.sounds if s.end and s.start < end and s.end > start and s.start != s.end
        ]


@settings(max_examples=50)
@given(programmes(), silences)
def test_two_things_never_sound_at_once(
    occurrences: tuple[PlannedOccurrence, ...], silent: list[tuple[int, bool, bool]]
) -> None:
    sounds = evening_of(occurrences, silent).sounds
    assert all(a.end and a.end <= b.start for a, b in pairwise(sounds))


@settings(max_examples=50)
@given(programmes())
def test_a_higher_item_that_is_due_and_held_is_never_kept_waiting_by_a_lower(
    occurrences: tuple[PlannedOccurrence, ...],
) -> None:
    evening = evening_of(occurrences, [])
    for other in (o for o in occurrences if o.priority is Priority.EMERGENCY):
        if other.recordings == (make.SHA256,):
            lower = [s for s in evening.sounds if s.occurrence.priority is not Priority.EMERGENCY]
            assert not [s for s in lower if s.end and s.start <= other.due_at < s.end]


@settings(max_examples=50)
@given(programmes(), seconds)
def test_a_decision_that_was_carried_out_is_not_repeated(
    occurrences: tuple[PlannedOccurrence, ...], at: int
) -> None:
    situation = Situation(
        now=BEGIN + at * SECOND,
        clock=make.reading(),
        plan=make.plan(occurrences=occurrences, house_rules=RULES),
        held=frozenset({make.SHA256}),
    )
    first = decide(situation)
    assert decide(situation) == first
    settled = frozenset(closing.occurrence.id for closing in first.closings)
    current = Current(first.arm) if first.arm else None
    second = decide(replace(situation, settled=settled, current=current))
    assert (second.closings, second.cuts) == ((), {})
    assert second.arm is None or second.arm != first.arm
