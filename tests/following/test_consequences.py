"""What a case can come to: required, permitted, possible and excluded, by every lawful course."""

import functools

import pytest

from pyreport.evidence.asked import as_of_facts
from pyreport.evidence.model import Cell, Publication
from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.evidence.scope import Scope
from pyreport.files.places import policy_folder
from pyreport.following.consequences import EXCLUDED, POSSIBLE, consequences
from pyreport.following.pathways import pathways_data, pathways_text
from pyreport.following.scenarios import possible_consequences
from pyreport.reasoning.decision import Decision, decide, proved
from pyreport.reasoning.solver import derive
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.syntax import quote

OFFICE, CHARTER, DAY = "27102720000000", "27699990000001", 20250630
MADE_UP = Cell("", Publication(0, "Made up", "", "case.yaml", "", "0" * 64, {}, "case"), "line ", 1)
WAY = (
    (20250201, "requested", "county_superintendent", "47607.3(c)"),
    (20250210, "superintendent_consulted", "ccee", "47607.3(c)"),
    (20250220, "approved", "state_board", "47607.3(c)"),
    (20250301, "accepted", "ccee", "47607.3(c)"),
    (20250315, "advised", "ccee", "47607.3(c)"),
    (20250320, "failure_found", "ccee", "47607.3(d)"),
    (20250325, "finding_submitted", "ccee", "47607.3(d)"),
)
REQUIRED, PERMITTED = "required", "permitted"


@functools.cache
def rulebook():
    return load_rulebook(policy_folder())


@functools.cache
def office():
    return decide(rulebook(), read_record(record_folder()), Scope(only={OFFICE}, as_of=DAY))


@functools.cache
def charter(steps: int, recurring: bool = True):
    """A made-up charter school, with some steps of Pathway 2 behind it."""
    lea = quote(CHARTER)
    atoms = [("charter", lea), ("authorization", lea, quote("27661420000000"), quote("27"), "district_board")]
    for year in (2019, 2022, 2023, 2024):
        atoms.append(("reported", lea, year))
        for indicator in ("ela", "math", "elpi", "graduation", "college_career", "chronic_absenteeism", "suspension"):
            atoms.append(("all_rows_at_hand", lea, year, indicator))
        for group in ("hom", "swd", "el"):
            for indicator in ("chronic_absenteeism", "suspension"):
                color = "red" if recurring else "green"
                row = (100, "met", "none", "none", 1 if recurring else 4, 1 if recurring else 4, color)
                atoms.append(("dashboard_row", lea, year, group, indicator, *row))
    for date, what, by, section in WAY[:steps]:
        atoms += [("event", lea, what, by, date), ("event_under", lea, what, by, date, quote(section))]
    facts = {**dict.fromkeys(atoms, MADE_UP), **as_of_facts({quote(CHARTER): MADE_UP}, DAY)}
    graph = derive(rulebook(), facts)
    return Decision(rulebook(), graph, proved(graph))


@functools.cache
def of_office():
    return consequences(office(), OFFICE, DAY)


@functools.cache
def of_charter(steps: int, recurring: bool = True):
    return consequences(charter(steps, recurring), CHARTER, DAY)


def acts(found, standing):
    return {(one.pathway, one.act) for one in found if one.standing == standing}


def test_a_county_office_that_meets_the_test_is_owed_a_determination_and_may_come_to_intervention():
    assert ("county_office_determination", "determine") in acts(of_office(), REQUIRED)
    assert ("own_request", "request_help") in acts(of_office(), PERMITTED)
    possible = acts(of_office(), POSSIBLE)
    assert {
        ("county_office_determination", "facilitate"),
        ("county_office_determination", "appoint_trustee"),
    } <= possible


def test_what_is_possible_names_the_fewest_steps_in_their_order_and_has_a_checked_derivation():
    found = {(one.pathway, one.act): one for one in of_office() if one.standing == POSSIBLE}
    facilitate = found["county_office_determination", "facilitate"]
    assert [step.split(",")[0] for step in facilitate.steps] == [
        "consultation of the LEA",
        "CCEE's determination that its assistance is necessary",
    ]
    assert all(one.step.derivations for one in found.values())
    assert all(one.steps for one in found.values())


def test_a_request_of_pathway_2_can_lead_to_the_consideration_for_revocation_and_never_obliges_to_revoke():
    assert ("pathway_2", "consider_revocation") in acts(of_charter(0), POSSIBLE)
    assert ("pathway_2", "must_revoke") in acts(of_charter(0), EXCLUDED)
    for standing in (REQUIRED, POSSIBLE):
        assert not [
            one
            for one in of_charter(0)
            if one.standing == standing and one.atom[0] == "shall" and one.act in ("revoke", "must_revoke")
        ]


def test_with_the_finding_submitted_the_consideration_is_required():
    assert ("pathway_2", "consider_revocation") in acts(of_charter(len(WAY)), REQUIRED)
    assert ("pathway_2", "consider_revocation") not in acts(of_charter(len(WAY) - 1), REQUIRED)


def test_where_pathway_2_is_barred_the_consideration_is_excluded_and_not_possible():
    barred = of_charter(0, recurring=False)
    assert ("pathway_2", "consider_revocation") in acts(barred, EXCLUDED)
    assert not {act for pathway, act in acts(barred, POSSIBLE) if pathway == "pathway_2"}


@pytest.mark.parametrize("steps", [0, 3, len(WAY)])
def test_what_the_law_excludes_is_never_a_duty_or_a_power_in_any_scenario(steps):
    decision = charter(steps)
    excluded = {(row.pathway, row.exclusion) for row in decision.graph.rows("excluded")}
    found, certain = possible_consequences(decision.graph, quote(CHARTER), DAY)
    assert (
        not {(one.conclusion.pathway, one.conclusion.act) for one in found if one.atom[0] in ("shall", "may")}
        & excluded
    )
    assert {atom for atom in decision.graph.atoms("excluded") if atom[2] != "pathway_2"} <= certain


def test_each_scenario_is_a_lawful_case():
    found, _ = possible_consequences(charter(0).graph, quote(CHARTER), DAY)
    for one in found:
        facts = {**charter(0).graph.facts, **dict.fromkeys(one.events(rulebook(), DAY), MADE_UP)}
        graph = derive(rulebook(), facts)
        assert graph.atoms("misplaced") == []
        assert one.atom in graph.atoms(str(one.atom[0]))


def test_text_and_data_show_the_same_pathways():
    data, text = pathways_data(office(), OFFICE, DAY), pathways_text(office(), OFFICE, DAY)
    assert len({one["pathway"] for one in data["pathways"]}) == len(data["pathways"]) == 9
    assert all(one["sentence"] in text for one in (*data["pathways"], *data["consequences"]))
    assert {one["standing"] for one in data["consequences"]} == {REQUIRED, PERMITTED, POSSIBLE}
