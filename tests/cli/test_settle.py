import json
from pathlib import Path

import jsonschema
import pytest

import pyreport.explanation

from .command import answered, refused

CHUALAR = "27659950000000"
SOUTH_BAY = "12630320000000"
QUESTIONS = [(CHUALAR, 2025), (CHUALAR, 2024), (SOUTH_BAY, 2023)]


@pytest.fixture(scope="module")
def schema():
    (folder,) = pyreport.explanation.__path__
    document = json.loads((Path(folder) / "schema" / "settle.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(document)
    return jsonschema.Draft202012Validator(document)


@pytest.mark.parametrize(("cds", "year"), QUESTIONS)
def test_the_data_are_as_the_schema_describes_them_and_the_text_says_the_same(schema, cds, year):
    document = json.loads(answered("settle", cds, "--year", str(year), "--format", "json").stdout)
    schema.validate(document)
    assert (document["cds"], document["dashboard_year"]) == (cds, year)
    text = answered("settle", cds, "--year", str(year)).stdout
    for one in document["open"]:
        assert f"- {one['sentence']}\n" in text
        for way in one["ways"]:
            assert f"  - Settled as: {way['sentence']}\n" in text
            assert {len(facts) for facts in way["sets"]} == {way["facts_needed"]}
            assert all(fact in text for facts in way["sets"] for fact in facts)
    assert (text == "Nothing is open.\n") == (document["open"] == [])


def test_the_checkers_verdict_goes_to_standard_error():
    assert "all hold and none is missing." in answered("settle", CHUALAR, "--year", "2025").stderr


def test_an_unknown_lea_is_refused():
    assert "99999999999999" in refused("settle", "99999999999999", "--year", "2025")
