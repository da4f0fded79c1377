import base64
import hashlib
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edge.config import load_settings
from hub.enroll import Enrolment, NewNode, Reach, readdress
from hub.errors import Conflict, Forbidden, Invalid, NotFound
from hub.people.roles import Actor, Person, Role
from hub.store import accounts, audit, nodes
from hub.store.database import Store
from tests.factories import signing_key

REACH = Reach(broker_host="127.0.0.1", broker_port=18830, url="http://127.0.0.1:8080")
NEW = NewNode(id="to-2-loa-1", kind="speaker", area="to-2", title="Tổ 2, loa 1", output="file")


@pytest.fixture
def enrolment(store: Store) -> Enrolment:
    made = Enrolment(
        store=store,
        site="xa-mau",
        public_key=signing_key().public(),
        now=lambda: datetime(2026, 11, 20, tzinfo=UTC),
    )
    made.add_area(None, id_="xa", name="Xã mẫu")
    made.add_area(None, id_="to-2", name="Tổ dân phố 2", parent="xa")
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "node.toml"


def secret_in(file: Path) -> str:
    return str(tomllib.loads(file.read_text())["broker"]["password"])


def codes(error: Invalid | Conflict | NotFound) -> list[str]:
    return [problem.code for problem in error.problems]


def test_a_node_can_read_its_settings(enrolment: Enrolment, file: Path) -> None:
    enrolment.enroll(None, NEW, reach=REACH, file=file)
    settings = load_settings(file)
    assert (settings.node.site, settings.node.name) == ("xa-mau", "to-2-loa-1")
    assert settings.node.areas == ("to-2", "xa")
    assert settings.keys.site == signing_key().public()


def test_a_counter_can_read_its_settings(enrolment: Enrolment, file: Path) -> None:
    enrolment.enroll(None, NewNode(id="quay-1", kind="counter", area="xa"), reach=REACH, file=file)
    assert load_settings(file).node.kind == "counter"


def test_only_its_owner_may_read_the_settings(enrolment: Enrolment, file: Path) -> None:
    enrolment.enroll(None, NEW, reach=REACH, file=file)
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_secret_has_256_bits(enrolment: Enrolment, file: Path) -> None:
    enrolment.enroll(None, NEW, reach=REACH, file=file)
    assert len(base64.urlsafe_b64decode(secret_in(file) + "=")) == 32


def test_the_hub_keeps_hashes_of_the_secret(enrolment: Enrolment, store: Store, file: Path) -> None:
    enrolment.enroll(None, NEW, reach=REACH, file=file)
    secret = secret_in(file)
    assert nodes.secret_hash(store.read(), NEW.id) == hashlib.sha256(secret.encode()).hexdigest()
    [account] = accounts.broker_accounts(store.read())
    _, kind, rounds, salt, digest = account.broker_hash.split("$")
    made = hashlib.pbkdf2_hmac("sha512", secret.encode(), base64.b64decode(salt), int(rounds))
    assert (kind, base64.b64decode(digest)) == ("7", made)


def test_a_node_is_not_enrolled_twice_by_mistake(enrolment: Enrolment, file: Path, tmp_path: Path) -> None:
    enrolment.enroll(None, NEW, reach=REACH, file=file)
    with pytest.raises(Conflict) as caught:
        enrolment.enroll(None, NEW, reach=REACH, file=tmp_path / "other.toml")
    assert codes(caught.value) == ["node_exists"]
    assert not (tmp_path / "other.toml").exists()


def test_a_settings_file_is_not_overwritten_by_mistake(enrolment: Enrolment, file: Path) -> None:
    file.write_text("precious")
    with pytest.raises(Conflict):
        enrolment.enroll(None, NEW, reach=REACH, file=file)
    assert file.read_text() == "precious"


def test_enrolling_again_replaces_the_secret(enrolment: Enrolment, store: Store, file: Path) -> None:
    enrolment.enroll(None, NEW, reach=REACH, file=file)
    before = secret_in(file)
    enrolment.enroll(None, NEW, reach=REACH, file=file, again=True)
    assert secret_in(file) != before
    known = hashlib.sha256(secret_in(file).encode()).hexdigest()
    assert nodes.secret_hash(store.read(), NEW.id) == known


@pytest.mark.parametrize("name", ["", "Loa-1", "loa/1", "loa+", "-loa", "loa 1", "x" * 64, "hub", "loa#"])
def test_a_name_that_cannot_stand_in_a_topic_is_refused(enrolment: Enrolment, file: Path, name: str) -> None:
    with pytest.raises(Invalid) as caught:
        enrolment.enroll(None, NewNode(id=name, kind="speaker", area="to-2"), reach=REACH, file=file)
    assert "topic_name" in codes(caught.value)
    assert not file.exists()


def test_an_unknown_area_is_refused(enrolment: Enrolment, file: Path) -> None:
    with pytest.raises(Invalid) as caught:
        enrolment.enroll(None, NewNode(id="a", kind="speaker", area="to-9"), reach=REACH, file=file)
    assert codes(caught.value) == ["unknown_area"]


def test_an_area_is_not_added_twice(enrolment: Enrolment) -> None:
    with pytest.raises(Conflict):
        enrolment.add_area(None, id_="xa", name="Khác")


def test_a_removed_node_has_no_account(enrolment: Enrolment, store: Store, file: Path) -> None:
    enrolment.enroll(None, NEW, reach=REACH, file=file)
    enrolment.remove(None, NEW.id)
    assert accounts.broker_accounts(store.read()) == []
    assert nodes.secret_hash(store.read(), NEW.id) is None


def test_a_node_that_is_not_there_cannot_be_removed(enrolment: Enrolment) -> None:
    with pytest.raises(NotFound):
        enrolment.remove(None, "nobody")


def test_a_clerk_enrols_nothing(enrolment: Enrolment, file: Path) -> None:
    clerk = Actor(Person("1", "lan", "Lan", frozenset({Role.CLERK})), "127.0.0.1")
    with pytest.raises(Forbidden):
        enrolment.enroll(clerk, NEW, reach=REACH, file=file)


def test_every_enrolment_is_in_the_log_without_its_secret(
    enrolment: Enrolment, store: Store, file: Path
) -> None:
    enrolment.enroll(None, NEW, reach=REACH, file=file)
    [line] = [each for each in audit.entries(store.read(), limit=10) if each.action == "node.enroll"]
    assert line.what == "node:to-2-loa-1 Tổ 2, loa 1"
    assert secret_in(file) not in str(line)


def test_other_addresses_leave_the_secret(enrolment: Enrolment, file: Path) -> None:
    enrolment.enroll(None, NEW, reach=REACH, file=file)
    before = secret_in(file)
    readdress(file, Reach(broker_host="127.0.0.1", broker_port=1234, url="http://127.0.0.1:99"))
    settings = load_settings(file)
    assert (settings.broker.port, settings.hub.url) == (1234, "http://127.0.0.1:99")
    assert secret_in(file) == before
