"""Whether a document may be found, with every engine; and the embedded engine's texts.

A search server keeps the texts itself; DocumentText and DocumentPassage stay empty there. The FTS5
tables that index them are made in a migration; only engines/sqlite.py writes either, always both in
one transaction.
"""

from django.db import models


class IndexedDocument(models.Model):
    """That a document is known, never what it says: what stays of it once its words are gone."""

    class State(models.TextChoices):
        LIVE = "live", "can be found"
        HIDDEN = "hidden", "cannot be found; the words are still here"
        REMOVED = "removed", "a tombstone: the words are gone from every table"

    key = models.CharField(max_length=200, unique=True)
    version = models.PositiveBigIntegerField()
    state = models.CharField(max_length=7, choices=State.choices)
    # Words of it were deleted and may still lie in files of the database or the search server.
    scrub_due = models.BooleanField(default=False, db_index=True)

    class Meta:
        verbose_name = "indexed document"

    def __str__(self) -> str:
        return f"{self.key} ({self.state})"


class FilledEngine(models.Model):
    """An engine that was handed documents, and how far the filling of it has come.

    Until it was emptied it may hold words, whether it is in force or not.
    """

    engine = models.CharField(max_length=20, unique=True)
    # Of a filling that is not at its end: into which index, and the last id that is done.
    index = models.CharField(max_length=120, blank=True)
    after = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "filled engine"

    def __str__(self) -> str:
        return self.engine


class DocumentText(models.Model):
    """A whole document, as search_document_fts and search_word_fts index it."""

    document = models.OneToOneField(
        IndexedDocument, models.CASCADE, primary_key=True, related_name="text"
    )
    title = models.TextField()
    people = models.TextField()
    tags = models.TextField()
    summary = models.TextField()
    # The passages joined. Kept as it was indexed: FTS5 deletes by being told the old text exactly.
    body = models.TextField()

    class Meta:
        verbose_name = "document text"

    def __str__(self) -> str:
        return str(self.document_id)


class DocumentPassage(models.Model):
    """One passage, as search_passage_fts indexes it.

    `id` is the document's id and the passage's number in one (see `passage_ids`): a range of ids
    is a document, in the full-text table too, where nothing else says whose a row is.
    """

    document = models.ForeignKey(IndexedDocument, models.CASCADE, related_name="passages")
    kind = models.CharField(max_length=6)
    place = models.PositiveBigIntegerField()
    text = models.TextField()
    offsets = models.JSONField(default=list)
    speakers = models.JSONField(default=list)

    class Meta:
        verbose_name = "document passage"

    def __str__(self) -> str:
        return str(self.pk)
