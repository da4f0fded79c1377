"""What FastAPI says of a request's fields, in our codes with facts. Pure."""

from collections.abc import Mapping
from typing import Any

from hub.errors import Problem

__all__ = ["problem_of_fault"]

_CODES = {
    "missing": "field_missing",
    "extra_forbidden": "field_extra",
    "string_too_short": "field_too_short",
    "too_short": "field_too_short",
    "string_too_long": "field_too_long",
    "too_long": "field_too_long",
    "enum": "field_not_among",
    "literal_error": "field_not_among",
    "string_type": "field_not_text",
    "greater_than": "field_out_of_range",
    "greater_than_equal": "field_out_of_range",
    "less_than": "field_out_of_range",
    "less_than_equal": "field_out_of_range",
    "json_invalid": "not_json",
}
_FAMILIES = (
    ("int_", "field_not_number"),
    ("float_", "field_not_number"),
    ("finite_", "field_not_number"),
    ("datetime_", "field_not_instant"),
    ("timezone_", "field_not_instant"),
)
_LIMITS = (("gt", ">"), ("ge", "≥"), ("lt", "<"), ("le", "≤"))
_LONGEST_FOUND = 100


def problem_of_fault(fault: Mapping[str, Any]) -> Problem:
    """One fault of pydantic's list as a problem; its field is spelt `a.b.0` as in the body or the query."""
    place = [str(part) for part in fault["loc"]]
    code = _CODES.get(fault["type"]) or _of_family(fault["type"])
    if code == "not_json":
        return Problem(code, "", {"found": fault.get("ctx", {}).get("error", "")})
    field = ".".join(place[1:]) or place[0]
    return Problem(code, field, {"field": field, "wanted": _wanted(fault), "found": _found(fault)})


def _of_family(kind: str) -> str:
    return next((code for prefix, code in _FAMILIES if kind.startswith(prefix)), "field_unfit")


def _wanted(fault: Mapping[str, Any]) -> object:
    context = fault.get("ctx", {})
    for name in ("min_length", "max_length", "expected"):
        if name in context:
            return context[name]
    limits = [f"{sign} {context[name]}" for name, sign in _LIMITS if name in context]
    return limits[0] if limits else str(fault["msg"])


def _found(fault: Mapping[str, Any]) -> str:
    value = fault.get("input")
    if fault["type"] == "missing" or "password" in str(fault["loc"]):
        return ""
    return ascii(value)[:_LONGEST_FOUND] if not isinstance(value, str) else value[:_LONGEST_FOUND]
