"""The codes that pages put into words; `hub.web.words` has `<family>.<code>` for each (a test holds them
together).
"""

from edge.wire.entries import CameraVerdict, PressSource, Uncounted
from hub.languages import SPOKEN
from hub.ratings.sums import LEVELS

__all__ = ["TERMS"]

TERMS: dict[str, tuple[str, ...]] = {
    "audit": (
        "login",
        "login_failed",
        "logout",
        "recording.upload",
        "recording.retry",
        "bulletin.create",
        "bulletin.edit",
        "bulletin.submit",
        "bulletin.approve",
        "bulletin.return",
        "schedule.created",
        "schedule.cancelled",
        "order.stop",
        "order.resume",
        "order.mute",
        "order.unmute",
        "order.volume",
        "user.create",
        "user.edit",
        "user.password",
        "token.create",
        "token.revoke",
        "area.create",
        "area.added",
        "node.enroll",
        "node.remove",
        "site.house_rules",
        "check.done",
    ),
    "bulletin_state": ("draft", "submitted", "approved"),
    "clock": ("synced", "holdover", "untrusted", "unknown"),
    "language": SPOKEN,
    "misfire": ("skip", "late", "join"),
    "node_state": ("ready", "preparing", "away", "muted", "stopped", "fault"),
    "outcome": ("played", "cut", "skipped", "failed"),
    "press_source": tuple(source.value for source in PressSource),
    "priority": ("routine", "priority", "emergency"),
    "rating_level": tuple(f"{levels}.{level}" for levels in LEVELS for level in range(1, levels + 1)),
    "reason": (
        "stopped",
        "muted",
        "quiet_hours",
        "preempted",
        "late",
        "clock",
        "not_cached",
        "power",
        "device",
        "recording",
        "withdrawn",
    ),
    "recording_state": ("preparing", "ready", "refused"),
    "recurs": ("once", "daily"),
    "role": ("clerk", "approver", "counter_officer", "technician", "viewer", "administrator"),
    "step": ("planned", "cached", "armed", "playing", "finished"),
    "uncounted": tuple(reason.value for reason in Uncounted),
    "unready": (
        "never_heard",
        "plan_not_accepted",
        "recordings_missing",
        "clock_untrusted",
        "stopped",
        "muted",
    ),
    "verdict": tuple(verdict.value for verdict in CameraVerdict),
}
