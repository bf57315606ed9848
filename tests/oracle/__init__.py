"""A second implementation of the district and county-office rules, and made-up counties to try both on."""
