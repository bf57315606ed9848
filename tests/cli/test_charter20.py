import json
from pathlib import Path

import yaml

from .command import refused, run

CASES = Path(__file__).resolve().parents[1] / "cases" / "modules" / "special_advance.yaml"


def report(tmp_path, **changes):
    document = yaml.safe_load(CASES.read_text(encoding="utf-8"))["reports"]["new"]
    path = tmp_path / "report.yaml"
    document = {"cds": "01611920000001", "name": "Example Charter", **document, **changes}
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return path


def test_a_report_in_order_is_included_in_the_special_advance(tmp_path):
    result = run("charter20", report(tmp_path))
    assert result.exit_code == 0
    assert "Example Charter is included in the special advance" in result.stdout
    assert "received on 31 October 2013, by 31 October 2013" in result.stdout
    assert "Not in order" not in result.stdout


def test_everything_that_is_wrong_is_said_together(tmp_path):
    contact = {"name": "A", "telephone": "9165550100", "email": "a@b.org"}
    result = run("charter20", report(tmp_path, contact=contact, authorized_under="47605.6"), "--format", "json")
    assert result.exit_code == 1
    data = json.loads(result.stdout)
    # What is not in order has to be mended, and keeps nobody from the advance.
    assert data["due"] is True
    assert len(data["not_in_order"]) == 3
    assert any("The fax number is missing" in one for one in data["not_in_order"])


def test_the_template_is_a_file_whose_gaps_are_all_named_with_their_lines(tmp_path):
    path = tmp_path / "new.yaml"
    assert run("charter20", "--new", "--output", path).exit_code == 0
    message = refused("charter20", path)
    assert "new.yaml, line 4: fiscal_year" in message
    assert "new.yaml, line 5: cds" in message


def test_a_date_that_does_not_exist_and_a_part_that_is_not_known_are_refused(tmp_path):
    message = refused("charter20", report(tmp_path, instruction_began="02/31/2013", colour="red"))
    assert "02/31/2013 is no date of the calendar" in message
    assert "colour: is not known here" in message


def test_it_takes_a_file_or_new_and_not_both(tmp_path):
    assert "Give either" in refused("charter20")
    assert "Give either" in refused("charter20", report(tmp_path), "--new")
