"""Recordings for the viewers of libraries: IIIF Presentation 3.0 and Content Search 2.0.

https://iiif.io/api/presentation/3.0/ and https://iiif.io/api/search/2.0/. A manifest says in
another form what a story's page says, and leads to the same addresses, each decided anew.
"""
