"""Content notes say where in a story they apply; and people can tell us about a problem with one.

The hash of a version covers all that is frozen, so that each gets a new one.
"""

import hashlib
import json
import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
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
    dependencies = [
        ("stories", "0011_perspective"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "storyversion",
            "noted_passages",
            models.JSONField(
                blank=True,
                default=list,
                help_text="Where the notes apply (noted.py): {note, start, end}, "
                "seconds or paragraphs.",
            ),
        ),
        migrations.AddField(
            "storyversion",
            "note_remark",
            models.CharField(
                blank=True,
                default="",
                help_text="A short line of ours that goes with the notes.",
                max_length=120,
            ),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="Problem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "about",
                    models.CharField(
                        max_length=9,
                        choices=[
                            ("in_it", "I am in it"),
                            ("worries", "It worries me"),
                            ("copyright", "Something in it is mine (copyright)"),
                            ("broken", "Something doesn't work"),
                        ],
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("form", models.UUIDField(editable=False, unique=True)),
                ("sealed", models.BinaryField()),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("holds", models.BooleanField(default=False)),
                ("hidden_epoch", models.PositiveBigIntegerField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        max_length=9,
                        choices=[
                            ("nothing", "nothing had to be changed"),
                            ("changed", "the story was changed"),
                            ("down", "the story is off the site"),
                            ("mended", "what was broken is mended"),
                            ("not_meant", "it was not about this story"),
                        ],
                    ),
                ),
                ("answer_due", models.DateTimeField(blank=True, null=True)),
                ("answer_attempts", models.PositiveSmallIntegerField(default=0)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contribution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="problems",
                        to="stories.contribution",
                    ),
                ),
            ],
            options={"ordering": ["sent_at"]},
        ),
        migrations.AlterField(
            "letter",
            "kind",
            models.CharField(
                max_length=10,
                choices=[
                    ("link", "a new private link"),
                    ("sent", "we have your story"),
                    ("look", "look at what we changed"),
                    ("waiting", "it goes out in some days"),
                    ("published", "it is on the site"),
                    ("declined", "it can't go out"),
                    ("ending", "a yes runs out soon"),
                    ("ended", "a yes has run out"),
                    ("asked", "there is a question"),
                    ("changed", "something was changed"),
                    ("held", "it rests while we look at something"),
                    ("back", "it is back"),
                    ("gone", "it is all gone"),
                    ("followup", "how has it been"),
                ],
            ),
        ),
        migrations.RunPython(hashed_anew, migrations.RunPython.noop),
    ]
