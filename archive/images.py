"""Wagtail's images, as models of our own so that consent can be added to them."""

from django.db import models
from wagtail.images.models import AbstractImage, AbstractRendition, Image


class ArchiveImage(AbstractImage):
    """A picture that staff put on a page. Contributors' pictures are media assets instead."""

    admin_form_fields = Image.admin_form_fields


class ArchiveRendition(AbstractRendition):
    """One size of a picture."""

    image = models.ForeignKey(ArchiveImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta(AbstractRendition.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=("image", "filter_spec", "focal_point_key"), name="one_rendition_a_filter"
            )
        ]
