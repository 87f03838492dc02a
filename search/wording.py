"""What a word and the end of a sentence look like, for cutting and shortening."""

import re

TOKEN = re.compile(r"\S+")
# A full stop and its kin, perhaps with closing quotation marks or brackets after it.
SENTENCE_END = re.compile("[.!?\u2026][\"'\u2019\u201d)\\]]*$")
