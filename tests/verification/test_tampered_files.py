"""Whatever is done to a county's files, they are not verified; what a proof cannot settle, the evidence does."""

import pytest

from .tampering import tamperings
from .verified import AMADOR, FILES, decision, files, forged, named, verify_files

FEW, SOME, MANY = 14, 42, 140


def all_are_found_out(folder, count, seed):
    """The file that was changed is never verified, nor is any that rests on a proof that was."""
    tampered = dict(tamperings(folder, count, seed))
    assert len(tampered) == count
    original = files() / FILES["overview"]
    first, *results = verify_files(original, *tampered.values(), with_record=True)
    assert first.holds, str(first)
    assert [name for name, result in zip(tampered, results, strict=True) if result.holds] == []
    assert all(str(problem).strip() for result in results for problem in result.problems)


def test_a_tampered_file_is_never_verified(tmp_path):
    all_are_found_out(tmp_path, FEW, 1)


@pytest.mark.sweep
@pytest.mark.parametrize(("count", "seed"), [(SOME, 1), (MANY, 2)])
def test_none_of_many_tampered_files_is_verified(tmp_path, count, seed):
    all_are_found_out(tmp_path, count, seed)


@pytest.mark.parametrize("kept", [False, True], ids=["a letter left out", "a letter changed"])
def test_files_that_the_program_made_of_other_facts_are_found_out_with_the_record_alone(tmp_path, kept):
    facts = dict(decision(AMADOR).graph.facts)
    letter = next(atom for atom in facts if atom[0] == "published_letter")
    cell = facts.pop(letter)
    if kept:
        facts[(*letter[:4], "k" if letter[4] != "k" else "a")] = cell
    folder = forged(tmp_path, facts)
    plain = named(verify_files(folder), folder)
    assert set(FILES.values()) <= set(plain)
    assert [name for name, result in plain.items() if not result.holds] == []
    with_record = named(verify_files(folder, with_record=True), folder)
    assert [name for name, result in with_record.items() if result.holds] == []
