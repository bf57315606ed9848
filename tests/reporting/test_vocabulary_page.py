from pyreport.reporting.vocabulary_page import vocabulary_page

from .pages import Tree, rulebook


def test_a_predicate_has_the_rules_that_conclude_it_and_its_neighbors():
    (entry,) = [one for one in vocabulary_page().entries if one.predicate.name == "meets_criteria_on_state_priorities"]
    assert "criteria.two-priorities" in [rule.id for rule in entry.rules]
    assert {"known_group", "threshold", "meets_state_priority"} <= set(entry.below)
    assert entry.signature == "meets_criteria_on_state_priorities(LEA, Year, Group)"
    above = {one.predicate.name for one in vocabulary_page().entries if entry.predicate.name in one.below}
    assert set(entry.above) == above
    assert above


def test_every_predicate_is_there_and_every_neighbor_is_an_anchor_of_the_page():
    tree = Tree(vocabulary_page().predicates().text).root
    anchors = {element.attributes["id"] for element in tree.all("section")}
    assert anchors == set(rulebook().predicates)
    inside = {link.attributes["href"][1:] for link in tree.all("a") if link.attributes["href"].startswith("#")}
    assert inside <= anchors
    stated = {link.attributes["href"] for link in tree.all("a")}
    assert {f"../law.html#rule-{rule.id}" for rule in rulebook().rules} <= stated
