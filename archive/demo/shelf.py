"""The demonstration's library: its things, read from library.toml, with files made here."""

from __future__ import annotations

import io
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.images import ImageFile
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet
from wagtail.models import Locale

from archive.demo import papers, scenes
from archive.documents import ArchiveDocument
from archive.images import ArchiveImage
from archive.pages.library.models import LibraryPage, ResourcePage
from archive.pages.library.words import LibraryWord
from stories.consent.vocabulary import Term

SOURCE = Path(__file__).with_name("library.toml")
FILM_SECONDS = 20
_FILM = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "24", "-pix_fmt", "yuv420p"]
Scheme = LibraryWord.Scheme


def rows() -> list[dict[str, Any]]:
    return tomllib.loads(SOURCE.read_text(encoding="utf-8"))["resource"]


def fill_library(folder: Path, films: bool = True) -> dict[str, ResourcePage]:
    """{short name: its page} of all. Makes what is missing, and changes nothing that is there.

    Files are made once, in `folder`. Without `films`, which take half a minute, they are left out;
    so are they where ffmpeg is missing.
    """
    films = films and bool(shutil.which("ffmpeg"))
    library = LibraryPage.objects.get(locale=Locale.get_default())
    there = {page.slug: page for page in ResourcePage.objects.child_of(library)}
    for row in rows():
        if row["slug"] not in there and (films or row.get("draw") != "film"):
            there[row["slug"]] = put(library, row, folder)
    return there


def put(library: LibraryPage, row: dict[str, Any], folder: Path) -> ResourcePage:
    """One thing, with its file and its picture."""
    page = ResourcePage(
        title=row["title"],
        slug=row["slug"],
        kind=LibraryWord.objects.get(scheme=Scheme.KIND, slug=row["kind"]),
        summary=row["summary"],
        words=row.get("html", "").strip(),
        year=row.get("year"),
        made_by=row.get("made_by", ""),
        link=row.get("link", ""),
    )
    if "draw" in row:
        path, still = made(row, folder)
        page.file = kept_file(row["title"], path)
        if still:
            page.picture = kept_picture(row["title"], f"{page.kind.label}: {row['title']}", still)
    page.subjects = Term.objects.filter(scheme=Term.Scheme.THEME, slug__in=row["subjects"])
    page.audiences = LibraryWord.objects.filter(scheme=Scheme.AUDIENCE, slug__in=row["audiences"])
    return library.add_child(instance=page)


def kept_file(title: str, path: Path) -> ArchiveDocument:
    file = ArchiveDocument(title=title, file=File(io.BytesIO(path.read_bytes()), path.name))
    file._set_document_file_metadata()
    file.save()
    return file


def kept_picture(title: str, description: str, png: bytes) -> ArchiveImage:
    file = ImageFile(io.BytesIO(png), "picture.png")
    picture = ArchiveImage(title=title, description=description, file=file)
    picture._set_image_file_metadata()
    picture.save()
    return picture


def made(row: dict[str, Any], folder: Path) -> tuple[Path, bytes]:
    """(its file, a picture of its first sheet; b"" where there is none)."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{row['slug']}{row['ending']}"
    match row["draw"]:
        case "poster" | "guide":
            sheets = (
                papers.poster(row["html"], row["colours"])
                if row["draw"] == "poster"
                else papers.guide(row["title"], row["html"], row["colours"])
            )
            papers.save(sheets, path, row["title"])
            return path, as_png(sheets[0])
        case "table":
            write_table(path, row["title"], row["columns"], row["rows"])
            return path, b""
        case _:
            return film(path)


def as_png(picture) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def write_table(path: Path, title: str, columns: list[str], names: list[str]) -> None:
    """A sheet that fits one page lying down."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - a new book has one
    sheet.title = title.partition(":")[0]
    thin = Side(style="thin", color="8A7F90")
    for column, name in enumerate(columns, 1):
        cell = sheet.cell(1, column, name)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="F1EAF0")
        sheet.column_dimensions[cell.column_letter].width = 16 if column < 6 else 28
    for number, name in enumerate(names, 2):
        sheet.cell(number, 1, name).font = Font(bold=True)
        sheet.row_dimensions[number].height = 48
    for row in sheet.iter_rows(1, len(names) + 1, 1, len(columns)):
        for cell in row:
            cell.border = Border(thin, thin, thin, thin)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 1
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    book.save(path)


def film(path: Path) -> tuple[Path, bytes]:
    """The morning at the window, without a sound; and a picture from it."""
    size = f"{scenes.WIDTH}x{scenes.HEIGHT}"
    read = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", size, "-r", str(scenes.FPS), "-i", "-"]
    if not path.exists():
        draft = path.with_suffix(".draft.mp4")
        command = [
            "ffmpeg",
            "-v",
            "error",
            "-y",
            *read,
            *_FILM,
            "-movflags",
            "+faststart",
            str(draft),
        ]
        with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
            assert encoder.stdin  # noqa: S101 - it is a pipe
            for frame in scenes.frames("tea", FILM_SECONDS):
                encoder.stdin.write(frame.tobytes())
        if encoder.returncode:
            raise subprocess.CalledProcessError(encoder.returncode, command)
        draft.replace(path)
    grab = [
        "ffmpeg",
        "-v",
        "error",
        "-ss",
        str(FILM_SECONDS * 0.7),
        "-i",
        str(path),
        "-frames:v",
        "1",
    ]
    still = subprocess.run(
        [*grab, "-f", "image2", "-c:v", "png", "-"], capture_output=True, check=True
    )
    return path, still.stdout
