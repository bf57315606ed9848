import os

import pytest

from . import module
from .module import answer

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that fork")


@pytest.mark.parametrize("said", [True, False])
def test_a_question_is_answered_in_a_process_of_its_own(said):
    told = []
    assert answer(lambda: told.append(said) or said) is said
    assert told == []


def test_a_question_that_fills_all_memory_has_no_answer():
    assert answer(lambda: bool([0] * module.BYTES)) is None


def test_a_question_that_never_ends_has_no_answer(monkeypatch):
    def never():
        while True:
            pass

    monkeypatch.setattr(module, "SECONDS", 1)
    assert answer(never) is None


def test_a_question_that_goes_wrong_is_no_answer(capfd):
    with pytest.raises(AssertionError, match="could not be asked"):
        answer(lambda: 1 // 0)
    assert "ZeroDivisionError" in capfd.readouterr().err
