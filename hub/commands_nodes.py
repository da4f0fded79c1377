"""What `loa hub` does about nodes: enrol, remove, list."""

import json
import sys
from collections.abc import Callable

from hub.arguments import Arguments
from hub.certification import Certification
from hub.command_name import command_name
from hub.config import HubSettings
from hub.desk import Desk
from hub.errors import Conflict, Invalid, Problem
from hub.new_node import NewNode, Reach
from hub.store import nodes

__all__ = ["NODE_COMMANDS"]

_LONGEST_REQUEST = 16_384


def _enroll(arguments: Arguments, settings: HubSettings, desk: Desk) -> None:
    new = NewNode(
        id=arguments.id,
        kind=arguments.kind,
        area=arguments.area,
        title=arguments.name,
        output=arguments.output,
        clock=arguments.clock,
        pins=arguments.pins,
    )
    if arguments.request is not None:
        request = _request_in(arguments.request)
        papers = _certification(desk).papers(
            None, new, request=request, again=arguments.again, new_card=arguments.new_card
        )
        print(papers.encode().decode())
    elif arguments.out is not None:
        _write_settings(arguments, settings, desk, new)
    else:
        _print_code(settings, desk, new, again=arguments.again)


def _request_in(file: str) -> str:
    if file == "-":
        return sys.stdin.read(_LONGEST_REQUEST)
    with open(file, encoding="ascii", errors="replace") as request:  # noqa: PTH123 - bounded
        return request.read(_LONGEST_REQUEST)


def _certification(desk: Desk) -> Certification:
    if desk.certification is None:
        raise Invalid(Problem("tls_off"))
    return desk.certification


def _print_code(settings: HubSettings, desk: Desk, new: NewNode, *, again: bool) -> None:
    code = _certification(desk).code(None, new, again=again)
    url = settings.tls.node_url if settings.tls else settings.url
    print(f"node      {new.id} in {new.area}")
    print(f"code      {code}   (shown once; for one machine, for 24 hours)")
    print(f"next      on the node: sudo loa-node enroll {url} {code} --folder /etc/loa")


def _write_settings(arguments: Arguments, settings: HubSettings, desk: Desk, new: NewNode) -> None:
    if desk.certification is not None:
        raise Conflict(Problem("tls_on", "out"))
    assert arguments.out is not None  # noqa: S101 - asked by the caller
    reach = Reach(
        broker_host=arguments.broker_host or settings.broker.host,
        broker_port=arguments.broker_port or settings.broker.port,
        url=arguments.url or settings.url,
    )
    desk.enrolment.enroll(None, new, reach=reach, file=arguments.out, again=arguments.again)
    print(f"node      {new.id} in {new.area}")
    print(f"settings  {arguments.out}: holds its secret; copy it to the node and delete it here")


def _remove(arguments: Arguments, _settings: HubSettings, desk: Desk) -> None:
    desk.enrolment.remove(None, arguments.id)
    print(f"removed   {arguments.id}; a running hub shuts it out within seconds, for good")


def _nodes(arguments: Arguments, _settings: HubSettings, desk: Desk) -> None:
    db = desk.store.read()
    reports, found = nodes.reports(db), nodes.nodes(db)
    if not found:
        sys.stderr.write(f"there are no nodes yet: {command_name()} enroll\n")
    for node in found:
        report = reports.get(node.id)
        if arguments.json:
            print(json.dumps(_told(node, report), ensure_ascii=False))
        else:
            here = "never heard" if report is None else "here" if report.here else "away"
            print(f"{node.id:<20} {node.kind:<8} {node.area:<20} {here:<12} {node.name}")


def _told(node: nodes.Node, report: nodes.Report | None) -> dict[str, object]:
    return {
        "id": node.id,
        "kind": node.kind,
        "area": node.area,
        "name": node.name,
        "here": report is not None and report.here,
        "heard_at": report.heard_at.isoformat() if report else None,
    }


NODE_COMMANDS: dict[str, Callable[[Arguments, HubSettings, Desk], None]] = {
    "enroll": _enroll,
    "remove": _remove,
    "nodes": _nodes,
}
