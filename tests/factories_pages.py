"""A person at a browser without scripts: opens pages, fills in forms as they stand, presses their buttons."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from starlette.testclient import TestClient

from hub.people.people import People
from hub.people.roles import Actor
from hub.web.access import SESSION_COOKIE

__all__ = ["Browser", "BrowserOf", "Form", "Seen", "Typed"]

Typed = dict[str, str | list[str]]  # what somebody typed, by field
Fields = list[tuple[str, str]]
_VOID = {"br", "hr", "img", "input", "link", "meta", "path", "use"}


@dataclass
class Form:
    """A form as it stands: where it goes, and what it would send if nothing more were typed."""

    action: str
    fields: Fields = field(default_factory=list)

    def all(self, name: str) -> list[str]:
        return [value for known, value in self.fields if known == name]

    def get(self, name: str) -> str:
        return next(iter(self.all(name)), "")


class _Reader(HTMLParser):
    """Gathers forms, words, field errors and elements."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.errors: dict[str, str] = {}
        self._form: Form | None = None
        self._select: str | None = None
        self._open: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        self.tags.append((tag, has))
        if tag not in _VOID:
            error = (
                has["id"].removeprefix("e-") if has.get("class") == "field-error" and "id" in has else None
            )
            self._open.append((tag, error))
        if tag == "form":
            self._form = Form(has.get("action", ""))
            self.forms.append(self._form)
        elif tag == "select":
            self._select = has["name"]
        elif tag == "option" and self._select and "selected" in has:
            self._keep(self._select, has["value"])
        elif tag == "input" and has.get("name") and _is_sent(has):
            self._keep(has["name"], has.get("value", "on" if "checked" in has else ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "select":
            self._select = None
        if tag not in _VOID:
            while self._open and self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        for _, error in self._open:
            if error is not None:
                self.errors[error] = (self.errors.get(error, "") + data).strip()

    def _keep(self, name: str, value: str) -> None:
        if self._form is not None:
            self._form.fields.append((name, value))


def _is_sent(has: Mapping[str, str]) -> bool:
    kind = has.get("type", "text")
    return "checked" in has if kind in {"checkbox", "radio"} else kind not in {"file", "submit"}


class Seen:
    """An answer as a person sees it."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self.status: int = response.status_code
        self.html: str = response.text if "html" in response.headers.get("content-type", "") else ""
        self.to: str = response.headers.get("location", "")
        self._reader = _Reader()
        self._reader.feed(self.html)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._reader.words).split())

    @property
    def forms(self) -> list[Form]:
        return self._reader.forms

    @property
    def errors(self) -> dict[str, str]:
        """The words beside each wrong field."""
        return self._reader.errors

    @property
    def hrefs(self) -> list[str]:
        return [has["href"] for tag, has in self._reader.tags if tag == "a" and "href" in has]

    def tags(self, name: str) -> list[dict[str, str]]:
        """The attributes of every element of this name."""
        return [has for tag, has in self._reader.tags if tag == name]

    def form(self, action: str) -> Form:
        found = [form for form in self.forms if form.action == action]
        assert found, f"no form to {action} among {[form.action for form in self.forms]}"
        return found[0]

    def actions(self) -> set[str]:
        """Where this page's forms go, but for leaving."""
        return {form.action for form in self.forms} - {"/logout"}


class Browser:
    """One browser; `actor` and `csrf` are those of who is logged in."""

    def __init__(self, app: Any, *, host: str = "testserver") -> None:
        self.client = TestClient(
            app,
            base_url=f"http://{host}",
            raise_server_exceptions=False,
            follow_redirects=False,
            headers={"Origin": f"http://{host}"},
        )
        self.csrf = ""
        self.actor: Actor | None = None

    def log_in_as(self, people: People, actor: Actor, password: str) -> "Browser":
        """As after the log-in page."""
        session = people.log_in(login=actor.person.login, password=password, address="testclient")
        self.client.cookies.set(SESSION_COOKIE, session.token)
        self.csrf, self.actor = session.csrf, actor
        return self

    def get(self, path: str, **headers: str) -> Seen:
        return Seen(self.client.get(path, headers=headers))

    def send(self, path: str, fields: Iterable[tuple[str, str]], **headers: str) -> Seen:
        """Exactly these fields, repeated ones too."""
        content: dict[str, list[str]] = {}
        for name, value in fields:
            content.setdefault(name, []).append(value)
        return Seen(self.client.post(path, data=content, headers=headers))

    def post(self, path: str, **fields: str | list[str]) -> Seen:
        """A form of the page, with its CSRF token."""
        pairs = [("csrf", self.csrf)]
        for name, value in fields.items():
            pairs += [(name, each) for each in ([value] if isinstance(value, str) else value)]
        return self.send(path, pairs)

    def press(self, seen: Seen, action: str, **typed: str | list[str]) -> Seen:
        """Fill in `typed` in a form of the page and send the form whole, as a browser would."""
        fields = [(name, value) for name, value in seen.form(action).fields if name not in typed]
        for name, value in typed.items():
            fields += [(name, each) for each in ([value] if isinstance(value, str) else value)]
        return self.send(action, fields)

    def upload(self, *files: tuple[str, bytes], csrf: str | None = None, **fields: str) -> Seen:
        """The upload form with files as (name, content)."""
        data = {"csrf": self.csrf if csrf is None else csrf, **fields}
        parts = [("files", file) for file in files]
        return Seen(self.client.post("/recordings", data=data, files=parts))

    def follow(self, seen: Seen) -> Seen:
        assert seen.status == 303, (seen.status, seen.text)
        return self.get(seen.to)


BrowserOf = Callable[..., Browser]
"""`browser_of(Role.CLERK, …)`: a browser where a new person with these roles is logged in."""
