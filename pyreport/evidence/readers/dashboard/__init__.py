"""The Dashboard's indicator files: one reader for every indicator and year, driven by ``layouts/dashboard.toml``."""
