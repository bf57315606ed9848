"""Why something does not hold: each rule that could have concluded it, and where it fails."""
