"""What a check found of one part."""

from dataclasses import dataclass

__all__ = ["Finding"]


@dataclass(frozen=True)
class Finding:
    """One part, whether it works, and what was found."""

    part: str
    works: bool
    found: str

    def __str__(self) -> str:
        return f"{'ok   ' if self.works else 'WRONG'} {self.part}: {self.found}"
