"""The proof on which the pages of a county rest, and the words by which they name it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ProofReference"]


@dataclass(frozen=True)
class ProofReference:
    """How a page names its proof.

    Attributes:
        file: The file's name in the folder ``proof``.
        sha256: The hash of its content.
        verdict: What the proof checker confirmed.
        rules: The fingerprint of the policy.
        layout: The fingerprint of the notebooks and templates.
    """

    file: str
    sha256: str
    verdict: str
    rules: str
    layout: str
