"""Every place in the code through which something could leave, and the exits it takes.

The table of exits.py says what a purpose opens; this one says where. A test walks all routes,
index fields, letters, stores and exports, and fails on a place that is not named here. A place
that lets nothing of a story out says why in a sentence instead.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

RECORDING = ("sound", "picture", "film", "own_voice", "own_face")

# Place: names of exits, of which at least one must be open for anything to pass.
DOORS: dict[str, tuple[str, ...]] = {
    # Routes, as the resolver writes them.
    "route:stories/<slug:slug>/": ("page",),
    "route:stories/<slug:slug>/media/<str:name>": (*RECORDING, "transcript"),
    "route:search/": ("listing",),
    "route:search/suggestions/": ("listing",),
    "route:api/search": ("listing",),
    "route:podcasts/<slug:slug>/": ("listing",),
    "route:api/stories": ("bulk",),
    "route:api/stories/<str:reference>": ("listing",),
    "route:api/themes": ("listing",),
    "route:oai": ("outside_search",),
    "route:podcasts/<slug:slug>/feed.xml": ("podcast",),
    "route:podcasts/<slug:slug>/<str:reference>.mp3": ("podcast",),
    "route:podcasts/<slug:slug>/<str:reference>.chapters.json": ("podcast",),
    "route:stories/<slug:slug>/transcript.<str:kind>": ("transcript_file",),
    "route:stories/<slug:slug>/find": ("text", "transcript", "page"),
    "route:stories/<slug:slug>/problem/": ("page",),
    "route:oembed/": ("sharing",),
    "route:stories/<slug:slug>/card.png": ("sharing",),
    "route:stories/<slug:slug>/iiif/manifest.json": RECORDING,
    "route:stories/<slug:slug>/iiif/search": ("transcript",),
    "route:sitemap.xml": ("outside_search",),
    # What a story's page is made of.
    "page:story": ("page", "own_name", "chosen_name"),
    "page:paragraphs": ("text", "page"),
    "page:player": RECORDING,
    "page:picture_in_words": ("picture",),
    "page:chapters": ("podcast",),
    "page:cues": ("transcript",),
    "page:speakers": ("transcript", "own_name", "chosen_name"),
    "page:found": ("text", "transcript", "page"),
    "page:content_notes": ("page",),
    "page:noted": ("page",),
    "page:stretches": ("transcript",),
    "page:related": ("listing",),
    "page:transcript_files": ("transcript_file",),
    "page:share": ("sharing",),
    "page:structured": ("outside_search",),
    "page:robots": ("outside_search", "ai"),
    # Fields of the document that search is handed.
    "index:title": ("listing",),
    "index:people": ("own_name", "chosen_name"),
    "index:tags": ("listing",),
    "index:summary": ("listing",),
    "index:passages": ("text", "transcript"),
    # Stores of files.
    "store:renditions": (*RECORDING, "transcript"),
    # What may be handed out, each time to somebody by name.
    "export:training_teaching": ("teaching",),
    "export:research_access": ("research",),
    "export:partner_reuse": ("partner",),
    "export:quoted_extracts": ("extract",),
    # Letters.
    "letter:followup": ("followup",),
    # Work on our own machine that needs its own yes.
    "work:transcribe": ("recognition",),
}

# Place: why nothing of a story gets out there without its contributor.
NOT_DOORS: dict[str, str] = {
    "route:healthz": "says only that the site is up",
    "route:readyz": "says only that the site is ready",
    "route:services/": "services of others, and nothing of a story",
    "route:leaving-quickly/": "says how to leave a page quickly",
    "route:words/<str:language>.js": "the words of our own scripts, and nothing of a story",
    "route:how-it-looks/": "colours and text size, chosen on the device",
    "route:contact/*": "what somebody writes to us, and nothing of a story",
    "route:admin/*": "staff only, signed in, with the right to moderate for everything of a story",
    "route:pictures/<str:name>": "pictures that staff put on the site's own pages",
    "route:files/<int:pk>/<str:name>": "the library's files, which staff put there",
    "route:share-your-story/*": "the contributor's own draft, by their own cookie",
    "route:my-story/*": "the contributor's own page, by their own link; so is that of each person",
    "route:opensearch.xml": "says how to search, and nothing of a story",
    "route:podcasts/": "names the series, and nothing of a story",
    "route:podcasts/<slug:slug>/cover.jpg": "drawn from the name of the series alone",
    "route:api/openapi.json": "says what the API answers, and nothing of a story",
    "route:robots.txt": "names private parts of the site only",
    "route:.well-known/tdmrep.json": "says that mining is reserved, and names no story",
    "route:_util/*": "Wagtail's own sign-in pages for private pages",
    "route:^((?:[\\w\\-]+/)*)$": "Wagtail pages: stories only through StoryQuerySet.public()",
    "page:moment": "a number that the visitor's address brought along",
    "page:held": "where a moment from the visitor's address lies among page:noted",
    "page:way": "how the visitor's address asks for the recording",
    "page:places": "numbers of what page:found holds",
    "page:may_find": "whether there is room for a search field",
    "page:may_listen": "whether there are enough words for a voice of the visitor's device",
    "page:closed_note": "says that something is not shared, and nothing of it",
    "page:read_aloud": "says that a computer's voice reads, and nothing of what it reads",
    "page:exits": "names of exits, for the templates",
    "index:id": "the accession number, which says nothing",
    "store:default": "pictures and files of the site's own pages",
    "store:staticfiles": "styles and scripts of ours",
    "store:originals": "given back to their contributor only",
    "store:incoming": "what is on its way in, before anybody decided",
    "letter:*": "service letters to the contributor: no word of the story, only their own link",
}

# Exits that have no place in the code yet: nothing leaves that way, whatever is consented.
NO_DOOR_YET: dict[str, str] = {
    "location": "no place is asked for or kept yet",
    "translation": "nothing is translated yet",
    "after_death": "a decision for staff to carry out, not a way out by itself",
}


def exits_through(place: str) -> tuple[str, ...] | None:
    """Exits that a place takes; () where nothing can leave; None for a place nobody named."""
    if place in DOORS:
        return DOORS[place]
    if place in NOT_DOORS or any(fnmatchcase(place, pattern) for pattern in NOT_DOORS):
        return ()
    return None
