"""SQL of areas: the tree under the site from which nodes hang."""

from dataclasses import dataclass

from sqlite_utils import Database

from hub.programme.terms import Areas

__all__ = ["Area", "add", "area", "areas", "tree"]


@dataclass(frozen=True)
class Area:
    """A place; `id` stands in topics. `parent` is the area it lies in, None at the top."""

    id: str
    name: str
    parent: str | None = None
    position: int = 0


def areas(db: Database) -> list[Area]:
    """Every area, in the order in which people list them."""
    rows = db.query("SELECT id, name, parent, position FROM areas ORDER BY position, name, id")
    return [Area(**row) for row in rows]


def area(db: Database, id_: str) -> Area | None:
    """One area, or None."""
    rows = db.query("SELECT id, name, parent, position FROM areas WHERE id = ?", [id_])
    return next((Area(**row) for row in rows), None)


def add(db: Database, new: Area) -> None:
    """Write an area. Raises sqlite3.IntegrityError for an id that stands or a parent that does not."""
    db.execute(
        "INSERT INTO areas (id, name, parent, position) VALUES (?, ?, ?, ?)",
        [new.id, new.name, new.parent, new.position],
    )


def tree(db: Database) -> Areas:
    """The tree as the programme reads it."""
    return Areas({area.id: area.parent for area in areas(db)})
