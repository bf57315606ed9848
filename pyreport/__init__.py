"""California's System of Support as rules: one report a county, with the reasons for every conclusion.

The parts are modules of their own and are imported where they are used: importing the package alone
loads neither the solver nor a data or notebook library, so that ``pyreport --help`` answers at once.
"""

__all__: list[str] = []
