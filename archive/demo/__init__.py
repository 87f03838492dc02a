"""The demonstration: made-up stories as data, and the makers of their recordings."""
