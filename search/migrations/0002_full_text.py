"""The FTS5 tables of the embedded engine; on other databases nothing is made (engines/fts5.py)."""

from django.db import migrations

_TEXT_COLUMNS = "title, people, tags, summary, body"
_TEXT_SOURCE = "content='search_documenttext', content_rowid='document_id'"


class SQLiteOnly(migrations.RunSQL):
    """SQL that other databases pass over."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "sqlite":
            super().database_backwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [
        SQLiteOnly(
            f"""
            CREATE VIRTUAL TABLE search_document_fts USING fts5(
                {_TEXT_COLUMNS}, {_TEXT_SOURCE},
                tokenize='porter unicode61 remove_diacritics 2'
            )
            """,
            "DROP TABLE search_document_fts",
        ),
        SQLiteOnly(
            """
            CREATE VIRTUAL TABLE search_passage_fts USING fts5(
                text, content='search_documentpassage', content_rowid='id',
                tokenize='porter unicode61 remove_diacritics 2'
            )
            """,
            "DROP TABLE search_passage_fts",
        ),
        SQLiteOnly(
            f"""
            CREATE VIRTUAL TABLE search_word_fts USING fts5(
                {_TEXT_COLUMNS}, {_TEXT_SOURCE},
                tokenize='unicode61 remove_diacritics 2', prefix='2 3', detail=column
            )
            """,
            "DROP TABLE search_word_fts",
        ),
        SQLiteOnly(
            "CREATE VIRTUAL TABLE search_word_vocab USING fts5vocab(search_word_fts, row)",
            "DROP TABLE search_word_vocab",
        ),
    ]
