"""One loudspeaker as a program: says that it is ready, reads when a recording is due, plays it, and prints
what its output reports.

With ``--again-after-s`` it is armed a second time, due so long after the first.
"""

import argparse
import dataclasses
import json
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from edge.speaker.device_output import DeviceOutput
from edge.speaker.output import OutputEvent, Started
from edge.speaker.track import Track


def say(fields: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("device")
    parser.add_argument("file", type=Path)
    parser.add_argument("--start-ms", type=int, default=0)
    parser.add_argument("--volume", type=int, default=100)
    parser.add_argument("--stop-after-s", type=float)
    parser.add_argument("--until-after-s", type=float)
    parser.add_argument("--again-after-s", type=float)
    asked = parser.parse_args()
    output = DeviceOutput(asked.device)
    ends = threading.Semaphore(0)

    def report(event: OutputEvent) -> None:
        say({"event": type(event).__name__, **dataclasses.asdict(event), "at": event.at.timestamp()})
        if not isinstance(event, Started):
            ends.release()
        elif asked.stop_after_s is not None:
            threading.Timer(asked.stop_after_s, performance.stop).start()

    say({"event": "Ready"})
    due = datetime.fromisoformat(sys.stdin.readline().strip())
    track = Track(files=(asked.file,), start_ms=asked.start_ms, volume=asked.volume)
    performance = output.arm(track, play_id=asked.device, due=due, report=report)
    if asked.until_after_s is not None:
        performance.until(due + timedelta(seconds=asked.until_after_s))
    if asked.again_after_s is not None:
        again = due + timedelta(seconds=asked.again_after_s)
        output.arm(track, play_id="again", due=again, report=report)
        ends.acquire(timeout=60)
    ends.acquire(timeout=60)
    output.close()


if __name__ == "__main__":
    main()
