"""What can go wrong on the wire.

WireError
├── BadMessage            what was sent cannot be used
│   ├── Unreadable        not JSON, not UTF-8, or not the fields the contract names
│   ├── UnknownVersion    a version of the contract this program does not speak
│   └── Untrusted         the signature, key or kind of a signed message does not hold
├── BadTopic              a topic or a name in it that the contract does not have
└── TlsUnusable           key, certificate or authority cannot be read, or do not fit together
"""

__all__ = ["BadMessage", "BadTopic", "TlsUnusable", "UnknownVersion", "Unreadable", "Untrusted", "WireError"]


class WireError(Exception):
    """Base of every error of the wire contract."""


class BadMessage(WireError):
    """What was sent cannot be used; `reason` is a short code for the ledger and the pages.

    `detail` may repeat a sender's words: on one line, so that none of them passes for a line of a log.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        detail = "".join(letter if letter.isprintable() else "\ufffd" for letter in detail)
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class Unreadable(BadMessage):
    """Not the bytes that the contract describes."""


class UnknownVersion(BadMessage):
    """A version of the contract that this program does not speak."""


class Untrusted(BadMessage):
    """`reason` is one of malformed, wrong_kind, unknown_key, bad_signature."""


class BadTopic(WireError):
    """A topic, or a name in a topic, that the contract does not have."""


class TlsUnusable(WireError):
    """Key, certificate or authority cannot be read, or do not fit together; says which file."""
