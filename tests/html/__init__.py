"""Every kind of page against the W3C's Nu HTML checker, as `make bench-pages` has it too."""
