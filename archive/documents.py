"""Files that staff put on the site: posters, guides, films. Each has an address of ours."""

from __future__ import annotations

from pathlib import PurePosixPath
from secrets import token_hex

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document

# How a file's kind is said, where its ending in capitals would say too little.
SAID = {
    "docx": _("Word"),
    "jpeg": _("JPEG picture"),
    "jpg": _("JPEG picture"),
    "mp3": _("sound, MP3"),
    "mp4": _("film, MP4"),
    "odt": _("OpenDocument text"),
    "png": _("PNG picture"),
    "pptx": _("PowerPoint"),
    "txt": _("plain text"),
    "xlsx": _("Excel"),
}


def upload_to(document: ArchiveDocument, filename: str) -> str:
    """Each in a folder of its own: two files may have one name, and keep it."""
    return f"documents/{token_hex(8)}/{filename}"


class ArchiveDocument(AbstractDocument):
    """A file of the library's. It can be fetched while a page that shows it is public."""

    file = models.FileField(upload_to=upload_to, verbose_name=_("file"), max_length=200)

    admin_form_fields = Document.admin_form_fields

    class Meta(AbstractDocument.Meta):
        permissions = [("choose_document", "Can choose document")]

    @property
    def url(self) -> str:
        """Where staff fetch it. Pages give it a name of their own (ResourcePage.file_url)."""
        return reverse("file", args=[self.pk, self.filename])

    @property
    def ending(self) -> str:
        """Without the dot, in small letters."""
        return PurePosixPath(self.filename).suffix.removeprefix(".").lower()

    @property
    def format_label(self) -> str:
        return str(SAID.get(self.ending, self.ending.upper()))

    @property
    def is_film(self) -> bool:
        return self.content_type.startswith("video/")

    @property
    def is_shown(self) -> bool:
        """Made to be looked at or listened to, so that some need it in words."""
        return self.content_type.startswith(("image/", "video/", "audio/"))
