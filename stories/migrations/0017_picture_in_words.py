"""What a film's picture shows and nobody says. The hash of a version covers it too."""

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
    dependencies = [("stories", "0016_answers_as_letters")]

    operations = [
        migrations.AddField(
            model_name="storyversion",
            name="picture_in_words",
            field=models.TextField(
                blank=True,
                help_text="What the picture shows and nobody says, in words of ours.",
                max_length=2000,
            ),
        ),
        migrations.AddField(
            model_name="upload",
            name="picture_checked",
            field=models.BooleanField(
                default=False,
                help_text="Whether staff asked what its picture shows that nobody says.",
            ),
        ),
        migrations.RunPython(hashed_anew, migrations.RunPython.noop),
    ]
