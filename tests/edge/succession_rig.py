"""An enrolled node whose hub may have other keys."""

from pathlib import Path
from typing import Any

from edge.config import NodeSettings, load_settings
from edge.errors import EdgeError, HubNotVerified
from edge.events import Quit, Trouble
from edge.files import finish_writing
from edge.identity import check_fit
from edge.papers import install
from edge.succession import FOREIGN, Succeeding
from edge.wire.link import Lost
from edge.wire.signing import SignedKind, SigningKey
from edge.wire.succession import Succession
from tests import factories as make
from tests.certificates import TestAuthority
from tests.edge.papers_rig import Machine
from tests.factories_signed import papers

RECOVERY, NEW_KEY = SigningKey.generate(), SigningKey.generate()
STRANGER = HubNotVerified("who answers is a stranger")


class Node(Machine):
    """An enrolled node, who answers as its hub, and what the node says."""

    def __init__(self, folder: Path, *, recovery: SigningKey | None = RECOVERY) -> None:
        super().__init__(folder)
        pinned = {"recovery": recovery.public(), "number": 7} if recovery else {}
        install(folder, self.papers(keys={"site": make.signing_key().public(), **pinned}))
        self.successor = TestAuthority()
        self.name = make.NODE
        self.told: list[Trouble | Quit] = []
        self.asked: list[str] = []
        self.knocked: EdgeError | None = STRANGER
        self.readmitted: EdgeError | None = None
        self.offered: bytes | EdgeError = self.token()
        self.start()

    def start(self) -> None:
        """The program begins."""
        finish_writing(self.folder)
        settings = self.read()
        tls = settings.tls_files()
        assert tls is not None
        self.tls = tls
        self.succeeding = Succeeding(settings, tls, hub=self, post=self.told.append, chance=lambda: 0.5)

    def read(self) -> NodeSettings:
        return load_settings(self.folder / "node.toml")

    def token(
        self, *, by: SigningKey = RECOVERY, kind: SignedKind = SignedKind.SUCCESSION, **changes: Any
    ) -> bytes:
        fields: dict[str, Any] = {
            "site": make.SITE,
            "aud": "all",
            "number": 8,
            "key": NEW_KEY.public(),
            "authority": self.successor.pem,
        }
        return by.sign(kind, Succession(**fields | changes).encode())

    def knock(self) -> None:
        self.asked.append("knock")
        if self.knocked is not None:
            raise self.knocked

    def succession(self) -> bytes:
        self.asked.append("succession")
        if isinstance(self.offered, EdgeError):
            raise self.offered
        return self.offered

    def readmit(self, request: str) -> bytes:
        self.asked.append("readmit")
        if self.readmitted is not None:
            raise self.readmitted
        return papers(self.successor, request, name=self.name).encode()

    def look(self) -> None:
        """The link is lost, and the first look is made."""
        self.succeeding.hear(Lost(reason="gone"))
        self.succeeding.step()
        self.succeeding.step()

    def is_the_old_one(self) -> bool:
        keys, authority = self.read().keys, (self.folder / "authority.crt").read_text()
        return (keys.site, keys.number) == (
            make.signing_key().public(),
            7,
        ) and authority == self.authority.pem

    def has_new_keys(self) -> bool:
        keys, authority = self.read().keys, (self.folder / "authority.crt").read_text()
        return (keys.site, keys.number, authority) == (NEW_KEY.public(), 8, self.successor.pem)

    def is_certified(self) -> bool:
        pem = (self.folder / "node.crt").read_text()
        check_fit(pem, key=self.tls.key, authority=self.successor.pem)
        return True

    def wrong(self) -> str:
        """The fault that it told of last."""
        told = [each for each in self.told if isinstance(each, Trouble)]
        assert told[-1].name == FOREIGN
        return told[-1].why
