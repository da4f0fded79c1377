"""Thêm thiết bị: a technician's form, the code, and the way out of service."""

import pytest

from edge.wire.papers import Code
from hub.new_node import NewNode
from hub.parts import Parts
from hub.people.roles import Role
from hub.store import certificates, nodes
from hub.store.nodes import Node
from tests.factories_pages import Browser, BrowserOf
from tests.factories_tls import node_key, request_of

NEW = {"kind": "speaker", "title": "Tổ 2, cột 15", "area": "to-2", "id": ""}


@pytest.fixture
def technician(browser_of: BrowserOf) -> Browser:
    return browser_of(Role.TECHNICIAN, login="tu")


def enrolled(parts: Parts, node: str = "loa-9") -> None:
    assert parts.certification is not None
    new = NewNode(id=node, kind="speaker", area="to-1")
    parts.certification.papers(None, new, request=request_of(node_key()))


def code_in(text: str) -> Code:
    return Code.read(text.partition("https://loa.lan:8443 ")[2].split()[0])


def test_a_new_device_gets_a_code_and_the_command_to_type(technician: Browser, parts: Parts) -> None:
    seen = technician.post("/enrol", **NEW)
    assert seen.status == 200
    code = code_in(seen.text)
    assert parts.certification is not None
    application = code.application(request_of(node_key()))
    papers = code.papers(parts.certification.admit(application), to=application)
    assert papers is not None
    assert papers.node == "to-2-cot-15"


def test_the_code_is_kept_by_no_browser(technician: Browser) -> None:
    assert technician.post("/enrol", **NEW).response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"id": "Cột 15"}, "id"),
        ({"area": "to-9"}, "area"),
        ({"id": "loa-1"}, "id"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    technician: Browser, change: dict[str, str], field: str
) -> None:
    seen = technician.post("/enrol", **NEW | change)
    assert list(seen.errors) == [field]
    assert "Mã đăng ký" not in seen.text


def test_no_area_is_chosen_for_a_technician(technician: Browser) -> None:
    assert technician.get("/enrol").tags("option")[0]["value"] == ""


def test_who_forgot_the_area_is_asked_for_it(technician: Browser) -> None:
    assert technician.post("/enrol", **NEW | {"area": ""}).errors == {"area": "Hãy chọn địa bàn."}


def test_the_commands_to_type_end_with_the_program_of_its_kind_at_work(technician: Browser) -> None:
    for kind in ("speaker", "counter"):
        text = technician.post("/enrol", **NEW | {"kind": kind, "id": f"moi-{kind}"}).text
        enroll, check, restart = (
            text.index(words)
            for words in (
                "sudo loa-node enroll ",
                "sudo loa-node check ",
                f"sudo systemctl restart loa-{kind}",
            )
        )
        assert enroll < check < restart


def test_the_button_that_copies_knows_what_and_is_there_for_scripts_only(technician: Browser) -> None:
    seen = technician.post("/enrol", **NEW)
    [button] = [has for has in seen.tags("button") if "data-copies" in has]
    assert "hidden" in button
    assert [has["id"] for has in seen.tags("code") if has.get("id")] == [button["data-copies"]]


def test_a_code_for_a_replaced_machine_is_one_press_away(technician: Browser, parts: Parts) -> None:
    enrolled(parts)
    seen = technician.press(technician.get("/enrol?node=loa-9"), "/enrol")
    assert seen.status == 200
    assert code_in(seen.text)


def test_what_is_known_of_a_replaced_machine_cannot_be_mistyped(technician: Browser, parts: Parts) -> None:
    enrolled(parts)
    seen = technician.get("/enrol?node=loa-9")
    assert {field["type"] for field in seen.tags("input")} == {"hidden"}
    assert seen.tags("select") == []


def test_a_replaced_machine_finds_its_form_filled_in(technician: Browser, parts: Parts) -> None:
    enrolled(parts)
    form = technician.get("/enrol?node=loa-9").form("/enrol")
    assert (form.get("id"), form.get("area"), form.get("again")) == ("loa-9", "to-1", "yes")


def test_a_removed_device_is_revoked(technician: Browser, parts: Parts) -> None:
    enrolled(parts)
    technician.get("/enrol/remove?node=loa-9")
    technician.post("/enrol/remove", node="loa-9")
    db = parts.store.read()
    assert nodes.node(db, "loa-9") is None
    assert len(certificates.revoked_serials(db)) == 1


@pytest.mark.parametrize(("kind", "list_"), [("speaker", "/nodes"), ("counter", "/counters")])
def test_after_a_removal_one_is_where_the_device_stood(
    technician: Browser, parts: Parts, kind: str, list_: str
) -> None:
    new = Node(id="moi", kind=kind, name="Mới", area="to-1", enrolled_at=parts.now())
    parts.store.write(lambda db: nodes.add(db, new, secret_hash="", broker_hash=""))
    seen = technician.press(technician.get("/enrol/remove?node=moi"), "/enrol/remove")
    assert seen.to == list_
    assert "Đã gỡ thiết bị." in technician.follow(seen).text


def test_a_clerk_finds_no_way_to_devices(clerk: Browser) -> None:
    assert "/enrol" not in clerk.get("/nodes").hrefs
    assert clerk.get("/enrol").status == 403
    assert clerk.post("/enrol", **NEW).status == 403
    assert clerk.post("/enrol/remove", node="loa-1").status == 403


def test_a_devices_page_says_until_when_its_certificate_holds(technician: Browser, parts: Parts) -> None:
    enrolled(parts)
    assert "còn hạn đến Chủ Nhật, 19/11/2028" in technician.get("/nodes/loa-9").text


def test_a_device_without_a_certificate_is_said_so(technician: Browser) -> None:
    assert "chưa có; cần đăng ký lại" in technician.get("/nodes/loa-1").text
