"""The file system: where things lie, how files of others are read and how ours are written and locked."""
