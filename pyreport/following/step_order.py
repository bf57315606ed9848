"""Steps of pathways in the order in which the policy has them follow each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter
from typing import TypeVar

__all__ = ["in_order"]

_Step = TypeVar("_Step")


def in_order(steps: Sequence[_Step], priors: Mapping[_Step, Sequence[_Step]]) -> list[_Step]:
    """Return ``steps``, each after those that it follows; of steps that could come next, all in the order given.

    Args:
        steps: The steps, each once.
        priors: The steps that each follows.

    Raises:
        graphlib.CycleError: Steps follow each other.
    """
    sorter = TopologicalSorter({step: [prior for prior in priors.get(step, ()) if prior in steps] for step in steps})
    sorter.prepare()
    ordered: list[_Step] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=steps.index)
        ordered += ready
        sorter.done(*ready)
    return ordered
