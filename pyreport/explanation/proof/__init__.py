"""The proof checker. It shares no code with the solver's side: neither clingo nor the rulebook is imported."""
