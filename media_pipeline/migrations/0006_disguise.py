"""What is wished for voice and face, and what each rendition was made as.

Until now everything was made from recordings as they were sent.
"""

from django.db import migrations, models

SOUND = {"audio.m3u8", "audio.m4a", "story.mp4", "story.mp3"}
PICTURE = {"video.m3u8", "video.mp4", "story.mp4", "poster.jpg"}


def as_they_were_made(apps, schema_editor):
    renditions = apps.get_model("media_pipeline", "Rendition").objects
    renditions.filter(name__in=SOUND).update(voice="own")
    renditions.filter(name__in=PICTURE).update(face="as_is")
    jobs = apps.get_model("media_pipeline", "MediaJob").objects
    for order, stage in enumerate(("scan", "probe", "disguise", "transcode", "clean", "transcribe")):
        jobs.filter(stage=stage).update(order=order)


class Migration(migrations.Migration):
    dependencies = [("media_pipeline", "0005_sealed_originals")]

    operations = [
        migrations.AddField(
            "mediaasset", "voice", models.CharField(default="own", max_length=9)
        ),
        migrations.AddField(
            "mediaasset", "face", models.CharField(default="as_is", max_length=9)
        ),
        migrations.AddField(
            "mediaasset", "disguised", models.CharField(blank=True, max_length=200, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "mediaasset", "disguise_note", models.CharField(blank=True, max_length=20, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "rendition", "voice", models.CharField(blank=True, max_length=9, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "rendition", "face", models.CharField(blank=True, max_length=9, default=""),
            preserve_default=False,
        ),
        migrations.RunPython(as_they_were_made, migrations.RunPython.noop),
    ]
