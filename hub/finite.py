"""Numbers that can be stored and shown: a sender's NaN or infinity is no number."""

import math

__all__ = ["finite"]


def finite(value: float | None) -> float | None:
    """The number, or None for one that is not finite."""
    return value if value is not None and math.isfinite(value) else None
