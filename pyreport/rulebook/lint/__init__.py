"""What is wrong with a policy beyond what keeps it from loading: one module an idea."""
