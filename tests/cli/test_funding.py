import json

from .command import refused, run

OFFICE = "27102720000000"
COUNTED = "\n".join(
    f'- {{what: {what}, office: "{OFFICE}", dashboard_year: {report}, {numbers}, document: "A document"}}'
    for what, report, numbers in (
        ("districts_counted", 2022, "small: 0, medium: 2, large: 0"),
        ("districts_counted", 2023, "small: 1, medium: 0, large: 1"),
        ("districts_counted", 2024, "small: 0, medium: 0, large: 1"),
        ("charters_counted", 2022, "others: 0, county_authorized: 0"),
        ("charters_counted", 2023, "others: 1, county_authorized: 0"),
        ("charters_counted", 2024, "others: 2, county_authorized: 0"),
    )
)


def written(tmp_path, text):
    path = tmp_path / "facts.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def funding(*arguments):
    return run("funding", "--county", "Monterey", *arguments)


def test_without_attendance_the_amount_is_open_and_the_districts_are_named():
    result = funding("--fiscal-year", 2025, "--all")
    assert result.exit_code == 1
    assert "Receives: open beyond the base of $300,000." in result.stdout
    assert "2024 report, the average daily attendance of: Greenfield Union Elementary (27660350000000)" in result.stdout
    assert "2023 report, the identification of: Monterey Bay Charter (27102720112177)" in result.stdout


def test_the_worked_example_comes_to_the_cent_with_its_derivation(tmp_path):
    result = funding("--fiscal-year", 2025, "--case", written(tmp_path, COUNTED), "--all")
    assert result.exit_code == 0
    assert "fiscal year 2024–25.\nReceives: $766,666.67.\n" in result.stdout
    assert "The 2023 report counts 1 small school districts" in result.stdout
    assert "[facts.yaml, line 2: “A document”]" in result.stdout


def test_without_all_it_fits_on_a_screen_and_says_what_is_left_out(tmp_path):
    known = funding("--fiscal-year", 2025, "--case", written(tmp_path, COUNTED)).stdout
    assert "Receives: $766,666.67.\n" in known
    assert len(known.splitlines()) <= 40
    assert known.splitlines()[-1].endswith("; --all writes them.")
    short, whole = funding("--fiscal-year", 2025).stdout, funding("--fiscal-year", 2025, "--all").stdout
    assert len(short.splitlines()) < len(whole.splitlines()) / 2
    assert " and 21 more" in short or " more" in short
    assert "Receives: open beyond the base of $300,000." in short


def test_as_json_every_reading_has_its_amount(tmp_path):
    result = funding("--fiscal-year", 2025, "--case", written(tmp_path, COUNTED), "--format", "json")
    data = json.loads(result.stdout)
    assert data["amount"] == "$766,666.67"
    assert len(data["readings"]) == 6
    assert data["not_on_record"] == []


def test_an_authorizer_stands_in_the_directory_of_charter_schools(tmp_path):
    facts = (
        f'- {{what: geographic_lead, office: "{OFFICE}", fiscal_year_ends: 2025, lead: "54105460000000", document: D}}'
    )
    result = funding("--fiscal-year", 2025, "--case", written(tmp_path, facts))
    assert "the authorizer of" not in result.stdout


def test_attendance_on_record_settles_what_the_reports_count(tmp_path):
    ada = '- {what: average_daily_attendance, lea: "02613330000000", fiscal_year_ends: 2022, ada: 71.5, document: D}'
    assert run("funding", "--county", "Alpine", "--fiscal-year", 2025).exit_code == 1
    result = run("funding", "--county", "Alpine", "--fiscal-year", 2025, "--case", written(tmp_path, ada))
    assert result.exit_code == 0
    assert "Receives: $300,000.\n" in result.stdout
    assert "the geographic lead, who is not on hand, receives $33,333.33.\n" in result.stdout


def test_a_charter_school_located_in_another_county_counts_in_the_money_of_that_county_s_office(tmp_path):
    here = written(tmp_path, '- {what: located_in, lea: "27102722730232", county: "02", document: D}')
    charter, arguments = "Monterey County Home Charter", ("--all", "--fiscal-year", 2025, "--case", here)
    assert charter in run("funding", "--county", "Alpine", *arguments).stdout
    assert charter not in run("funding", "--county", "Monterey", *arguments).stdout
    assert charter in run("funding", "--county", "Monterey", *arguments[:3]).stdout
    assert charter not in run("funding", "--county", "Alpine", *arguments[:3]).stdout


def test_facts_about_other_questions_may_stand_in_the_same_file(tmp_path):
    other = (
        f'\n- {{what: requested, by: lea, lea: "{OFFICE}", date: 2025-01-10, section: "52074(g)(3)", document: Letter}}'
        "\n- {what: released, dashboard_year: 2025, date: 2025-11-13, document: D}\n"
    )
    result = funding("--fiscal-year", 2025, "--case", written(tmp_path, COUNTED + other))
    assert "Receives: $766,666.67." in result.stdout


def test_a_bad_file_of_facts_is_refused_with_its_line(tmp_path):
    text = COUNTED + f'\n- {{what: received, office: "{OFFICE}", fiscal_year_ends: 2024, dollars: 1.5, document: D}}'
    message = refused("funding", "--county", "Monterey", "--fiscal-year", 2025, "--case", written(tmp_path, text))
    assert "facts.yaml, line 7: 7.dollars: 1.5 is not of type 'integer'" in message


def test_a_fiscal_year_without_a_formula_and_an_unknown_county_are_refused():
    assert "only for 2019" in refused("funding", "--county", "Monterey", "--fiscal-year", 2018)
    assert "is no county" in refused("funding", "--county", "Atlantis", "--fiscal-year", 2025)


def test_the_amount_is_worked_out_from_the_attendance_of_the_leas_on_record(tmp_path):
    facts = "\n".join(
        '- {what: average_daily_attendance, lea: "46701770000000", '
        f"fiscal_year_ends: {year}, ada: 390.12, document: D}}"
        for year in (2023, 2024)
    )
    result = run("funding", "--county", "Sierra", "--fiscal-year", 2025, "--case", written(tmp_path, facts))
    assert result.exit_code == 0
    assert "Receives: $300,000.\n" in result.stdout
    assert "the geographic lead, who is not on hand, receives $66,666.67.\n" in result.stdout


def test_a_lead_is_told_what_it_receives_county_by_county_and_together():
    result = run("funding", "--county", "Sonoma", "--fiscal-year", 2023, "--area")
    assert "- Lake County: $0.\n" in result.stdout
    assert "Together: $0.\n" in result.stdout


AREA = "\n".join(
    f'- {{what: districts_counted, office: "{office}", dashboard_year: {report}, {numbers}, document: D}}'
    for office, report, numbers in (
        ("02100250000000", 2018, "small: 1, medium: 0, large: 0"),
        ("02100250000000", 2019, "small: 1, medium: 0, large: 0"),
        ("03100330000000", 2018, "small: 0, medium: 0, large: 0"),
        ("03100330000000", 2019, "small: 0, medium: 1, large: 0"),
    )
)


def test_without_the_figures_of_some_counties_the_sum_of_a_lead_is_open_and_names_them():
    result = run("funding", "--county", "Placer", "--fiscal-year", 2021, "--area")
    assert result.exit_code == 1
    words = " ".join(result.stdout.split())
    assert "- Calaveras County: $0." in words
    assert "The sum is open: what is missing is that of Alpine County and Amador County." in words
    assert "leads its area together with Sacramento County" in words


def test_with_the_figures_of_all_counties_a_lead_has_a_sum(tmp_path):
    case = ("--case", written(tmp_path, AREA), "--format", "json")
    area = json.loads(run("funding", "--county", "Placer", "--fiscal-year", 2021, "--area", *case).stdout)["area"]
    assert (area["counties"]["02"], area["counties"]["03"]) == ("$100,000", "$133,333.33")
    assert (area["sum"], area["missing"], area["together_with"]) == ("$233,333.33", [], ["34"])


def test_which_counties_a_lead_has_after_the_term_on_hand_is_not_said():
    assert (
        "is not on hand, so there is no sum"
        in run("funding", "--county", "Sonoma", "--fiscal-year", 2025, "--area").stdout
    )
