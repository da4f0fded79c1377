"""Valid wire values, any field of which may be changed by keyword."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from edge.wire import entries
from edge.wire.base import ClockReading, ClockState, Priority
from edge.wire.emergency import Emergency
from edge.wire.house_rules import HouseRules, QuietException, QuietHours
from edge.wire.messages import Birth, Gone, Health, HubState, LedgerBatch, LedgerEntry, Stored, TimeRequest
from edge.wire.orders import AUDIENCE_ALL, Order, OrderKind, Standing, StopMark, TimeAnswer
from edge.wire.plan import Misfire, Plan, PlannedOccurrence, PlannedRecording, audience_of_node
from edge.wire.signing import Keyring, SigningKey

SITE = "tan-hoa"
NODE = "to-2-loa-1"
AREA = "to-2"
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
SESSION = "0123456789abcdef0123456789abcdef"
NONCE = "b1946ac92492d2347c6235b4d2611184"
LEDGER = UUID("6f9619ff-8b86-4011-b42d-00c04fc964ff")
SHA256 = "a" * 64
OTHER_SHA256 = "b" * 64
VERSION = 1_795_168_800_000

# The example key of RFC 8037, appendix A: published, so that it can guard nothing.
KEY_JSON = (
    '{"crv": "Ed25519", "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", "kty": "OKP",'
    ' "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}'
)


def signing_key() -> SigningKey:
    return SigningKey.from_json(KEY_JSON)


def keyring() -> Keyring:
    return Keyring(signing_key().public())


def reading(state: ClockState = ClockState.SYNCED, bound_ms: float | None = 1.5) -> ClockReading:
    return ClockReading(state=state, bound_ms=bound_ms)


def quiet_exception(**changes: Any) -> QuietException:
    fields: dict[str, Any] = {
        "schedule": "giao-thua",
        "start": NOW,
        "end": NOW + timedelta(hours=1),
        "allowed_by": "Chủ tịch UBND",
        "reason": "Giao thừa",
    }
    return QuietException(**fields | changes)


def house_rules(**changes: Any) -> HouseRules:
    fields: dict[str, Any] = {"quiet": (QuietHours(start="22:00", end="06:00"),)}
    return HouseRules(**fields | changes)


def recording(**changes: Any) -> PlannedRecording:
    fields: dict[str, Any] = {"sha256": SHA256, "bytes": 96_000, "duration_ms": 12_000}
    return PlannedRecording(**fields | changes)


def occurrence(**changes: Any) -> PlannedOccurrence:
    fields: dict[str, Any] = {
        "id": "o-1",
        "schedule": "s-1",
        "title": "Bản tin chiều",
        "priority": Priority.ROUTINE,
        "due_at": NOW + timedelta(minutes=1),
        "recordings": (SHA256,),
        "duration_ms": 12_000,
        "misfire": Misfire(),
    }
    return PlannedOccurrence(**fields | changes)


def plan(**changes: Any) -> Plan:
    """A plan of one occurrence; the recordings that `occurrences` name are listed unless given."""
    occurrences = changes.get("occurrences", (occurrence(),))
    needed = dict.fromkeys(sha256 for each in occurrences for sha256 in each.recordings)
    fields: dict[str, Any] = {
        "site": SITE,
        "aud": audience_of_node(NODE),
        "version": VERSION,
        "issued_at": NOW,
        "until": NOW + timedelta(days=35),
        "house_rules": house_rules(),
        "recordings": tuple(recording(sha256=sha256) for sha256 in needed),
        "occurrences": occurrences,
    }
    return Plan(**fields | changes)


def stop_mark(**changes: Any) -> StopMark:
    fields: dict[str, Any] = {"seq": VERSION, "at": NOW, "by": "Cán bộ phát thanh"}
    return StopMark(**fields | changes)


def standing(**changes: Any) -> Standing:
    fields: dict[str, Any] = {
        "site": SITE,
        "aud": audience_of_node(NODE),
        "version": VERSION,
        "issued_at": NOW,
    }
    return Standing(**fields | changes)


def order(**changes: Any) -> Order:
    fields: dict[str, Any] = {
        "site": SITE,
        "aud": AUDIENCE_ALL,
        "seq": VERSION,
        "kind": OrderKind.STOP,
        "by": "Cán bộ phát thanh",
        "issued_at": NOW,
        "not_after": NOW + timedelta(minutes=2),
    }
    return Order(**fields | changes)


def emergency(**changes: Any) -> Emergency:
    """One that began at `NOW`: 12 s every minute for an hour."""
    fields: dict[str, Any] = {
        "id": "e-1",
        "seq": VERSION,
        "title": "Sơ tán tránh lũ",
        "recordings": (SHA256,),
        "duration_ms": 12_000,
        "starts_at": NOW,
        "until": NOW + timedelta(hours=1),
        "repeat_every_s": 60,
        "by": "Cán bộ phát thanh",
    }
    return Emergency(**fields | changes)


def emergency_order(**changes: Any) -> Order:
    """The order that begins `emergency(**changes)`."""
    begun = emergency(**changes)
    return order(kind=OrderKind.EMERGENCY, seq=begun.seq, emergency=begun)


def time_answer(**changes: Any) -> TimeAnswer:
    fields: dict[str, Any] = {"site": SITE, "aud": audience_of_node(NODE), "nonce": NONCE, "at": NOW}
    return TimeAnswer(**fields | changes)


def time_request(**changes: Any) -> TimeRequest:
    return TimeRequest(**{"nonce": NONCE} | changes)


def hub_state(**changes: Any) -> HubState:
    fields: dict[str, Any] = {"session": SESSION, "here": True, "at": NOW, "key": signing_key().key_id}
    return HubState(**fields | changes)


def birth(**changes: Any) -> Birth:
    fields: dict[str, Any] = {
        "session": SESSION,
        "at": NOW,
        "clock": reading(),
        "kind": "speaker",
        "software": "0.1.0",
        "output": "file",
        "ledger": LEDGER,
        "plan": VERSION,
        "standing": VERSION,
        "order": VERSION,
    }
    return Birth(**fields | changes)


def gone(**changes: Any) -> Gone:
    return Gone(**{"session": SESSION} | changes)


def health(**changes: Any) -> Health:
    fields: dict[str, Any] = {"session": SESSION, "at": NOW, "clock": reading(), "uptime_s": 86_400.5}
    return Health(**fields | changes)


def ledger_entry(body: entries.Body | None = None, **changes: Any) -> LedgerEntry:
    """An entry that says `body`."""
    body = body or booted()
    fields: dict[str, Any] = {
        "seq": 1,
        "at": NOW,
        "clock": reading(),
        "boot": "boot-1",
        "kind": body.kind,
        "body": body.model_dump(mode="json"),
    }
    return LedgerEntry(**fields | changes)


def ledger_batch(**changes: Any) -> LedgerBatch:
    fields: dict[str, Any] = {"ledger": LEDGER, "first_held": 1, "entries": (ledger_entry(),)}
    return LedgerBatch(**fields | changes)


def stored(**changes: Any) -> Stored:
    fields: dict[str, Any] = {"ledger": LEDGER, "seq": 1}
    return Stored(**fields | changes)


def booted(**changes: Any) -> entries.Booted:
    fields: dict[str, Any] = {"software": "0.1.0", "clean": True}
    return entries.Booted(**fields | changes)


def started(**changes: Any) -> entries.Started:
    fields: dict[str, Any] = {
        "occurrence": "o-1",
        "due_at": NOW,
        "started_at": NOW + timedelta(microseconds=400),
        "start_error_ms": 0.4,
        "clock_bound_ms": 1.5,
    }
    return entries.Started(**fields | changes)


def finished(**changes: Any) -> entries.Finished:
    fields: dict[str, Any] = {
        "occurrence": "o-1",
        "due_at": NOW,
        "outcome": entries.Outcome.PLAYED,
        "started_at": NOW + timedelta(microseconds=400),
        "start_error_ms": 0.4,
        "clock_bound_ms": 1.5,
        "finished_at": NOW + timedelta(seconds=12),
        "played_ms": 12_000,
        "sound_kept": True,
    }
    return entries.Finished(**fields | changes)


def skipped(**changes: Any) -> entries.Finished:
    fields: dict[str, Any] = {
        "occurrence": "o-2",
        "due_at": NOW,
        "outcome": entries.Outcome.SKIPPED,
        "reason": entries.Reason.QUIET_HOURS,
    }
    return entries.Finished(**fields | changes)


def pressed(**changes: Any) -> entries.Pressed:
    fields: dict[str, Any] = {
        "level": 4,
        "levels": 4,
        "source": entries.PressSource.BUTTON,
        "counted": False,
        "reason": entries.Uncounted.INTERVAL,
        "held_ms": 180,
    }
    return entries.Pressed(**fields | changes)


def camera_seen(**changes: Any) -> entries.CameraSeen:
    fields: dict[str, Any] = {
        "camera": "quay-1",
        "verdict": entries.CameraVerdict.FROZEN,
        "frames": 20,
        "brightness": 0.42,
        "change": 0.0,
        "offset_s": -3.5,
        "detail": "the picture does not change",
    }
    return entries.CameraSeen(**fields | changes)


def bodies() -> tuple[entries.Body, ...]:
    """One body of each kind, in the order of `entries.BODIES`."""
    return (
        booted(),
        entries.PlanAccepted(version=VERSION, occurrences=1, until=NOW + timedelta(days=35)),
        entries.StandingAccepted(version=VERSION, stopped=True, muted=False, volume=80),
        entries.Obeyed(seq=VERSION, order="stop"),
        entries.Refused(what="plan", reason="bad_signature", detail="from an unknown sender"),
        entries.Cached(recording=SHA256, bytes=96_000),
        entries.Dropped(recording=SHA256, reason="not_planned"),
        entries.Armed(occurrence="o-1", due_at=NOW),
        entries.AmplifierSwitched(on=True, occurrence="o-1"),
        started(),
        finished(),
        entries.Fault(name="device_missing", detail="no output device named USB"),
        entries.Mended(name="device_missing"),
        pressed(),
        entries.Totals(raw={"1": 40, "4": 3}, counted={"1": 38, "4": 2}),
        camera_seen(),
    )
