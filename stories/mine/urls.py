"""Addresses of the contributor's own page."""

from stories.mine import (
    asked,
    gone,
    look,
    lost,
    name,
    part,
    people,
    question,
    receipts,
    spoken,
    views,
    way_in,
)

urlpatterns = [
    *lost.urlpatterns,
    *part.urlpatterns,
    *people.urlpatterns,
    *receipts.urlpatterns,
    *views.urlpatterns,
    *question.urlpatterns,
    *asked.urlpatterns,
    *name.urlpatterns,
    *look.urlpatterns,
    *spoken.urlpatterns,
    *gone.urlpatterns,
    *way_in.urlpatterns,
    *way_in.tokens,
]
