"""The proof checker. It shares no code with the solver's side: neither clingo nor the rulebook is imported.

``checker`` proves a graph, with ``reader``, ``compiler`` and ``citations``; ``packing`` is how a page carries one, and
``scenarios`` evaluates the rules after events that may come.
"""
