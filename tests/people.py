"""The people of the archive, as tests meet them: through the pages, never through the back door."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from archive.settings import engines

FORM = "/share-your-story/"
YES_TO_ALL = {
    "publish_text": "yes",
    "publish_audio": "yes",
    "publish_video": "yes",
    "site_search": "yes",
    "external_search_engines": "yes",
    "podcast_syndication": "yes",
    "contact_followup": "no",
}


@dataclass
class Contributor:
    """Someone who tells their story through the form."""

    client: Client = field(default_factory=Client)
    link: str = ""
    code: str = ""

    def begin(self, kind: str = "written") -> None:
        self.client.post(FORM + "age/", {"adult": "yes"})
        self.client.post(FORM + "how/", {"kind": kind})

    def upload(self, path: Path, transcribe: str = "no"):
        file = SimpleUploadedFile(path.name, path.read_bytes())
        return self.client.post(FORM + "recording/", {"file": file, "transcribe": transcribe})

    def tell(
        self,
        title: str = "A plain title",
        words: str = "Some plain words.",
        recording: Path | None = None,
        **answers: str,
    ) -> Contributor:
        """Go through the whole form and send. `answers` override name, voice, face and consents.

        Only who asks for `transcribe="yes"` gets words: hearing them takes five seconds."""
        self.begin("recording" if recording else "written")
        if recording:
            self.upload(recording, answers.get("transcribe", "no"))
        post = self.client.post
        language = {"language": answers["language"]} if "language" in answers else {}
        post(FORM + "words/", {"title": title, "words": words} | language)
        shown_name = answers.get("shown_name", "")
        choice = answers.get("name", "chosen" if shown_name else "none")
        post(FORM + "name/", {"choice": choice, "shown_name": shown_name})
        if recording:
            others = answers.get("others", "")
            post(FORM + "others/", {"anybody": "yes" if others else "no", "others": others})
            post(FORM + "voice/", {"choice": answers.get("voice", "own")})
            post(FORM + "face/", {"choice": answers.get("face", "as_is")})
        for purpose, answer in (YES_TO_ALL | answers).items():
            if purpose in YES_TO_ALL:
                post(f"{FORM}consent/{purpose}/", {"answer": answer})
        post(FORM + "email/", {"email": answers.get("email", "")})
        self.send()
        return self

    def send(self):
        response = self.client.post(FORM + "check/", follow=True)
        page = response.content.decode()
        if found := re.search(r'id="private-link">([^<]+)<', page):
            self.link = found[1].strip().replace("http://testserver", "")
        if found := re.search(r'id="private-code">([^<]+)<', page):
            self.code = found[1].strip()
        return response

    def my_page(self) -> str:
        return self.client.get("/my-story/").content.decode()

    def agree(self):
        """Look at the version that waits, and say yes to it."""
        page = self.client.get("/my-story/agree/").content.decode()
        number = re.search(r'name="version" value="(\d+)"', page)
        assert number, "nothing waits to be agreed to"
        answer = {"version": number[1], "answer": "yes"}
        return self.client.post("/my-story/agree/", answer)

    def take_down(self):
        return self.client.post("/my-story/take-down/")

    def destroy(self):
        """Take it down, and don't keep it for the fourteen days."""
        self.take_down()
        return self.client.post("/my-story/destroy/")


@dataclass
class Moderator:
    """A member of staff at the desk."""

    client: Client = field(default_factory=Client)

    @classmethod
    def appointed(cls, name: str = "moderator") -> Moderator:
        user = get_user_model().objects.create_user(name, password=f"{name} has a password")
        user.groups.add(Group.objects.get(name="Moderators"))
        moderator = cls()
        moderator.client.force_login(user)
        return moderator

    def queue(self, folder: str = "waiting") -> str:
        return self.client.get("/admin/contributions/", {"folder": folder}).content.decode()

    def waiting(self) -> list[str]:
        """References in the queue, the one that waited longest first."""
        found = re.findall(r"/admin/contributions/([0-9A-Z]{4}-[0-9A-Z]{4})/", self.queue())
        return list(dict.fromkeys(found))

    def approve(self, reference: str, **description):
        return self.client.post(f"/admin/contributions/{reference}/approve/", description)

    def decline(self, reference: str, **words):
        return self.client.post(f"/admin/contributions/{reference}/decline/", words)


@dataclass
class Stranger:
    """A visitor who knows nothing but the site's address."""

    client: Client = field(default_factory=Client)

    def stories(self) -> list[str]:
        """Addresses on the stories page."""
        page = self.client.get("/stories/").content.decode()
        return sorted(set(re.findall(r'href="(/stories/[a-z0-9-]+/)"', page)))

    def search(self, words: str) -> str:
        return self.client.get("/search/", {"q": words}).content.decode()


def work() -> None:
    """Let a real worker run every waiting task, here and now, until none is left."""
    if engines.TASK_ENGINE == "celery":
        from tests import queues

        queues.work()
        return
    call_command("db_worker", "--batch", "--queue-name", "*", "--no-startup-delay", verbosity=0)


def forget_work() -> None:
    """Let nothing that waits run in a later test. A database's rows go with their test."""
    if engines.TASK_ENGINE == "celery":
        from tests import queues

        queues.forget()
