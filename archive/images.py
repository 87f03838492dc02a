"""Wagtail's images, as models of our own so that consent can be added to them."""

from __future__ import annotations

from pathlib import PurePosixPath
from secrets import token_hex

from django.db import models
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from wagtail.images.models import AbstractImage, AbstractRendition, Image

from media_pipeline import ranges

TYPES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}


class ArchiveImage(AbstractImage):
    """A picture that staff put on a page. Contributors' pictures are media assets instead."""

    description = models.CharField(
        _("what it shows"),
        max_length=255,
        help_text=_(
            "For people who can't see it: what it shows, in a sentence. Words that stand "
            "in the picture belong here too, or on the page beside it."
        ),
    )

    admin_form_fields = Image.admin_form_fields

    def get_upload_to(self, filename: str) -> str:
        """A name that no other picture has: a bucket would put the second in the first's place."""
        path = PurePosixPath(super().get_upload_to(filename))
        return str(path.with_name(f"{token_hex(8)}{path.suffix.lower()}"))


class ArchiveRendition(AbstractRendition):
    """One size of a picture."""

    image = models.ForeignKey(ArchiveImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta(AbstractRendition.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=("image", "filter_spec", "focal_point_key"), name="one_rendition_a_filter"
            )
        ]

    @property
    def url(self) -> str:
        """An address of ours, whatever store keeps it."""
        return reverse("picture", args=[PurePosixPath(self.file.name).name])


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """One size of a picture, by its file's name. Originals have no address."""
    found = ArchiveRendition.objects.filter(file=f"images/{name}").select_related("image").first()
    kind = TYPES.get(PurePosixPath(name).suffix)
    if not found or not kind:
        raise Http404
    response = ranges.respond(
        request,
        open_=lambda: found.file.storage.open(found.file.name),
        size=found.file.size,
        sha256=f"{found.image.get_file_hash()}-{found.pk}",
        type_=kind,
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "public, max-age=86400"
    return response
