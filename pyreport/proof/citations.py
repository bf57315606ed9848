"""Find every citation of a graph in the rules' own labels, and every quotation in the authorities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import yaml

from pyreport.proof.reader import PolicyUnreadable, Rule

__all__ = ["citation_problems", "read_authorities", "read_groups", "with_groups"]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS = ("cite", "title")
_TOGETHER = "together"


def read_authorities(text: str) -> dict[str, dict[str, Any]]:
    """The authorities by id, each with its ``cite``, its ``title`` and its ``passages`` (key to quotation).

    A quotation's line breaks are those of the file, so any white space in it counts as one space.

    Raises:
        PolicyUnreadable: The text is no YAML, or an entry has no such fields.
    """
    try:
        return {
            str(name): {
                **{word: str(entry[word]) for word in _WORDS},
                "passages": {str(key): _spaced(str(passage)) for key, passage in entry["passages"].items()},
            }
            for name, entry in (yaml.load(text, Loader=_LOADER) or {}).items()
            if _TOGETHER not in entry
        }
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise PolicyUnreadable(f"authorities.yaml: not readable: {' '.join(str(error).split())}") from None


def read_groups(text: str) -> dict[str, list[str]]:
    """What the groups of authorities.yaml stand for, by their names: ``AUTHORITY PASSAGE`` each.

    The text is one that ``read_authorities`` can read.
    """
    entries = (yaml.load(text, Loader=_LOADER) or {}).items()
    return {str(name): [str(one) for one in entry[_TOGETHER]] for name, entry in entries if _TOGETHER in entry}


def with_groups(rule: Rule, groups: Mapping[str, list[str]]) -> Rule:
    """``rule`` with the passages of each group that it cites."""
    labels = [
        (tag, one) for tag, text in rule.labels for one in (groups.get(text, [text]) if tag == "cite" else [text])
    ]
    return replace(rule, labels=tuple(labels))


def _spaced(text: str) -> str:
    return " ".join(text.split())


def citation_problems(
    rules: Iterable[Rule], authorities: Mapping[str, Mapping[str, Any]], document: Mapping[str, Any]
) -> Iterator[str]:
    """Yield what is wrong with the citations and quotations of a graph document."""
    cited: dict[str, set[str]] = {}
    for rule in rules:
        stated = [tuple(one) for one in document["rules"].get(rule.id, {}).get("cites", ())]
        if stated != rule.cites:
            yield f"{rule.id}: it cites {_listed(rule.cites)}, not {_listed(stated)}"
        for authority, passage in rule.cites:
            cited.setdefault(authority, set()).add(passage)
    stated_authorities = document.get("authorities", {})
    for name in sorted(cited.keys() | stated_authorities.keys()):
        known, found = authorities.get(name), stated_authorities.get(name)
        if known is None:
            yield f"{name}: authorities.yaml has no such authority"
        elif found is None:
            yield f"{name}: the rules cite it, and the graph does not quote it"
        elif name not in cited:
            yield f"{name}: no rule cites it"
        else:
            yield from _differing(name, known, found, cited[name])


def _differing(name: str, known: Mapping[str, Any], found: Mapping[str, Any], cited: Iterable[str]) -> Iterator[str]:
    for word in _WORDS:
        if found.get(word) != known[word]:
            yield f"{name}: its {word} is {known[word]!r}, not {found.get(word)!r}"
    quoted = found.get("passages")
    if not isinstance(quoted, Mapping) or set(quoted) != set(cited):
        yield f"{name}: the rules cite its passages {', '.join(sorted(cited))}, and the graph quotes others"
        return
    for passage, quotation in quoted.items():
        if passage not in known["passages"]:
            yield f"{name}: authorities.yaml has no passage {passage}"
        elif quotation != known["passages"][passage]:
            yield f"{name} {passage}: the quotation does not stand in authorities.yaml: {quotation!r}"


def _listed(cites: Iterable[Iterable[Any]]) -> str:
    return "; ".join(" ".join(map(str, one)) for one in cites) or "nothing"
