"""Why, and the proof that it is so."""
