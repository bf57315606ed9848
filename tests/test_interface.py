"""What ``import pyreport`` gives a notebook."""

import csv
import html
import inspect
import io
import json
import shutil
import subprocess
import sys
import warnings
from html.parser import HTMLParser

import pandas as pd
import pytest
from cli.command import answered, run

import pyreport
from pyreport.files.places import policy_folder
from pyreport.reasoning.determination_columns import COLUMNS

SALINAS, CHUALAR = "27661590000000", "27659950000000"
OF_MONTEREY = ("decide", "--year", "2024", "--county", "Monterey")


class Links(HTMLParser):
    """The anchors of a piece of HTML, where its links lead, and whether every element that must be closed is."""

    def __init__(self, text):
        super().__init__()
        self.anchors, self.targets, self.open = [], set(), []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        if "id" in named:
            self.anchors.append(named["id"])
        if tag == "a":
            self.targets.add(named["href"].removeprefix("#"))
        if tag in ("div", "ol", "ul", "dl", "details", "small"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in ("div", "ol", "ul", "dl", "details", "small"):
            assert self.open.pop() == tag


def test_a_table_has_the_rows_and_columns_of_the_command():
    table = pyreport.decide(2024, county="Monterey")
    rows = list(csv.DictReader(io.StringIO(answered(*OF_MONTEREY).stdout)))
    assert table.astype(str).to_dict("records") == rows
    assert tuple(table.columns) == COLUMNS
    assert table["dashboard_year"].dtype == "int64"
    assert {str(table[name].dtype) for name in COLUMNS if name != "dashboard_year"} == {"str"}
    assert table.attrs["proof"].startswith("Checked: ")
    assert table.attrs["reading"] is None


def test_a_table_of_no_lea_has_the_same_columns_and_types():
    some, none = pyreport.decide(2024, lea=SALINAS), pyreport.decide(2024, lea=[SALINAS])[:0]
    pd.testing.assert_series_equal(some.dtypes, none.dtypes)


def test_leas_and_counties_are_named_by_code_or_name_one_or_several():
    one = pyreport.decide(2024, lea="Salinas Union High")
    pd.testing.assert_frame_equal(one, pyreport.decide(2024, lea=[SALINAS]))
    assert set(pyreport.decide(2024, county=["Monterey", "35"])["county"]) == {"Monterey", "San Benito"}
    assert set(pyreport.decide(lea=SALINAS)["dashboard_year"]) >= {2019, 2024, 2025}


def test_a_reading_is_decided_by_and_said():
    table = pyreport.decide(2023, county="Monterey", reading="ec-52072-calendar-window")
    assert table.attrs["reading"] == "ec-52072-calendar-window"
    assert table.attrs["policy"] != pyreport.decide(2023, county="Monterey").attrs["policy"]


def test_a_policy_in_a_folder_is_read_anew_each_time(tmp_path):
    shutil.copytree(policy_folder(), tmp_path / "policy")
    before = pyreport.decide(2024, lea=SALINAS, policy=tmp_path / "policy")
    file = tmp_path / "policy" / "criteria" / "2024.lp"
    file.write_text(file.read_text(encoding="utf-8") + "\n% A remark.\n", encoding="utf-8")
    assert pyreport.decide(2024, lea=SALINAS, policy=tmp_path / "policy").attrs["policy"] != before.attrs["policy"]


def test_an_explanation_reads_as_the_command_prints_it():
    explanation = pyreport.explain("Salinas Union High", 2024)
    assert str(explanation) == answered("explain", SALINAS, "--year", "2024", "--all").stdout
    assert repr(explanation) == str(explanation)
    assert explanation.data() == json.loads(answered("explain", SALINAS, "--year", "2024", "--format", "json").stdout)
    assert explanation


def test_an_explanation_is_shown_in_numbered_steps_with_links_that_lead_somewhere():
    explanation = pyreport.explain(SALINAS, 2024)
    links = Links(explanation._repr_html_())
    steps = [f"{SALINAS}-2024-status-{number}" for number in range(1, len(explanation.steps) + 1)]
    assert links.anchors[: len(steps)] == steps
    assert len(links.anchors) == len(set(links.anchors))
    assert links.targets <= set(links.anchors)
    assert not links.open
    assert "cell" in explanation._repr_html_()


def test_the_same_explanation_is_the_same_text_and_html_again():
    first, second = pyreport.explain(SALINAS, 2024), pyreport.explain(SALINAS, 2024)
    assert (str(first), first._repr_html_()) == (str(second), second._repr_html_())


def test_what_does_not_hold_has_no_steps():
    explanation = pyreport.explain(CHUALAR, 2024, "eligible")
    assert not explanation
    assert "no conclusion of this kind holds for Chualar Union in 2024" in explanation._repr_html_()


def test_a_why_not_reads_as_the_command_prints_it_and_links_its_rules():
    about = "meets_criteria_on_state_priorities(el)"
    answer = pyreport.why_not(CHUALAR, 2024, about)
    assert str(answer) == answered("why-not", CHUALAR, "--year", "2024", "--about", about).stdout
    assert answer.data() == json.loads(
        answered("why-not", CHUALAR, "--year", "2024", "--about", about, "--format", "json").stdout
    )
    assert "1 of 2 needed" in answer.nearest
    links = Links(answer._repr_html_())
    assert links.targets
    assert links.targets <= set(links.anchors)
    assert not links.open
    assert len(pyreport.why_not(CHUALAR, 2024, about, everything=True)._repr_html_()) > len(answer._repr_html_())


def test_there_is_no_why_not_of_what_holds():
    with pytest.raises(pyreport.HoldsError):
        pyreport.why_not(SALINAS, 2024)


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda: pyreport.decide(2031), "2031"),
        (lambda: pyreport.explain("Salinas Union Hihg", 2024), "did you mean Salinas Union High"),
        (lambda: pyreport.explain(SALINAS, 2024, "statsu"), "did you mean status"),
        (lambda: pyreport.why_not(SALINAS, 2024, "meets_method(9)"), "9 is no Method; expected one of"),
        (lambda: pyreport.decide(2024, reading="none"), "none"),
    ],
)
def test_what_has_to_be_another_is_said(ask, told):
    with pytest.raises(pyreport.PyreportError, match=told):
        ask()


@pytest.fixture(scope="module")
def compared():
    return pyreport.compare("year:2024", "year:2025", 2024, lea="Salinas Union High", without="letters")


def test_a_comparison_reads_as_the_command_prints_it(compared):
    asked = ("compare", "year:2024", "year:2025", "--on", "2024", "--lea", SALINAS, "--without", "letters")
    assert run(*asked).stdout.strip() == str(compared).strip() == repr(compared).strip()
    assert json.loads(run(*asked, "--format", "json").stdout) == compared.data()


def test_a_comparison_is_a_table_of_what_differs(compared):
    table = compared.table
    assert list(table.columns) == ["heading", "change", "cds", "lea", "sentence", "rules"]
    assert {str(one) for one in table.dtypes} == {"str"}
    assert compared.differs
    lost = table[table["change"] == "lost"]
    assert set(lost["cds"]) == {SALINAS}
    assert "criteria.2024.p4.academic-red-and-orange" in " ".join(lost["rules"]).split()
    same = pyreport.compare("year:2024", policy_folder(), 2024, lea=SALINAS)
    pd.testing.assert_series_equal(same.table.dtypes, table.dtypes)
    assert len(same.table) == 0
    assert "do not differ" in same.verdict


def test_a_comparison_is_shown_with_what_differs_the_text_that_changed_and_why(compared):
    shown = compared._repr_html_()
    parts = Links(shown)
    assert parts.open == []
    assert parts.anchors == []  # Several may be shown in one notebook.
    assert compared.verdict in html.unescape(shown)
    assert all(sentence in html.unescape(shown) for sentence in compared.table["sentence"])
    assert "<del>-criterion(2024, 4, elpi_red, english_learners_and_long_term).</del>" in shown
    assert compared.page.why().text in shown


def test_a_policy_a_date_and_a_year_that_there_is_not_are_refused(tmp_path):
    with pytest.raises(pyreport.PyreportError, match="nowhere is no policy: write a folder, a git revision"):
        pyreport.compare("nowhere", policy_folder(), 2024, lea=SALINAS)
    with pytest.raises(pyreport.PyreportError, match="no facts of the 2016 Dashboard"):
        pyreport.compare("year:2024", "year:2025", 2016)
    with pytest.raises(ValueError, match="tomorrow"):
        pyreport.compare("year:2024", "year:2025", 2024, as_of="tomorrow")


def test_entries_of_a_case_file_that_bore_on_nothing_are_warned_of_where_the_user_called(tmp_path):
    case = tmp_path / "case.yaml"
    case.write_text(
        "- what: calpads_not_certified\n  lea: '27659950000000'\n  dashboard_year: 2025\n  document: a report\n",
        encoding="utf-8",
    )
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        pyreport.decide(2025, lea=SALINAS, case=case)
    (warning,) = caught
    assert warning.category is pyreport.EvidenceWarning
    assert "case.yaml, line 1: not used" in str(warning.message)
    assert warning.filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "CALPADS" in str(pyreport.explain(CHUALAR, 2025, "calpads_not_certified", case=case))


def test_importing_the_package_loads_nothing_else_and_its_names_are_found():
    question = (
        "import sys; before = set(sys.modules); import pyreport; print(sorted(set(sys.modules) - before)); "
        "print(set(pyreport.__all__) <= set(dir(pyreport))); pyreport.explain; print('pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["['__future__', 'pyreport']", "True", "False"]


def test_a_name_that_there_is_not_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'decode'"):
        pyreport.decode  # noqa: B018


def test_every_function_is_documented_with_its_arguments_and_its_types():
    for name in ("compare", "decide", "explain", "why_not"):
        function = getattr(pyreport, name)
        for argument, parameter in inspect.signature(function).parameters.items():
            assert f"        {argument}: " in function.__doc__
            assert parameter.annotation is not inspect.Parameter.empty
        for heading in ("Args:", "Returns:", "Raises:"):
            assert heading in function.__doc__
