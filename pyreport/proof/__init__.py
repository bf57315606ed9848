"""The proof checker. It shares no code with the solver's side: neither clingo nor the rulebook is imported.

``checker`` proves a graph, with ``reader``, ``compiler`` and ``citations``; ``packing`` is how a page carries one.
"""
