"""How good search is, and how fast: `make bench-search`."""
