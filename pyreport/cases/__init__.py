"""Written cases of the law: what must follow from given facts, as sentences and small tables that are run."""
