"""Changes of rules of the modules that no case can tell from the rule as it is, each with the proof."""

EQUIVALENT_MONEY: dict[str, str] = {}
EQUIVALENT_ADVANCE: dict[str, str] = {}
