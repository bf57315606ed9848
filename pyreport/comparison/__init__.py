"""What two sources, or two versions of the rules, say side by side."""
