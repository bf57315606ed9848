"""The proof checker. It shares no code with the solver's side: neither clingo nor the rulebook is imported.

``checker`` proves a graph, with ``reader``, ``compiler`` and ``citations``. ``verification`` does so for a page or a
graph in a file, compares what the page shows (``page``, ``shown``, ``words``) and finds the facts in their files
(``sources``, which alone asks the readers of evidence).
"""
