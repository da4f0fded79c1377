"""From the call that changes a schedule to the instant at which the last node has verified its new plan.

The nodes are simulated: connections of their own, keys and decoding as real ones, answers to the hub; two
daily schedules give each a plan of some 70 items. The peer hands the broker one retained message of a plan's
size for each node, on the same connections; its time is from the first message sent to the last received.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from edge.wire.link import Link
from hub.enroll import NewNode
from tests.bench._bench import CannotRun, Figure, main, need
from tests.bench._simulated import BARE, Report
from tests.bench._site import CROWD, TOPICS, Site, peer_of, running_site, wait_for
from tests.bench._sound import noise_wav
from tests.bench._swarm import Swarm, gather, swarm_of, wait_for_calm, wait_for_connections

SWARMS = 2
LOOK_S = 0.1
CALM_S = 1.0
WITHIN_S = 120.0
FILES_EACH = 4  # the broker's socket, the swarm's, and some to spare


def run(arguments: argparse.Namespace) -> list[Figure]:
    need("mosquitto")
    _allow_files(arguments.nodes * FILES_EACH)
    new = [NewNode(id=f"sim-{n}", kind="speaker", area=CROWD, clock="assume") for n in range(arguments.nodes)]
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as name, ExitStack() as stack:
        site = stack.enter_context(running_site(Path(name) / "site", new))
        swarms = stack.enter_context(swarm_of(site.files, processes=SWARMS, is_polite=False))
        wait_for_connections(swarms)
        bulletin = site.approved_bulletin(noise_wav(2.0), priority="routine")
        for hour in (0, 10):  # 07:00 and 17:00 there
            _schedule(site, bulletin, _at(hour), daily=True)
        peer = stack.enter_context(peer_of(site))
        return list(_figures(site, bulletin, swarms, peer, arguments.rounds))


def _figures(
    site: Site, bulletin: str, swarms: Sequence[Swarm], peer: Link, rounds: int
) -> tuple[Figure, ...]:
    count = sum(swarm.size for swarm in swarms)
    seen = Report()
    wait_for_calm(swarms, seen, calm_s=CALM_S)
    ours, theirs, published = [], [], []
    for number in range(rounds):
        theirs.append(_bare(site, swarms, peer, seen, number + 1))
        wait_for_calm(swarms, seen, calm_s=CALM_S)
        held, answered = _change(site, bulletin, swarms, seen)
        ours.append(held)
        published.append(answered)
        wait_for_calm(swarms, seen, calm_s=CALM_S)
    value, peer_value = median(ours), median(theirs)
    return (
        Figure(
            name="all_current",
            value=value,
            unit="s",
            n=count,
            peer="mosquitto",
            peer_value=peer_value,
        ),
        Figure(name="all_current_worst", value=max(ours), unit="s", n=rounds),
        Figure(name="all_published", value=median(published), unit="s", n=count),
    )


def _change(site: Site, bulletin: str, swarms: Sequence[Swarm], seen: Report) -> tuple[float, float]:
    """Seconds until the last node held its new plan, and until the hub had signed and sent all of them."""
    before = dict(seen.plans)
    at = time.time()
    _schedule(site, bulletin, datetime.now(UTC) + timedelta(days=3), daily=False)
    published = time.time()

    def all_are_current() -> bool:
        time.sleep(LOOK_S)
        gather(swarms, seen)
        return all(seen.plans[node][0] > version for node, (version, _) in before.items())

    wait_for("every node holds the new plan", all_are_current, within_s=WITHIN_S)
    return max(held for _, held in seen.plans.values()) - at, published - at


def _bare(site: Site, swarms: Sequence[Swarm], peer: Link, seen: Report, number: int) -> float:
    """Seconds until the last node had received a retained message of its own, as large as a plan."""
    payload = (BARE + b"%d:" % number).ljust(site.plan_bytes(), b".")
    count = sum(swarm.size for swarm in swarms)
    at = time.time()
    for node in range(count):
        peer.publish(TOPICS.node(f"sim-{node}", "stored"), payload, retain=True)

    def all_have_it() -> bool:
        time.sleep(LOOK_S)
        gather(swarms, seen)
        return len(seen.bare.get(number, ())) >= count

    wait_for("every node has the bare message", all_have_it, within_s=WITHIN_S)
    return max(seen.bare[number]) - at


def _schedule(site: Site, bulletin: str, starts_at: datetime, *, daily: bool) -> None:
    recurs = {"rule": "daily"} if daily else {"rule": "once"}
    wanted = {"bulletin": bulletin, "areas": [CROWD], "starts_at": starts_at.isoformat(), "recurs": recurs}
    site.post("/schedules", wanted)


def _at(hour: int) -> datetime:
    """That hour of tomorrow, in UTC."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    return tomorrow.replace(hour=hour, minute=0, second=0, microsecond=0)


def _allow_files(wanted: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= wanted:
        return
    if hard < wanted:
        raise CannotRun(f"{wanted} open files are wanted, {hard} are allowed (ulimit -Hn)")
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="loa bench fanout", description=__doc__.splitlines()[0])
    parser.add_argument("--nodes", type=int, default=2000, help="simulated nodes; default: 2000")
    parser.add_argument("--rounds", type=int, default=3, help="changes; their median is told; default: 3")
    return parser


if __name__ == "__main__":
    sys.exit(main("fanout", _arguments(), run))
