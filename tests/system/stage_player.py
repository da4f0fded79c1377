"""One loudspeaker with its amplifier as a program: plays a recording so many seconds from each line it reads,
and prints what its output reports and how its amplifier is switched."""

import argparse
import dataclasses
import json
import queue
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from edge.speaker.amplifier import GpioAmplifier
from edge.speaker.device_output import DeviceOutput
from edge.speaker.output import OutputEvent
from edge.speaker.stage import Powered, Stage
from edge.speaker.track import Track


def say(event: OutputEvent | Powered) -> None:
    fields = dataclasses.asdict(event) | {"at": event.at.timestamp()}
    sys.stdout.write(json.dumps({"event": type(event).__name__, **fields}) + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("device")
    parser.add_argument("file", type=Path)
    asked = parser.parse_args()
    amplifier = GpioAmplifier(pin=17, pin_factory="mock", warm_up_s=0.2, hold_s=0.3)
    stage = Stage(DeviceOutput(asked.device), amplifier, on_power=say)
    lines: queue.Queue[str] = queue.Queue()

    def read() -> None:
        for line in sys.stdin:
            lines.put(line)
        lines.put("")

    threading.Thread(target=read, daemon=True).start()
    wait_s = 0.0
    while True:
        try:
            line = lines.get(timeout=wait_s)
        except queue.Empty:
            line = None
        if line == "":
            break
        if line is not None:
            due = datetime.now(UTC) + timedelta(seconds=float(line))
            stage.arm(Track(files=(asked.file,)), play_id=line.strip(), due=due, report=say)
        wait_s = min(0.05, max(0.01, stage.tend()))
    stage.close()


if __name__ == "__main__":
    main()
