"""Facts and rules to conclusions and derivations."""
