"""The codes that pages put into words: `hub.web.words` has `<family>.<code>` for each."""

from edge.wire.entries import CameraVerdict, Outcome, PressSource, Reason, Uncounted
from hub.languages import SPOKEN
from hub.ratings.sums import LEVELS

__all__ = ["TERMS"]

TERMS: dict[str, tuple[str, ...]] = {
    "audit": tuple(f"order.{kind}" for kind in ("stop", "resume", "mute", "unmute", "volume")),
    "bulletin_state": ("draft", "submitted", "approved"),
    "clock": ("synced", "holdover", "untrusted", "unknown"),
    "coverage": (
        *("sounding", "heard", "waiting", "not_played"),
        *("muted", "stopped", "missing", "away", "unconfirmed"),
    ),
    "emergency_end": ("cancelled", "stopped", "over"),
    "language": SPOKEN,
    "loudness": ("house", "louder", "quieter", "much_quieter"),
    "peak": ("safe", "over"),
    "misfire": ("skip", "late", "join"),
    "missed": (
        *("no_word", "unreached", "muted", "stopped", "missing", "away", "unconfirmed"),
        *(outcome.value for outcome in Outcome if outcome is not Outcome.PLAYED),
        *(reason.value for reason in Reason),
    ),
    "node_state": ("ready", "preparing", "away", "muted", "stopped", "fault"),
    "clock_means": ("synced", "holdover", "untrusted"),
    "order_kind": ("stop", "resume", "mute", "unmute", "volume"),
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
        "away",
        "quiet_hours",
    ),
    "verdict": tuple(verdict.value for verdict in CameraVerdict),
}
