"""Languages that recordings may be spoken in: Vietnamese, English, and those of local minorities."""

__all__ = ["SPOKEN"]

SPOKEN = (
    "vi",
    "en",
    "tay",
    "nung",
    "muong",
    "thai",
    "hmong",
    "khmer",
    "cham",
    "jarai",
    "ede",
    "bahnar",
)
