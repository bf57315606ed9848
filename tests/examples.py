"""Properties that Hypothesis tries on few examples in `make test`, and on many in `make test-all`."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


def tried(few: int, many: int) -> Callable[[Callable[[st.DataObject], None]], Callable[[int], None]]:
    """Make a test of a property, which draws its example from what it is given."""

    def made(holds: Callable[[st.DataObject], None]) -> Callable[[int], None]:
        @pytest.mark.parametrize("examples", [few, pytest.param(many, marks=pytest.mark.sweep)])
        def test(examples: int) -> None:
            settings(max_examples=examples, deadline=None)(given(st.data())(holds))()

        return test

    return made
