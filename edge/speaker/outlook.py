"""What a loudspeaker is at, in a line for who looks at its service or is about to restart it. Pure."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from edge.speaker import emergencies
from edge.speaker.situation import Situation

__all__ = ["SOON", "outlook"]

SOON = timedelta(minutes=3)  # a Pi Zero 2 W needs one to start the program again
_SHOWN = 60


def outlook(situation: Situation) -> str:
    """`sounding: …`; `sounding soon: …` when something is due within `SOON`; or `silent …`.

    The playbooks restart a loudspeaker that says `silent`, and wait while it says `sounding`.
    """
    in_force = situation.in_force
    if in_force.muted:
        return "silent: muted"
    for emergency in in_force.emergencies:
        if in_force.stop_for(emergency.seq) is None and emergencies.is_running(emergency, situation.settled):
            return f"sounding: {emergency.title[:_SHOWN]}, until {_shown(situation, emergency.until)}"
    for play in situation.plays:
        when = "sounding" if play.started else "sounding soon"
        return f"{when}: {play.occurrence.title[:_SHOWN]}"
    return "silent: stopped" if in_force.stopped else _of_plan(situation)


def _of_plan(situation: Situation) -> str:
    planned = situation.plan.occurrences if situation.plan else ()
    open_ = (o for o in planned if o.due_at >= situation.now and o.id not in situation.settled)
    following = next(open_, None)
    if following is None:
        return "silent, nothing planned"
    due = _shown(situation, following.due_at)
    if following.due_at - situation.now <= SOON:
        return f"sounding soon: {following.title[:_SHOWN]}, at {due}"
    return f"silent until {due}"


def _shown(situation: Situation, instant: datetime) -> str:
    """In the site's time, once a plan has told which that is."""
    zone = situation.plan.house_rules.timezone if situation.plan else "UTC"
    return f"{instant.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S %Z}"
