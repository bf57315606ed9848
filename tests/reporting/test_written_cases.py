import yaml

from pyreport.files.places import checkout_folder
from pyreport.reporting import written_cases as module
from pyreport.reporting.written_cases import cases_page, written_cases


def test_a_case_stands_on_the_side_on_which_it_names_a_rule():
    found = written_cases()
    path = checkout_folder() / "tests" / "cases" / "authorizers.yaml"
    case = yaml.safe_load(path.read_text(encoding="utf-8"))["cases"][1]
    assert all(case["name"] in found[rule].applies for rule in case["rules"])
    denied = [rule for rule, cases in found.items() if cases.not_applies]
    assert denied
    assert not any(case["name"] in found[rule].not_applies for rule in denied)


def test_what_a_table_fills_in_is_dots():
    names = [name for cases in written_cases().values() for name in (*cases.applies, *cases.not_applies)]
    assert any("…" in name for name in names)
    assert not any("{" in name for name in names)


def test_without_the_tests_there_are_no_cases_and_the_page_says_so(monkeypatch):
    monkeypatch.setattr(module, "checkout_folder", lambda: None)
    written_cases.cache_clear()
    try:
        assert written_cases() is None
        assert "not on hand here" in cases_page().heading().text
    finally:
        written_cases.cache_clear()


def test_the_page_has_every_case_of_every_rule():
    page = cases_page()
    assert f"{len(page.rules)} rules have cases" in page.heading().text
    assert page.cases().text.count("<li>") == sum(cases.number for _, cases in page.rules)
