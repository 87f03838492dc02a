"""The library's files over HTTP, for whoever may have them at this moment."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from archive.documents import ArchiveDocument
from archive.pages.languages import open_to_all
from archive.pages.library.models import ResourcePage
from media_pipeline import ranges

# What a browser shows in the page; all else is saved under its name.
IN_PLACE = ("video/", "audio/", "text/vtt")


@require_safe
def file(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """A file, whole or a part of it. Open while a public page of the library shows it under this
    name; to staff, always."""
    document = ArchiveDocument.objects.filter(pk=pk).first()
    if document is None or not (is_open(document, name) or is_own(request, document, name)):
        raise Http404
    response = ranges.respond(
        request,
        open_=lambda: document.file.storage.open(document.file.name),
        size=document.get_file_size() or 0,
        sha256=document.get_file_hash(),
        type_=document.content_type,
    )
    attached = not document.content_type.startswith(IN_PLACE)
    response["Content-Disposition"] = content_disposition_header(attached, name) or "inline"
    # Whatever is in it, it is no page of ours.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def is_open(document: ArchiveDocument, name: str) -> bool:
    """Whether a page that everybody may see has it under this name."""
    public = open_to_all(ResourcePage.objects.all())
    if document.ending == "vtt":
        return any(name == f"{page.slug}.vtt" for page in public.filter(captions=document))
    return any(name == page.file_name for page in public.filter(file=document))


def is_own(request: HttpRequest, document: ArchiveDocument, name: str) -> bool:
    may = request.user.is_authenticated and request.user.has_perm("wagtailadmin.access_admin")
    return may and name == document.filename
