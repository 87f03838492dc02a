"""Number, chain and complete what was recorded before there was a chain."""

import json
import hashlib
import tomllib
from pathlib import Path

from django.db import migrations

from stories.consent.chain import mac_of, write_to_journal

DATA = Path(__file__).resolve().parents[1] / "data" / "consent.toml"


def chain(apps, schema_editor):
    Event = apps.get_model("stories", "ConsentEvent")
    Head = apps.get_model("stories", "ChainHead")
    mac, number = "", 0
    for event in Event.objects.select_related("statement", "purpose").order_by("pk"):
        number += 1
        yes = event.event_state in ("ConsentGiven", "RenewedConsentGiven")
        event.number = number
        event.allows = int(yes)
        event.statement_sha256 = event.statement.sha256
        event.language = event.statement.language
        event.validity_days = event.purpose.validity_days
        event.mac = mac = mac_of(mac, event)
        event.save()
        write_to_journal(event)
    Head.objects.update_or_create(pk=1, defaults={"number": number, "mac": mac})


def complete_purposes(apps, schema_editor):
    """What each purpose is asked of: new columns, filled from the words it was loaded from."""
    Purpose = apps.get_model("stories", "Purpose")
    for row in tomllib.loads(DATA.read_text())["purpose"]:
        Purpose.objects.filter(slug=row["slug"], formats=[]).update(
            formats=row["formats"], pii_type=row["pii_type"]
        )


def complete_names(apps, schema_editor):
    """A name shown until now is what its contributor chose at sending."""
    Event = apps.get_model("stories", "ConsentEvent")
    Version = apps.get_model("stories", "StoryVersion")
    frozen = (
        "number", "kind", "title", "summary", "words", "shown_name", "naming", "language", "themes",
        "content_notes", "how_it_goes", "asset_id", "renditions", "cues_sha256", "seconds",
        "word_count",
    )
    for version in Version.objects.exclude(shown_name="").select_related("contribution"):
        said = Event.objects.filter(
            pii_principal_id=version.contribution.contributor_key, purpose="show_name"
        )
        last = said.order_by("-pk").first()
        version.naming = last.choice if last else ""
        version.save()
    for version in Version.objects.all():
        values = {name: getattr(version, name) for name in frozen}
        text = json.dumps(values, sort_keys=True, default=str)
        version.sha256 = hashlib.sha256(text.encode()).hexdigest()
        version.save()


def nothing(apps, schema_editor):
    """Going back leaves the records as they are."""


class Migration(migrations.Migration):
    dependencies = [("stories", "0002_consent_that_holds")]

    operations = [
        migrations.RunPython(chain, nothing),
        migrations.RunPython(complete_purposes, nothing),
        migrations.RunPython(complete_names, nothing),
    ]
