from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stories", "0013_podcast_series")]

    operations = [
        migrations.CreateModel(
            name="Harvested",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=12, unique=True)),
                ("datestamp", models.DateTimeField(db_index=True)),
                (
                    "fingerprint",
                    models.CharField(
                        blank=True, help_text="Empty once it is gone.", max_length=64
                    ),
                ),
            ],
            options={"ordering": ["datestamp", "reference"]},
        ),
    ]
