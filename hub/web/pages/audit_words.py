"""What a line of the audit log was about, in words: to which, and from what to what."""

from collections.abc import Mapping, Sequence
from typing import Any

from edge.wire.orders import AUDIENCE_ALL, audience_of_area
from edge.wire.plan import audience_of_node
from hub.parts import Parts
from hub.store.audit import AuditEntry
from hub.web.pages.rows import fault_words
from hub.web.views import Message, Text

__all__ = ["about", "names_of", "page_of"]


def names_of(parts: Parts) -> dict[str, str]:
    """What people call each audience of orders."""
    areas = {audience_of_area(area.id): area.name for area in parts.fleet.areas()}
    return areas | {audience_of_node(node): name for node, name in parts.fleet.names().items()}


def about(entry: AuditEntry, names: Mapping[str, str]) -> Text:
    """The readable part of `kind:id title`, with what changed where the line keeps it."""
    kind, _, title = entry.what.partition(" ")
    if entry.action.startswith("order."):
        return _order(title, entry.detail, names)
    if entry.action == "site.house_rules":
        before, after = (_hours(entry.detail.get(side)) for side in ("before", "after"))
        return Message("audit.changed", {"before": before, "after": after})
    plain = kind.partition(":")[2]
    if entry.action == "fault.settled":
        return Message(
            "audit.fault_of", {"fault": fault_words(title, ""), "where": names.get(f"node:{plain}", plain)}
        )
    return title or plain


def page_of(entry: AuditEntry) -> str:
    """The address of the page of what a line was about, where that page never goes away; else empty."""
    kind, _, id_ = entry.what.partition(" ")[0].partition(":")
    return f"/emergencies/{id_}" if kind == "emergency" else ""


def _order(title: str, detail: Mapping[str, Any], names: Mapping[str, str]) -> Text:
    if title == AUDIENCE_ALL:
        places: Text = Message("audit.all")
    else:
        places = ", ".join(names.get(each, each.partition(":")[2] or each) for each in title.split(", "))
    value = detail.get("value")
    return places if value is None else Message("audit.volume_set", {"places": places, "value": value})


def _hours(rules: object) -> Text:
    quiet: Sequence[Any] = rules.get("quiet", ()) if isinstance(rules, dict) else ()
    spans = [f"{each.get('start')}–{each.get('end')}" for each in quiet if isinstance(each, dict)]
    return ", ".join(spans) if spans else Message("audit.every_hour")
