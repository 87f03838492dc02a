"""What a word and the end of a sentence look like, and words that say nothing by themselves."""

import re

TOKEN = re.compile(r"\S+")
# A full stop and its kin, perhaps with closing quotation marks or brackets after it.
SENTENCE_END = re.compile("[.!?\u2026][\"'\u2019\u201d)\\]]*$")
# The same anywhere in a text.
SENTENCE_BREAK = re.compile("[.!?\u2026][\"'\u2019\u201d)\\]]*(?!\\S)")
# Folded. A phrase that ends with one is half of one; texts that share one share nothing.
JOINING = frozenset(
    TOKEN.findall(
        "a an and are as at be been but by can could did do does for from had has have he her his "
        "i if in into is it its me my no nor not of on or our she so than that the their them "
        "then there they this to too up us was we were what when where which who will with would "
        "you your"
    )
)
