from collections import Counter

from pyreport.reporting.law_anchors import passage_anchor, rule_anchor
from pyreport.rulebook.authorities import Citation

from .pages import rulebook


def test_the_anchor_of_a_rule_is_its_id():
    assert rule_anchor(rulebook().by_id["criteria.two-priorities"]) == "rule-criteria.two-priorities"


def test_the_anchor_of_a_passage_names_its_authority_and_key():
    authority = rulebook().authorities["EC-52071-2023"]
    assert passage_anchor(Citation(authority, "(c)(1)")) == "passage-EC-52071-2023-c-1"


def test_no_two_passages_have_one_anchor_and_none_has_a_space():
    authorities = rulebook().authorities.values()
    anchors = Counter(passage_anchor(Citation(one, key)) for one in authorities for key in one.passages)
    assert [anchor for anchor, times in anchors.items() if times > 1 or " " in anchor] == []
