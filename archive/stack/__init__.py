"""The real servers on one machine, from packages, each on loopback with a data folder of its own.

`python -m archive.stack up` is what `make stack` calls; the tests of the stack start the same
servers without the site. Knows nothing of Django: it hands the site its environment.
"""
