"""Podcast series, where their episodes are placed, and chapters of a version.

The hash of a version covers all that is frozen, so that each gets a new one.
"""

import hashlib
import json

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
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
    dependencies = [("stories", "0012_noted_passages_and_problems")]

    operations = [
        migrations.CreateModel(
            "PodcastSeries",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.SlugField(
                        "address",
                        unique=True,
                        help_text="The last part of the address of its page and feed, such as kettle. It can't be "
                        "changed later: podcast apps know the series by it.",
                    ),
                ),
                ("title", models.CharField(max_length=100)),
                (
                    "description",
                    models.TextField(
                        max_length=4000, help_text="What it is and who it is for, in plain words, without a link."
                    ),
                ),
                (
                    "order",
                    models.CharField(
                        "episodes",
                        max_length=8,
                        default="episodic",
                        choices=[
                            ("episodic", "Each stands alone: the newest comes first"),
                            ("serial", "They are heard in order: number one comes first"),
                        ],
                    ),
                ),
                (
                    "theme",
                    models.SlugField(
                        "colours",
                        max_length=60,
                        default="hope",
                        help_text="Of the landscape that is drawn for it.",
                        choices=[
                            ("connectedness", "Connectedness"),
                            ("hope", "Hope"),
                            ("identity", "Identity"),
                            ("meaning", "Meaning"),
                            ("empowerment", "Empowerment"),
                            ("creativity", "Creativity"),
                        ],
                    ),
                ),
                (
                    "contact_email",
                    models.EmailField(
                        "e-mail for podcast directories",
                        blank=True,
                        max_length=254,
                        help_text="Stands in the feed, where everybody can read it. Directories write to it to "
                        "find out whether the feed is yours. An address of the archive, never a person's own.",
                    ),
                ),
                ("guid", models.UUIDField(editable=False, unique=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "podcast series",
                "verbose_name_plural": "podcast series",
                "ordering": ["title"],
            },
        ),
        migrations.CreateModel(
            "EpisodePlace",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.PositiveIntegerField(
                        blank=True, null=True, validators=[django.core.validators.MinValueValidator(1)]
                    ),
                ),
                ("placed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "contribution",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="episode_place",
                        to="stories.contribution",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="places", to="stories.podcastseries"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("series", "number"), name="one_episode_a_number")]
            },
        ),
        migrations.AddField(
            "storyversion",
            "chapters",
            models.JSONField(default=list, help_text='[{"start": seconds, "title": words}], in order.'),
        ),
        migrations.RunPython(hashed_anew, migrations.RunPython.noop),
    ]
