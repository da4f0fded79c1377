"""One loudspeaker as a program: plays a recording when it is due and prints what its output reports.

With ``--again-after-s`` it is armed a second time, due so long after the first.
"""

import argparse
import dataclasses
import json
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path

from edge.speaker.device_output import DeviceOutput
from edge.speaker.output import OutputEvent, Started
from edge.speaker.track import Track


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("device")
    parser.add_argument("file", type=Path)
    parser.add_argument("due", type=datetime.fromisoformat)
    parser.add_argument("--start-ms", type=int, default=0)
    parser.add_argument("--volume", type=int, default=100)
    parser.add_argument("--stop-after-s", type=float)
    parser.add_argument("--until", type=datetime.fromisoformat)
    parser.add_argument("--again-after-s", type=float)
    asked = parser.parse_args()
    output = DeviceOutput(asked.device)
    ends = threading.Semaphore(0)

    def report(event: OutputEvent) -> None:
        fields = dataclasses.asdict(event) | {"at": event.at.timestamp()}
        sys.stdout.write(json.dumps({"event": type(event).__name__, **fields}) + "\n")
        sys.stdout.flush()
        if not isinstance(event, Started):
            ends.release()
        elif asked.stop_after_s is not None:
            threading.Timer(asked.stop_after_s, performance.stop).start()

    track = Track(files=(asked.file,), start_ms=asked.start_ms, volume=asked.volume)
    performance = output.arm(track, play_id=asked.device, due=asked.due, report=report)
    performance.until(asked.until)
    if asked.again_after_s is not None:
        due = asked.due + timedelta(seconds=asked.again_after_s)
        output.arm(track, play_id="again", due=due, report=report)
        ends.acquire(timeout=60)
    ends.acquire(timeout=60)
    output.close()


if __name__ == "__main__":
    main()
