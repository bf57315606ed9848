"""From CDE's files to checked tables, and from the tables to facts with the cell each was read from."""
