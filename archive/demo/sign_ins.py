"""People who can sign in to the demonstration. Passwords are made here, for this machine only."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from archive.management.commands.set_up_site import MODERATORS


def make_sign_ins(file: Path) -> dict[str, str]:
    """{name: password} of a moderator and an administrator, kept in `file` for its owner only."""
    if file.exists():
        return json.loads(file.read_text())
    passwords = {name: secrets.token_urlsafe(9) for name in ("moderator", "admin")}
    for name, password in passwords.items():
        user, _ = get_user_model().objects.get_or_create(username=name)
        user.set_password(password)
        user.is_superuser = user.is_staff = name == "admin"
        user.save()
        if name == "moderator":
            user.groups.add(Group.objects.get(name=MODERATORS))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(json.dumps(passwords))
    return passwords
