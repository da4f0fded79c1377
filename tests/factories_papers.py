"""Valid values of an enrolment, any field of which may be changed by keyword."""

from typing import Any

from edge.wire.papers import Admission, Application, Code, Papers
from edge.wire.succession import Succession
from tests import factories as make


def pem(kind: str = "CERTIFICATE") -> str:
    return f"-----BEGIN {kind}-----\n{'A' * 64}\n-----END {kind}-----\n"


def succession(**changes: Any) -> Succession:
    fields: dict[str, Any] = {
        "site": make.SITE,
        "aud": "all",
        "number": make.VERSION,
        "key": "rwvS73Rb44P3b9dFB3sb06WNi1B0w5nALwr_4kjHIEg",
        "authority": pem(),
    }
    return Succession(**fields | changes)


def code() -> Code:
    return Code.read("AB3K-K7QF-2M9X-4HTD-PWZ3")


def papers(**changes: Any) -> Papers:
    fields: dict[str, Any] = {
        "node": make.NODE,
        "settings": {
            "node": {"site": make.SITE, "name": make.NODE, "kind": "speaker", "areas": [make.AREA]},
            "broker": {"host": "192.168.50.10", "port": 8883},
        },
        "certificate": pem(),
        "authority": pem(),
        "is_new": True,
    }
    return Papers(**fields | changes)


def application() -> Application:
    return code().application(pem("CERTIFICATE REQUEST"))


def admission() -> Admission:
    return code().admission(papers(), to=application())
