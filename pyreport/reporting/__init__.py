"""From checked decisions to tables and pages."""
