"""Why: the derivation of each conclusion in sentences, as steps, text and JSON; and why not."""
