"""OAI-PMH 2.0, by which catalogues keep up with an archive.

https://www.openarchives.org/OAI/openarchivesprotocol.html. What they learn of a story is what a
search engine may learn of it, so the exit is the same: outside_search.
"""
