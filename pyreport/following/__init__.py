"""What follows from eligibility as of a date: support, pathways, duties, money and cases."""
