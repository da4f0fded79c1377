"""What every kind of ledger entry is made of."""

from typing import ClassVar

from edge.wire.base import Model

__all__ = ["Body"]


class Body(Model):
    """What one kind of entry says; `kind` is the name it travels under."""

    kind: ClassVar[str]
