"""How far apart loudspeakers sound, how far from the due instant, and the same of Snapcast beside them.

Three real loudspeaker programs and three snapclients play to one eight-channel sound rig at the same time,
and what was recorded there is judged. Loa plays a plan of short items, some right behind each other, and long
ones; Snapcast plays without a pause. A pair's skew is measured each second in a window of 0.1 s. The errors
at start and end are against the due instant, by the recording's own account of time, not by what a node says.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import combinations, cycle
from pathlib import Path

import numpy as np
import soundfile

from tests.bench._bench import CannotRun, Figure, main
from tests.bench._ears import WINDOW, Ear
from tests.bench._load import busy_cores
from tests.bench._snapcast import Client, Snapcast, version_of
from tests.bench._sound import noise_opus
from tests.bench._speakers import Item, Recording, Speaker, Speakers
from tests.system.rig import RATE_HZ, Capture, Captured, SoundServer

OURS, THEIRS = ("loa1", "loa2", "loa3"), ("loa6", "loa7", "loa8")
SHORT_S, PAUSE_S = 3.0, 5.0
FEWEST_ITEMS = 4
LEAD_S = 50.0  # as long as a node listens to its sound card before an item that it knows of
LOOK_S = 1.0
START_REACH_S, REACH_S = 0.5, 0.1
LEVEL = 0.1


@dataclass
class Heard:
    """What was found, in milliseconds."""

    skews: list[float] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)
    missed: int = 0


@dataclass(frozen=True)
class Square:
    """The loudspeakers: who plays where; with a drift the last of each lives by a sound clock of its own."""

    servers: tuple[SoundServer, ...]

    def server_of(self, number: int) -> SoundServer:
        return self.servers[-1 if number == len(OURS) - 1 else 0]

    def speakers(self) -> list[Speaker]:
        return [
            Speaker(name, {"output": "device", "device": name}, env=self.server_of(number).env)
            for number, name in enumerate(OURS)
        ]

    def clients(self) -> list[Client]:
        return [Client(name, self.server_of(number).env) for number, name in enumerate(THEIRS)]


def run(arguments: argparse.Namespace) -> list[Figure]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="loa-bench-")))
        square = Square(tuple(_servers(stack, arguments.drift_ppm)))
        recordings = _recordings(folder, arguments.long)
        peers = stack.enter_context(Snapcast(square.clients()))
        speakers = stack.enter_context(Speakers(folder, square.speakers(), recordings))
        speakers.hold_recordings(within_s=60)
        if arguments.load:
            stack.enter_context(busy_cores())
        captures = [Capture(server) for server in square.servers]
        items = _programme(recordings, datetime.now(UTC) + timedelta(seconds=LEAD_S), arguments.minutes)
        speakers.plan(items)
        left = items[-1].due + items[-1].recording.length - datetime.now(UTC)
        speakers.wait_until_over(items, within_s=left.total_seconds() + 60)
        peers.check()
        captured = [capture.stop() for capture in captures]
        ours, theirs = _judge_ours(square, captured, items), _judge_theirs(square, captured, items)
    return _figures(ours, theirs)


def _servers(stack: ExitStack, drift_ppm: float) -> Iterator[SoundServer]:
    for each in (0.0, drift_ppm) if drift_ppm else (0.0,):
        server = SoundServer(drift_ppm=each)
        try:
            server.start()
        except (OSError, RuntimeError) as error:
            raise CannotRun(str(error)) from error
        stack.callback(server.stop)
        yield server


def _recordings(folder: Path, long_s: float) -> tuple[Recording, Recording]:
    """A short and a long one."""
    dice = np.random.default_rng(1)
    made = []
    for name, seconds in (("short", SHORT_S), ("long", long_s)):
        path = folder / f"{name}.opus"
        noise_opus(path, seconds, level=LEVEL, dice=dice)
        made.append(Recording.of(path))
    return made[0], made[1]


def _programme(recordings: tuple[Recording, Recording], begin: datetime, minutes: float) -> list[Item]:
    """Two short ones right behind each other, one after a pause, a long one; again until the time is over."""
    short, long = recordings
    items: list[Item] = []
    due, end = begin, begin + timedelta(minutes=minutes)
    for recording, pause_s in cycle(((short, 0.0), (short, PAUSE_S), (short, 1.0), (long, PAUSE_S))):
        if due + recording.length > end and len(items) >= FEWEST_ITEMS:
            break
        items.append(Item(f"o-{len(items)}", due, recording))
        due += recording.length + timedelta(seconds=pause_s)
    return items


def _judge_ours(square: Square, captured: Sequence[Captured], items: Sequence[Item]) -> Heard:
    heard = Heard()
    ears = [_ear(square, captured, number, name) for number, name in enumerate(OURS)]
    for item in items:
        offsets = list(_offsets(item.recording))
        for at_s in offsets:
            errors = _errors(item, at_s, ears)
            found = [error for error in errors if error is not None]
            heard.missed += len(errors) - len(found)
            heard.skews += [one - other for one, other in combinations(found, 2)]
            heard.starts += found if at_s == 0 else []
            heard.ends += (
                found if at_s == offsets[-1] and item.recording.length.total_seconds() > SHORT_S else []
            )
    return heard


def _errors(item: Item, at_s: float, ears: Sequence[Ear]) -> list[float | None]:
    """How late each loudspeaker is so far into the item, in milliseconds; None where it is not heard."""
    wanted, _ = soundfile.read(item.recording.file, WINDOW, round(at_s * RATE_HZ), dtype="float32")
    due_s = item.due.timestamp() + at_s
    found = (ear.sounds_at(wanted, due_s, reach_s=REACH_S if at_s else START_REACH_S) for ear in ears)
    return [None if instant_s is None else (instant_s - due_s) * 1000 for instant_s in found]


def _offsets(recording: Recording) -> Iterator[float]:
    """Where to listen in an item: at its start, each second, and right before its end."""
    length_s = recording.length.total_seconds()
    last_s = length_s - 2 * WINDOW / RATE_HZ
    yield from np.arange(0, last_s, LOOK_S).tolist()
    yield last_s


def _judge_theirs(square: Square, captured: Sequence[Captured], items: Sequence[Item]) -> Heard:
    heard = Heard()
    ears = [_ear(square, captured, number, name) for number, name in enumerate(THEIRS)]
    begin_s = items[0].due.timestamp()
    end_s = items[-1].due.timestamp() + items[-1].recording.length.total_seconds()
    for unix_s in np.arange(begin_s, end_s, LOOK_S):
        for one, other in combinations(ears, 2):
            window, instant_s = one.hear(float(unix_s))
            found_s = other.sounds_at(window, instant_s, reach_s=REACH_S)
            if found_s is None:
                heard.missed += 1
            else:
                heard.skews.append((found_s - instant_s) * 1000)
    return heard


def _ear(square: Square, captured: Sequence[Captured], number: int, device: str) -> Ear:
    return Ear(captured[square.servers.index(square.server_of(number))], device)


def _figures(ours: Heard, theirs: Heard) -> list[Figure]:
    if not ours.skews or not ours.starts or not ours.ends or not theirs.skews:
        raise CannotRun(f"too little was heard: ours {ours.missed}, theirs {theirs.missed} times nothing")
    peer = version_of()
    found = [
        Figure(
            name=f"pair_skew_{name}",
            value=_quantile(ours.skews, share),
            unit="ms",
            n=len(ours.skews),
            peer=peer,
            peer_value=_quantile(theirs.skews, share),
        )
        for name, share in (("p50", 50), ("p99", 99), ("max", 100))
    ]
    for name, errors in (("start_error", ours.starts), ("end_error", ours.ends)):
        found += [
            Figure(name=f"{name}_{quantile}", value=_quantile(errors, share), unit="ms", n=len(errors))
            for quantile, share in (("p50", 50), ("p99", 99))
        ]
    missed = Figure(
        name="not_heard",
        value=ours.missed,
        unit="windows",
        n=len(ours.skews),
        peer=peer,
        peer_value=theirs.missed,
    )
    return [*found, missed]


def _quantile(errors: Sequence[float], share: float) -> float:
    return float(np.percentile(np.abs(errors), share))


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="loa bench sync", description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=0.75, help="of the programme; default: 0.75")
    parser.add_argument("--long", type=float, default=15.0, help="seconds of a long item; default: 15")
    parser.add_argument("--load", action="store_true", help="with every core kept busy")
    parser.add_argument(
        "--drift-ppm", type=float, default=0.0, help="so much too fast is one sound clock of each; default: 0"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main("sync", _arguments(), run))
