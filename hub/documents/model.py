"""What a document says, apart from how a file format writes it. Pure.

Texts are plain: `plain` takes out what no document may hold. Figures stay figures until a writer shows them.
"""

from dataclasses import dataclass
from datetime import date

__all__ = [
    "Block",
    "Cell",
    "Chart",
    "Heading",
    "Official",
    "Paragraph",
    "Percent",
    "Sheet",
    "Table",
    "plain",
    "shown",
]


@dataclass(frozen=True, slots=True)
class Percent:
    """A share from 0 to 1."""

    share: float


Cell = str | int | Percent | None
"""A text, a count, a share, or nothing to say (shown as a dash)."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a part."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `is_note` stands in italics."""

    text: str
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header; the first column is text. `total` is a last row that stands out."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns of counts, one for each category."""

    caption: str
    series: str
    categories: tuple[str, ...]
    values: tuple[int, ...]


Block = Heading | Paragraph | Table | Chart


@dataclass(frozen=True, kw_only=True)
class Official:
    """A document in the form of Nghị định 30/2020/NĐ-CP, still without number and signature.

    `symbol` follows the number, as in `/BC-UBND`; `authority` and `position` stand above the signature.
    """

    office_above: str
    office: str
    symbol: str
    place: str
    on: date
    kind: str
    subject: str
    blocks: tuple[Block, ...]
    recipients: tuple[str, ...]
    authority: str
    position: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet of a workbook: lines above a table (the first is its title), and a chart of it."""

    name: str
    lines: tuple[str, ...]
    table: Table
    chart: Chart | None = None


def plain(text: str) -> str:
    """`text` in one line, without the control characters and lone surrogates that XML forbids."""
    kept = (letter if letter.isprintable() else " " for letter in text)
    return " ".join("".join(kept).split())


def shown(cell: Cell) -> str:
    """A cell as Vietnamese readers write it: 1.234 and 95,2%."""
    match cell:
        case None:
            return "–"
        case Percent(share):
            return f"{share * 100:.1f}%".replace(".", ",")
        case int():
            return f"{cell:,}".replace(",", ".")
        case str():
            return plain(cell)
