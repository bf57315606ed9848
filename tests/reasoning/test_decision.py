from explanation.decided import record, rulebook

from pyreport.evidence.scope import Scope
from pyreport.reasoning.decision import decide, derive_counties, facts_to_decide

ALPINE, MONTEREY, YUBA = "02", "27", "58"
OFFICES = {ALPINE: "02100250000000", MONTEREY: "27102720000000", YUBA: "58105870000000"}


def asked(code, *, as_of=None, fiscal_year=None):
    funds = None if fiscal_year is None else (OFFICES[code], fiscal_year)
    return Scope(until=2024, only={code}, as_of=as_of, funds=funds)


def test_counties_derived_together_are_decided_as_each_is_alone():
    for more in ({}, {"as_of": 20241201, "fiscal_year": 2025}):
        facts = {code: facts_to_decide(rulebook(), record(), asked(code, **more)) for code in (YUBA, MONTEREY, ALPINE)}
        together = derive_counties(rulebook(), facts)
        assert sorted(together) == [ALPINE, MONTEREY, YUBA]
        for code, graph in together.items():
            alone = decide(rulebook(), record(), asked(code, **more))
            found = decide(rulebook(), record(), asked(code, **more), graph=graph)
            assert list(graph.facts.items()) == list(alone.graph.facts.items())
            assert found.document() == alone.document()
            assert found.verdict == alone.verdict
