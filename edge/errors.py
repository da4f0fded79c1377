"""What can go wrong in a node, whatever its kind.

EdgeError
├── ConfigError           the settings file cannot be used; lists every fault (edge.config)
├── IdentityError         key, certificate or papers cannot be read, or do not fit together
├── HubNotReached         the hub could not be asked, or not now; it is worth trying again
│   └── HubNotVerified    who answers is not vouched for by the authority that the node believes
├── HubRefused            the hub answered no, or something that cannot be used
└── LedgerError           the ledger cannot be opened, read or written: claim nothing, thank for nothing
    ├── LedgerFull        no room for another entry, and nothing acknowledged is left to drop
    └── AlreadyFinished   an occurrence has its one outcome
"""

__all__ = [
    "AlreadyFinished",
    "EdgeError",
    "HubNotReached",
    "HubNotVerified",
    "HubRefused",
    "IdentityError",
    "LedgerError",
    "LedgerFull",
]


class EdgeError(Exception):
    """Base of every error of a node."""


class IdentityError(EdgeError):
    """Key, certificate or papers cannot be read, or do not fit together; nothing was changed."""


class HubNotReached(EdgeError):
    """The hub could not be reached, or not now; it is worth trying again."""


class HubNotVerified(HubNotReached):
    """Who answers is not vouched for by the authority that the node believes: a stranger, or other keys."""


class HubRefused(EdgeError):
    """The hub answered no, or not with what it said it has; asking the same again is in vain."""


class LedgerError(EdgeError):
    """The ledger cannot be opened, read or written. What was being recorded must not be claimed."""


class LedgerFull(LedgerError):
    """There is no room for another entry, and nothing acknowledged is left to drop."""


class AlreadyFinished(LedgerError):
    """The occurrence has its one outcome; a second is not recorded."""
