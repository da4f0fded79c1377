"""What one play consists of, and its samples in order, decoded ahead of the moment they are needed."""

import logging
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from edge.speaker.decoder import Recording, open_recording
from edge.speaker.errors import Unplayable
from edge.speaker.samples import SAMPLE_RATE_HZ, Samples, frames_in

__all__ = ["BLOCK_FRAMES", "Feed", "Track", "blocks", "gain_of"]

BLOCK_FRAMES = SAMPLE_RATE_HZ // 10
AHEAD_BLOCKS = 20

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """The recordings of one occurrence, in order.

    ``gap_ms`` of silence lies between two recordings. ``volume`` is 0 … 100, see :func:`gain_of`.
    ``start_ms`` is counted from the beginning of the first recording, gaps included. ``at_once``: to begin
    soon matters more than to begin to the sample.
    """

    files: tuple[Path, ...]
    gap_ms: int = 0
    volume: int = 100
    start_ms: int = 0
    at_once: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.volume <= 100:
            raise ValueError(f"volume: wanted 0 to 100, found {self.volume}")
        if self.gap_ms < 0 or self.start_ms < 0:
            raise ValueError(f"wanted no negative time, found gap {self.gap_ms} ms, start {self.start_ms} ms")


def gain_of(volume: int) -> float:
    """The factor for a volume of 0 … 100: its cube, as PulseAudio has it.

    100 → 1 (the recording as prepared), 79 → −6 dB, 50 → −18 dB, 10 → −60 dB, 0 → silence.
    """
    return float((volume / 100) ** 3)


def blocks(track: Track) -> Iterator[Samples]:
    """The track's samples in blocks of at most ``BLOCK_FRAMES``, as prepared: its volume is the voice's.

    Every recording is opened once before the first block, so a missing one is found before anything sounds.

    Raises Unplayable.
    """
    lengths = [_length_of(path) for path in track.files]
    skip = frames_in(track.start_ms)
    for number, (path, length) in enumerate(zip(track.files, lengths, strict=True)):
        gap = frames_in(track.gap_ms) if number else 0
        yield from _silence(gap - skip)
        skip = max(0, skip - gap)
        if skip < length:
            with open_recording(path) as recording:
                yield from _blocks_from(recording, skip)
        skip = max(0, skip - length)


def _length_of(path: Path) -> int:
    with open_recording(path) as recording:
        return recording.frames


def _silence(frames: int) -> Iterator[Samples]:
    for at in range(0, frames, BLOCK_FRAMES):
        yield np.zeros(min(BLOCK_FRAMES, frames - at), np.float32)


def _blocks_from(recording: Recording, frame: int) -> Iterator[Samples]:
    if frame:
        recording.seek(frame)
    while len(block := recording.read(BLOCK_FRAMES)):
        yield block


class Feed:
    """A track's samples, decoded by a thread of its own into a bounded buffer (two seconds).

    :meth:`take` never waits: should the decoder fall behind, silence is taken instead and as many samples are
    dropped when they come, so that what sounds later is still in step.
    """

    def __init__(self, track: Track) -> None:
        self._track = track
        self._buffer: queue.Queue[Samples | None] = queue.Queue(AHEAD_BLOCKS)
        self._rest: Samples = np.zeros(0, np.float32)
        self._owed = 0
        self._ready = threading.Event()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._decode, name="decoder", daemon=True)
        self.starved_frames = 0
        self.ended = False
        self.error: Unplayable | None = None

    def open(self) -> None:
        """Begin to decode."""
        self._thread.start()

    @property
    def is_ready(self) -> bool:
        """Whether the buffer has been full once, or holds all there is."""
        return self._ready.is_set()

    def wait_ready(self, timeout_s: float) -> bool:
        """Wait until the buffer is full or holds all there is; False if neither came in time."""
        return self._ready.wait(timeout_s)

    def take(self, out: Samples) -> int:
        """Fill ``out`` with the next samples and return how many are the track's: fewer only at its end.

        What follows the end is silence. Called by one thread only.
        """
        filled = 0
        while filled < len(out) and self._refill():
            if dropped := min(self._owed, len(self._rest)):
                self._rest = self._rest[dropped:]
                self._owed -= dropped
                continue
            count = min(len(out) - filled, len(self._rest))
            out[filled : filled + count] = self._rest[:count]
            self._rest = self._rest[count:]
            filled += count
        out[filled:] = 0
        if self.ended:
            return filled
        self._owed += len(out) - filled
        self.starved_frames += len(out) - filled
        return len(out)

    def close(self) -> None:
        """Stop decoding and let the files go."""
        self._closed.set()
        if self._thread.is_alive():
            self._thread.join()

    def _refill(self) -> bool:
        if len(self._rest):
            return True
        if self.ended:
            return False
        try:
            block = self._buffer.get_nowait()
        except queue.Empty:
            return False
        if block is None:
            self.ended = True
            return False
        self._rest = block
        return True

    def _decode(self) -> None:
        try:
            for block in blocks(self._track):
                self._put(block)
                if self._closed.is_set():
                    return
        except Unplayable as error:
            self.error = error
        except Exception as error:  # the top of this thread: what is cut short must not pass for played
            log.exception("decoder")
            self.error = Unplayable(repr(error))
        finally:
            self._put(None)
            self._ready.set()

    def _put(self, block: Samples | None) -> None:
        while not self._closed.is_set():
            try:
                self._buffer.put(block, timeout=0.1)
            except queue.Full:
                continue
            if self._buffer.full():
                self._ready.set()
            return
