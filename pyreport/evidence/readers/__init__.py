"""One module for each kind of file that facts are read from, and what all of them share."""
