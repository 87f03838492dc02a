"""Versions say whose view they are. Nobody has said it of those that are there: "".

The hash of a version covers all that is frozen, so that each gets a new one.
"""

import hashlib
import json

from django.db import migrations, models

from stories.contributions.versions import FROZEN


def hashed_anew(apps, schema_editor):
    Version = apps.get_model("stories", "StoryVersion")
    names = [name for name in FROZEN if name in {field.name for field in Version._meta.fields}]
    for version in Version.objects.all().iterator():
        values = {name: getattr(version, name) for name in names}
        text = json.dumps(values, sort_keys=True, default=str)
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        Version.objects.filter(pk=version.pk).update(sha256=sha256)


class Migration(migrations.Migration):
    dependencies = [("stories", "0010_other_words")]

    operations = [
        migrations.AddField(
            "storyversion",
            "perspective",
            models.SlugField(blank=True, default="", max_length=60),
            preserve_default=False,
        ),
        migrations.AlterField(
            "term",
            "scheme",
            models.CharField(
                max_length=14,
                choices=[
                    ("theme", "theme"),
                    ("content_note", "content note"),
                    ("how_it_goes", "how it goes"),
                    ("perspective", "whose view it is"),
                ],
            ),
        ),
        migrations.RunPython(hashed_anew, migrations.RunPython.noop),
    ]
