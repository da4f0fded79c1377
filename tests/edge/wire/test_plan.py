"""A plan is a head of its own and an ending that others may share."""

import pytest

from edge.wire.plan import Plan, PlanContent, PlanHead
from edge.wire.signing import Ending, SignedKind
from tests import factories as make


def head(plan: Plan) -> PlanHead:
    return PlanHead(site=plan.site, aud=plan.aud, version=plan.version, issued_at=plan.issued_at)


def test_head_and_ending_are_the_plan_to_the_byte() -> None:
    plan = make.plan()
    said = PlanContent(**{name: getattr(plan, name) for name in PlanContent.model_fields})
    assert head(plan).beginning() + said.ending() == plan.encode()


@pytest.mark.parametrize("node", ["a", "ab", "abc", "abcd"])
def test_a_shared_ending_signs_like_the_whole(node: str) -> None:
    plan = make.plan(aud=f"node:{node}")
    key, beginning = make.signing_key(), head(plan).beginning()
    token = key.sign(SignedKind.PLAN, beginning, ending=Ending(plan.ending()))
    assert token == key.sign(SignedKind.PLAN, plan.encode())


def test_what_is_signed_for_one_node_is_not_the_plan_of_another() -> None:
    ending = Ending(make.plan().ending())
    tokens = {
        make.signing_key().sign(
            SignedKind.PLAN, head(make.plan(aud=f"node:{node}")).beginning(), ending=ending
        )
        for node in ("loa-1", "loa-2")
    }
    said = {Plan.decode(make.keyring().open(SignedKind.PLAN, token)).aud for token in tokens}
    assert said == {"node:loa-1", "node:loa-2"}
