"""Versions say what is heard and seen in them. Until now that was the real voice and face."""

import hashlib
import json

from django.db import migrations, models

from stories.contributions.versions import FROZEN

SOUND, PICTURE = "audio.m4a", "video.mp4"


def as_they_were(apps, schema_editor):
    Version = apps.get_model("stories", "StoryVersion")
    # Those that are there by now: a later migration may add more.
    names = [name for name in FROZEN if name in {field.name for field in Version._meta.fields}]
    for version in Version.objects.exclude(asset_id=None):
        version.voice = "own" if SOUND in version.renditions else ""
        version.face = "as_is" if PICTURE in version.renditions else ""
        version.save()
    for version in Version.objects.all():
        values = {name: getattr(version, name) for name in names}
        text = json.dumps(values, sort_keys=True, default=str)
        version.sha256 = hashlib.sha256(text.encode()).hexdigest()
        version.save()


class Migration(migrations.Migration):
    dependencies = [("stories", "0006_words_from")]

    operations = [
        migrations.AddField(
            "storyversion",
            "voice",
            models.CharField(
                blank=True, default="", max_length=9,
                help_text='What is heard: "own", "disguised", or nothing.',
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "storyversion",
            "face",
            models.CharField(
                blank=True, default="", max_length=9,
                help_text='What is seen: "as_is", "blurred", or nothing.',
            ),
            preserve_default=False,
        ),
        migrations.RunPython(as_they_were, migrations.RunPython.noop),
    ]
