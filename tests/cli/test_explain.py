import json
from pathlib import Path

import jsonschema
import pytest
from next_year import NEXT_YEAR

import pyreport.explanation
from pyreport.explanation.text import SHORT
from pyreport.files.places import policy_folder
from pyreport.rulebook.loading import load_rulebook

from .command import answered, refused, run

MONTEREY_OFFICE = "27102720000000"
SALINAS = "27661590000000"


@pytest.fixture(scope="module")
def schema():
    (folder,) = pyreport.explanation.__path__
    document = json.loads((Path(folder) / "schema" / "explanation.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(document)
    return jsonschema.Draft202012Validator(document)


def test_the_text_names_the_lea_the_county_the_year_the_question_and_the_status():
    lines = answered("explain", MONTEREY_OFFICE, "--year", "2024").stdout.splitlines()
    name, status = "Monterey County Office of Education", "Differentiated Assistance, Year 1"
    assert lines[0] == f"{name} ({MONTEREY_OFFICE}), Monterey County, 2024 Dashboard. Why this status:"
    assert lines[1] == ""
    first = " ".join(" ".join(lines[2:5]).split())
    law = "[status.words: CDE, System of Support] From 2. By words.2024.first-year."
    assert first.startswith(f"1. The 2024 status of {name} is “{status}”. {law}")


def test_an_explanation_fits_on_screens_unless_all_is_asked_for():
    arguments = ("explain", "34674470000000", "--year", "2023", "--about", "persistent_52072")
    short, whole = answered(*arguments).stdout, answered(*arguments, "--all").stdout
    *told, last = short.splitlines()
    # The heading and an empty line before it.
    assert len(told) + 1 <= SHORT + 2 < len(whole.splitlines())
    assert last.startswith("… and ")
    assert last.endswith("; --all writes them.")
    assert whole.startswith("\n".join(told[:100]))
    assert "--all writes them" not in whole
    assert "Passages cited:" in whole


def test_what_fits_is_whole_without_asking():
    arguments = ("explain", "41689730000000", "--year", "2023")
    assert answered(*arguments).stdout == answered(*arguments, "--all").stdout


@pytest.mark.parametrize("output", sorted(load_rulebook(policy_folder()).outputs()))
def test_the_heading_asks_the_question_of_the_vocabulary(output):
    heading = load_rulebook(policy_folder()).outputs()[output].heading
    line = answered("explain", SALINAS, "--year", "2024", "--about", output).stdout.splitlines()[0]
    assert heading
    assert line == f"Salinas Union High ({SALINAS}), Monterey County, 2024 Dashboard. {heading}:"


def test_the_heading_names_a_predicate_that_is_no_output():
    line = answered("explain", SALINAS, "--year", "2024", "--about", "published_letter").stdout.splitlines()[0]
    assert line == f"Salinas Union High ({SALINAS}), Monterey County, 2024 Dashboard. published_letter:"


def test_the_text_ends_at_the_cells_of_the_file():
    text = " ".join(answered("explain", MONTEREY_OFFICE, "--year", "2024", "--all").stdout.split())
    assert "[assistancestatus24.xlsx, sheet “District and COE 2024”, cell N418: “F”]" in text


def test_without_a_year_the_newest_on_record_is_explained():
    assert answered("explain", SALINAS).stdout == answered("explain", SALINAS, "--year", "2025").stdout
    assert "2025 Dashboard" in answered("explain", SALINAS).stdout


def test_what_was_not_on_record_is_said_first():
    second = answered("explain", SALINAS, "--year", "2025").stdout.splitlines()[1]
    assert second.startswith("Decided on Method 1 and the second year alone; Methods 2, 3 and 4 are not on record.")


@pytest.mark.parametrize("output", sorted(load_rulebook(policy_folder()).outputs()))
@pytest.mark.parametrize(("cds", "year"), [(SALINAS, "2022"), (SALINAS, "2025"), (MONTEREY_OFFICE, "2024")])
def test_every_output_is_explained_in_text_and_as_data_that_the_schema_describes(schema, output, cds, year):
    arguments = ("explain", cds, "--year", year, "--about", output)
    text = answered(*arguments).stdout
    document = json.loads(answered(*arguments, "--format", "json").stdout)
    schema.validate(document)
    assert (document["cds"], document["dashboard_year"], document["about"]) == (cds, int(year), output)
    for number in document["conclusions"]:
        assert document["steps"][number]["atom"][:3] == [output, f'"{cds}"', int(year)]
    nothing = f"\n\nNone: no conclusion of this kind holds for {document['name']} in {year}.\n"
    assert text.endswith(nothing) == (not document["conclusions"])


def test_the_outputs_are_named_in_any_case():
    assert answered("explain", SALINAS, "--about", "STATUS").stdout == answered("explain", SALINAS).stdout


@pytest.mark.parametrize(
    "predicate", ["recurs", "meets_state_priority", "second_year", "threshold", "published_letter"]
)
def test_a_predicate_that_is_no_output_is_explained_too(schema, predicate):
    document = json.loads(
        answered("explain", SALINAS, "--year", "2024", "--about", predicate, "--format", "json").stdout
    )
    schema.validate(document)
    assert {document["steps"][number]["atom"][0] for number in document["conclusions"]} <= {predicate}


def test_the_schema_describes_every_part_in_words(schema):
    def undescribed(part, place):
        for name, value in part.get("properties", {}).items():
            if "description" not in value:
                yield f"{place}.{name}"
            yield from undescribed(value, f"{place}.{name}")
            yield from undescribed(value.get("items", {}), f"{place}.{name}[]")

    found = list(undescribed(schema.schema, "$"))
    for name, definition in schema.schema["$defs"].items():
        found += undescribed(definition, name)
    assert found == []


@pytest.mark.parametrize("spoil", ["extra", "missing", "type"])
def test_the_schema_refuses_what_is_no_explanation(schema, spoil):
    document = json.loads(answered("explain", SALINAS, "--year", "2024", "--format", "json").stdout)
    if spoil == "extra":
        document["steps"][0]["opinion"] = "none"
    elif spoil == "missing":
        del document["rules"]
    else:
        document["steps"][0]["derivations"][0]["premises"] = ["1"]
    assert not schema.is_valid(document)


def test_an_unknown_predicate_is_refused_with_the_names_that_are_near():
    message = refused("explain", SALINAS, "--about", "persistent_5207")
    assert "persistent_52072" in message


def test_an_unknown_predicate_without_near_names_is_refused_with_the_outputs():
    message = refused("explain", SALINAS, "--about", "zebra")
    for output in load_rulebook(policy_folder()).outputs():
        assert output in message


@pytest.mark.parametrize("cds", ["27000000000000", "2766159"])
def test_an_unknown_cds_code_is_refused(cds):
    assert "no LEA of that CDS code is on record" in refused("explain", cds)


def test_an_lea_that_no_file_of_the_year_has_is_refused_with_the_years_that_do():
    message = refused("explain", MONTEREY_OFFICE, "--year", "2017")
    assert message == (
        f"{MONTEREY_OFFICE} is not in the files of 2017; it is in those of 2018, 2019, 2022, 2023, 2024, 2025.\n"
    )


def test_a_charter_is_explained():
    lines = answered("explain", "27102720112177", "--year", "2024").stdout.splitlines()
    assert lines[0].endswith(" (27102720112177), Monterey County, 2024 Dashboard. Why this status:")
    assert "is a charter school" in answered("explain", "27102720112177", "--year", "2024", "--about", "kind").stdout


@pytest.mark.parametrize("year", ["2020", "2021", str(NEXT_YEAR)])
def test_a_year_that_cannot_be_decided_is_refused(year):
    refused("explain", SALINAS, "--year", year)


def test_the_output_option_writes_the_file(tmp_path):
    place = tmp_path / "why.txt"
    result = run("explain", SALINAS, "--year", "2024", "--output", place)
    assert (result.exit_code, result.stdout) == (0, "")
    assert place.read_text(encoding="utf-8") == answered("explain", SALINAS, "--year", "2024").stdout
