import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="MediaAsset",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("video", "video"), ("audio", "sound")], max_length=5
                    ),
                ),
                ("container", models.CharField(max_length=16)),
                ("original", models.CharField(max_length=200)),
                ("bytes", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("seconds", models.FloatField()),
                ("has_picture", models.BooleanField()),
                ("has_sound", models.BooleanField()),
                ("loudness_sent", models.FloatField(null=True)),
                ("loudness_made", models.FloatField(null=True)),
                ("created", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="MediaJob",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stage", models.CharField(max_length=20)),
                ("order", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ready", "Ready"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("dead", "Dead"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="ready",
                        max_length=10,
                    ),
                ),
                ("attempt", models.PositiveSmallIntegerField(default=0)),
                ("not_before", models.DateTimeField()),
                ("lease_token", models.UUIDField(null=True)),
                ("lease_expires", models.DateTimeField(null=True)),
                ("started", models.DateTimeField(null=True)),
                ("progress", models.FloatField(default=0)),
                ("input_hash", models.CharField(max_length=64)),
                ("profile_hash", models.CharField(max_length=64)),
                ("problem", models.CharField(blank=True, max_length=300)),
                ("log_tail", models.TextField(blank=True)),
                (
                    "asset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="jobs",
                        to="media_pipeline.mediaasset",
                    ),
                ),
            ],
            options={
                "ordering": ["order"],
                "constraints": [
                    models.UniqueConstraint(fields=("asset", "stage"), name="one_job_a_stage")
                ],
            },
        ),
        migrations.CreateModel(
            name="Rendition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("content_type", models.CharField(max_length=60)),
                ("stored", models.CharField(blank=True, max_length=200)),
                ("text", models.TextField(blank=True)),
                ("bytes", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("seconds", models.FloatField(default=0)),
                ("width", models.PositiveIntegerField(default=0)),
                ("height", models.PositiveIntegerField(default=0)),
                ("hls", models.JSONField(default=dict)),
                ("proven_clean", models.BooleanField(default=False)),
                ("released", models.BooleanField(default=False)),
                (
                    "asset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="renditions",
                        to="media_pipeline.mediaasset",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("asset", "name"), name="one_rendition_a_name"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("released", False), ("proven_clean", True), _connector="OR"
                        ),
                        name="only_clean_renditions_are_released",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TranscriptCue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("start", models.FloatField()),
                ("end", models.FloatField()),
                ("text", models.TextField()),
                ("words", models.JSONField(default=list)),
                (
                    "asset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cues",
                        to="media_pipeline.mediaasset",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("asset", "number"), name="one_cue_a_number")
                ],
            },
        ),
    ]
