"""What somebody saved while another person's form stood open, beside what that form holds."""

from datetime import datetime

from hub.store.steps import Step
from hub.web.pages.page import Page
from hub.web.views import Newer, NewerFact

__all__ = ["newer_of"]


def newer_of(page: Page, saved: Step | None, *facts: NewerFact, keep: str) -> Newer:
    """`saved` is who saved it and when, as far as is known."""
    by, at = _who(page, saved)
    return Newer(by=by, at=at, facts=facts, keep=keep)


def _who(page: Page, saved: Step | None) -> tuple[str, datetime | None]:
    if saved is None:
        return "", None
    return "" if saved.by == page.actor.person.id else saved.name, saved.at
