from pyreport.explanation.decision import checked, decide, derive_counties

from .decided import record, rulebook

ALPINE, MONTEREY, YUBA = "02", "27", "58"


def test_counties_derived_together_are_decided_as_each_is_alone():
    together = derive_counties(rulebook(), record(), [YUBA, MONTEREY, ALPINE], until=2024)
    assert sorted(together) == [ALPINE, MONTEREY, YUBA]
    for code, graph in together.items():
        alone = decide(rulebook(), record(), until=2024, only={code})
        found = checked(record(), graph, until=2024, only={code})
        assert list(graph.facts.items()) == list(alone.graph.facts.items())
        assert found.document() == alone.document()
        assert found.verdict == alone.verdict


def test_a_county_without_facts_is_no_part_of_those_derived_together():
    assert list(derive_counties(rulebook(), record(), ["99", ALPINE], until=2024)) == [ALPINE]
