"""The Dashboard year after the newest that the policy states: tests ask for it as one that is not encoded."""

from pyreport.files.places import policy_folder
from pyreport.rulebook.loading import load_rulebook

ENCODED = load_rulebook(policy_folder()).years.begun
NEXT_YEAR = ENCODED[-1] + 1
