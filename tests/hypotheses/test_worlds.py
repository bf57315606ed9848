from pyreport.evidence.facts import facts_of
from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.files.places import policy_folder
from pyreport.hypotheses.relevance import narrowed, relevant_facts
from pyreport.hypotheses.worlds import conclude_worlds
from pyreport.reasoning.solver import conclude
from pyreport.rulebook.loading import load_rulebook

RULEBOOK = load_rulebook(policy_folder())
FACTS = facts_of(read_record(record_folder()), only={"27"})
ASKED = ("eligible", "status", "meets_criteria_on_state_priorities", "persistent_52072")


def test_the_rules_on_which_a_conclusion_rests_conclude_the_same_as_all_rules():
    for name in ASKED:
        narrow = narrowed(RULEBOOK, [name])
        assert len(narrow.rules) < len(RULEBOOK.rules)
        assert conclude(narrow, FACTS, [name]) == conclude(RULEBOOK, FACTS, [name])


def test_worlds_decided_together_are_decided_as_each_alone():
    leas = sorted({atom[1] for atom in FACTS if atom[0] == "listed"})
    worlds = {lea: [atom for atom in FACTS if atom[1] == lea] for lea in leas}
    # The same LEA twice, once without its letters: worlds of one LEA do not mix.
    worlds["without letters"] = [atom for atom in worlds[leas[0]] if atom[0] != "published_letter"]
    together = conclude_worlds(RULEBOOK, worlds, ASKED)
    assert list(together) == list(worlds)
    for key, atoms in worlds.items():
        alone = conclude(RULEBOOK, dict.fromkeys(atoms, next(iter(FACTS.values()))), ASKED)
        assert together[key] == {atom for atoms in alone.values() for atom in atoms}
    assert together["without letters"] != together[leas[0]]


def test_no_world_concludes_nothing():
    assert conclude_worlds(RULEBOOK, {}, ASKED) == {}


def test_facts_that_no_condition_fits_are_left_out_and_change_no_conclusion():
    for name in ASKED:
        narrow = narrowed(RULEBOOK, [name])
        left = relevant_facts(narrow, FACTS)
        assert len(left) < len(FACTS)
        assert conclude(narrow, {atom: FACTS[atom] for atom in left}, [name]) == conclude(RULEBOOK, FACTS, [name])
