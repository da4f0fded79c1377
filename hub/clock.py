"""Whether the hub's own clock is disciplined, as the kernel says (adjtimex(2)): NTP of any kind sets it."""

import ctypes

__all__ = ["is_synced", "may_be_handed_on"]

_TIME_ERROR = 5
_TIMEX_BYTES = 256  # struct timex takes 208 on 64-bit and less on 32-bit systems; modes 0 only reads


def is_synced() -> bool:
    """True while something keeps this machine's clock in step; False also where nobody can tell."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        state = libc.adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    except (OSError, AttributeError):
        return False
    return bool(0 <= state < _TIME_ERROR)


def may_be_handed_on(*, rtc: bool) -> bool:
    """Whether nodes may be given this machine's time: it is in step, or a battery keeps it (`rtc`)."""
    return rtc or is_synced()
