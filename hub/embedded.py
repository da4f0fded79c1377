"""The embedded broker of a hub: who comes in, by which doors, as settings and file say."""

from collections.abc import Callable

from edge.wire.topics import Topics
from hub.authority import Doors
from hub.authority_names import subject_of
from hub.authority_x509 import Issuer
from hub.broker import Door, EmbeddedBroker
from hub.broker_files import Account, node_account
from hub.config import HubSettings
from hub.desk import utc_now
from hub.store import accounts, areas, certificates
from hub.store.database import Store

__all__ = ["embedded_broker"]


def embedded_broker(
    settings: HubSettings,
    store: Store,
    topics: Topics,
    *,
    issuer: Issuer | None,
    on_fault: Callable[[str, str, str | None], None],
) -> EmbeddedBroker | None:
    """The broker that this hub starts and watches; None where the settings name one outside."""
    if settings.broker.mode == "outside":
        return None
    return EmbeddedBroker(
        folder=settings.data / "broker",
        host=settings.broker.host,
        port=settings.broker.port,
        topics=topics,
        accounts=lambda: _accounts(store, topics),
        on_fault=on_fault,
        door=_door(settings, store, issuer),
    )


def _door(settings: HubSettings, store: Store, issuer: Issuer | None) -> Door | None:
    tls = settings.tls
    if tls is None or issuer is None:
        return None
    files = Doors(
        folder=settings.data / "tls",
        issuer=issuer,
        names=tls.names,
        revoked=lambda: certificates.revoked_serials(store.read()),
        now=utc_now,
    )
    return Door(host=tls.broker_host, port=tls.broker_port, files=files)


def _accounts(store: Store, topics: Topics) -> list[Account]:
    db = store.read()
    tree = areas.tree(db)
    return [
        node_account(
            topics,
            each.node,
            areas=tree.above(each.area),
            password_hash=each.broker_hash,
            subject=subject_of(each.node, each.enrolment),
        )
        for each in accounts.broker_accounts(db)
    ]
