"""What would follow if the facts were others: what-if, least change, and what settles an open question."""
