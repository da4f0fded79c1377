"""/api/v1/users: accounts, and what a person does about their own."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from hub.api.base import ActorDep, PartsDep, answers
from hub.people.people import LANGUAGES
from hub.people.roles import Person, Role
from hub.store.people import Account
from hub.web.access import CallerDep

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/users", tags=["users"], responses=answers())

_ROLES = Field(json_schema_extra={"items": {"type": "string", "enum": [role.value for role in Role]}})
_LANGUAGE = Field(json_schema_extra={"enum": list(LANGUAGES)})


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


# The service judges the values, so that everything that is wrong is said at once.
class UserIn(_Body):
    """A new account. Without `password` one is generated, and shown in the answer only."""

    model_config = ConfigDict(
        json_schema_extra={
            "required": ["login", "name", "roles"],
            "example": {"login": "phat-thanh", "name": "Cán bộ phát thanh", "roles": ["clerk"]},
        }
    )

    login: str = ""
    name: str = ""
    roles: Annotated[list[str], _ROLES] = []
    language: Annotated[str, _LANGUAGE] = "vi"
    password: str | None = None


class UserChangeIn(_Body):
    """What is left out stays as it is; `revision` is that of the account this was written from, null for
    whatever it is now."""

    model_config = ConfigDict(json_schema_extra={"example": {"roles": ["clerk", "viewer"], "active": True}})

    name: str | None = None
    roles: Annotated[list[str] | None, _ROLES] = None
    language: Annotated[str | None, _LANGUAGE] = None
    active: bool | None = None
    revision: int | None = None


class PasswordIn(_Body):
    """Another password for somebody; generated when left out."""

    password: str | None = None


class OwnPasswordIn(_Body):
    """One's own password: the present one and the new one."""

    old: str
    new: str


class TokenIn(_Body):
    """What the token is for."""

    model_config = ConfigDict(json_schema_extra={"example": {"title": "Đồng bộ lịch phát"}})

    title: str


class PersonOut(BaseModel):
    """Somebody with an account."""

    id: str
    login: str
    name: str
    roles: list[Role]
    language: str


class UserOut(PersonOut):
    """An account; `seen_at` is when a session of theirs was last used, `revision` grows with each saving."""

    active: bool
    created_at: datetime
    seen_at: datetime | None
    revision: int


class CreatedOut(PersonOut):
    """`password` is the generated one: it is not shown again. Null when it was given."""

    password: str | None


class UsersOut(BaseModel):
    """Every account, by name."""

    items: list[UserOut]


class PasswordOut(BaseModel):
    """The generated password, not shown again; null when it was given."""

    password: str | None


class TokenOut(BaseModel):
    """A bearer token, without its secret."""

    id: str
    title: str
    created_at: datetime
    revoked_at: datetime | None


class TokensOut(BaseModel):
    """One's own tokens, newest first."""

    items: list[TokenOut]


class NewTokenOut(BaseModel):
    """`token` goes into `Authorization: Bearer …`; it is not shown again."""

    id: str
    token: str


@router.get("/me", response_model=PersonOut, summary="Who I am")
def me(actor: ActorDep) -> Any:
    """The person whose token or session this is."""
    return _person_out(actor.person)


@router.put("/me/password", status_code=204, responses=answers(422, 429), summary="Change my password")
def change_own_password(body: OwnPasswordIn, parts: PartsDep, caller: CallerDep) -> None:
    """Every other session of one's own ends."""
    parts.people.change_own_password(caller.actor, old=body.old, new=body.new, session=caller.session)


@router.get("/me/tokens", response_model=TokensOut, summary="My tokens")
def tokens(parts: PartsDep, actor: ActorDep) -> Any:
    """Withdrawn ones included."""
    found = parts.people.tokens.of(actor)
    return {"items": [{**vars(each)} for each in found]}


@router.post(
    "/me/tokens", status_code=201, response_model=NewTokenOut, responses=answers(422), summary="New token"
)
def create_token(body: TokenIn, parts: PartsDep, actor: ActorDep) -> Any:
    """A token does what its person may do, until it is withdrawn."""
    token_id, secret = parts.people.tokens.create(actor, title=body.title)
    return {"id": token_id, "token": secret}


@router.delete("/me/tokens/{token}", status_code=204, responses=answers(404), summary="Withdraw a token")
def revoke_token(token: str, parts: PartsDep, actor: ActorDep) -> None:
    """It is refused from now on."""
    parts.people.tokens.revoke(actor, token)


@router.get("", response_model=UsersOut, summary="List users")
def users(parts: PartsDep, actor: ActorDep) -> Any:
    """Administrators."""
    return {"items": [_account_out(each) for each in parts.people.accounts(actor)]}


@router.post(
    "", status_code=201, response_model=CreatedOut, responses=answers(409, 422), summary="Create a user"
)
def create(body: UserIn, response: Response, parts: PartsDep, actor: ActorDep) -> Any:
    """Administrators."""
    created = parts.people.create(actor, **body.model_dump())
    response.headers["Location"] = f"/api/v1/users/{created.person.id}"
    return {**_person_out(created.person), "password": created.password}


@router.get("/{user}", response_model=UserOut, responses=answers(404), summary="One user")
def user(user: str, parts: PartsDep, actor: ActorDep) -> Any:
    """Administrators, and the person themselves."""
    return _account_out(parts.people.account(actor, user))


@router.patch(
    "/{user}", response_model=UserOut, responses=answers(404, 409, 422), summary="Change or close an account"
)
def change(user: str, body: UserChangeIn, parts: PartsDep, actor: ActorDep) -> Any:
    """Administrators. Closing an account (`active` false) ends its sessions and tokens at once."""
    return _account_out(parts.people.change(actor, user, **body.model_dump()))


@router.post(
    "/{user}/password", response_model=PasswordOut, responses=answers(404, 422), summary="Reset a password"
)
def reset_password(user: str, body: PasswordIn, parts: PartsDep, actor: ActorDep) -> Any:
    """Administrators. Ends the person's sessions."""
    return {"password": parts.people.reset_password(actor, user, password=body.password)}


def _person_out(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "login": person.login,
        "name": person.name,
        "roles": sorted(person.roles),
        "language": person.language,
    }


def _account_out(account: Account) -> dict[str, Any]:
    return {
        **_person_out(account.person),
        "active": account.active,
        "created_at": account.created_at,
        "seen_at": account.seen_at,
        "revision": account.revision,
    }
