"""Whatever is done to a page, it is not verified; what its graph alone cannot settle, the evidence does."""

import pytest

from .tampering import tamperings
from .verified import AMADOR, page, verify_all

FEW, SOME, MANY = 8, 30, 150


def all_are_found_out(folder, count, seed):
    pages = dict(tamperings(count, seed))
    assert len(pages) == count
    results = verify_all(folder, {"as it was made": page(AMADOR), **pages}, with_record=True)
    assert results.pop("as it was made").holds
    assert [name for name, result in results.items() if result.holds] == []
    assert all(str(problem).strip() for result in results.values() for problem in result.problems)


def test_a_tampered_page_is_never_verified(tmp_path):
    all_are_found_out(tmp_path, FEW, 1)


@pytest.mark.sweep
@pytest.mark.parametrize(("count", "seed"), [(SOME, 1), (MANY, 2)])
def test_none_of_many_tampered_pages_is_verified(tmp_path, count, seed):
    all_are_found_out(tmp_path, count, seed)
