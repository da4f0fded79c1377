from pathlib import Path

import pytest

from edge.wire.topics import Topics
from hub.authority import TlsFiles
from hub.broker_files import (
    Account,
    Denial,
    TlsListener,
    acl_text,
    broker_hash,
    config_text,
    denial_in,
    hub_account,
    is_refused_login,
    node_account,
    passwords_text,
)

TOPICS = Topics("xa-mau")
NODE = node_account(TOPICS, "to-2-loa-1", areas=("to-2", "xa"), password_hash="$7$h")


def test_a_node_may_publish_its_own_four_topics_only() -> None:
    said = [line for line in acl_text([NODE]).splitlines() if line.startswith("topic write")]
    assert said == [
        f"topic write loa/xa-mau/node/to-2-loa-1/{leaf}" for leaf in ("time", "state", "health", "ledger")
    ]


def test_a_node_hears_orders_of_every_area_above_it() -> None:
    assert "topic read loa/xa-mau/area/xa/order\n" in acl_text([NODE])
    assert "topic read loa/xa-mau/area/to-2/order\n" in acl_text([NODE])


def test_no_wildcard_stands_in_a_nodes_rules() -> None:
    assert not set("#+%") & set(acl_text([NODE]))


def test_the_hub_has_its_site_and_no_other() -> None:
    account = hub_account(TOPICS, user="hub", password_hash="$7$h")
    assert account.hears == account.says == ("loa/xa-mau/#",)


def test_each_account_is_one_line_of_the_password_file() -> None:
    assert passwords_text([NODE, Account("b", "$7$x", (), ())]) == "to-2-loa-1:$7$h\nb:$7$x\n"


def test_the_same_secret_never_has_the_same_hash() -> None:
    assert broker_hash("secret") != broker_hash("secret")


@pytest.mark.parametrize(
    "setting",
    [
        "listener 18830 127.0.0.1",
        "allow_anonymous false",
        "use_username_as_clientid true",
        "max_queued_messages 1000000",
        "user loa",
        "persistence false",
        "log_type debug",
    ],
)
def test_a_setting_that_matters_is_there(setting: str) -> None:
    text = config_text(host="127.0.0.1", port=18830, run_as="loa", passwords=Path("/p"), acl=Path("/a"))
    assert setting in text.splitlines()


def test_with_tls_a_second_listener_takes_certificates_only() -> None:
    door = TlsListener("192.0.2.1", 8883, TlsFiles.within(Path("/t")))
    text = config_text(
        host="127.0.0.1", port=18830, run_as="loa", passwords=Path("/p"), acl=Path("/a"), tls=door
    )
    own, _, listener = text.partition("listener 8883 192.0.2.1\n")
    assert {"require_certificate true", "use_subject_as_username true", "crlfile /t/revoked.pem"} <= set(
        listener.splitlines()
    )
    assert "certificate" not in own
    assert [each.count("use_username_as_clientid true") for each in (own, listener)] == [1, 1]


def test_who_has_no_name_is_not_in_the_access_file() -> None:
    assert acl_text([Account("", "", ("a",), ())]) == ""


def test_who_has_no_password_is_not_in_the_password_file() -> None:
    assert passwords_text([Account("a", "", (), ()), Account("b", "$7$x", (), ())]) == "b:$7$x\n"


def test_a_denied_publish_is_read_from_the_log() -> None:
    line = "Denied PUBLISH from to-2-loa-1 (d0, q1, r0, m1, 'loa/xa-mau/node/b/state', ... (1 bytes))"
    assert denial_in(line) == Denial("to-2-loa-1", "PUBLISH", "loa/xa-mau/node/b/state")


def test_an_allowed_publish_is_no_denial() -> None:
    assert denial_in("Received PUBLISH from a (d0, q1, r0, m1, 'Denied', ... (1 bytes))") is None


def test_a_refused_login_is_read_from_the_log() -> None:
    assert is_refused_login("Client <unknown> disconnected, not authorised.")
    assert not is_refused_login("Client to-2-loa-1 disconnected.")
