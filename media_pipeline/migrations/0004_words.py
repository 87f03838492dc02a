from django.db import migrations, models

BY = [('machine', 'Machine'), ('assumed', 'Assumed'), ('person', 'Person')]


def all_were_heard(apps, schema_editor):
    """Until now nobody but a machine could write words down."""
    assets = apps.get_model('media_pipeline', 'MediaAsset')
    assets.objects.filter(cues__isnull=False).update(words_by='machine')


class Migration(migrations.Migration):

    dependencies = [
        ('media_pipeline', '0002_incoming_files'),
    ]

    operations = [
        migrations.AddField(
            model_name='mediaasset',
            name='language',
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AddField(
            model_name='mediaasset',
            name='language_by',
            field=models.CharField(blank=True, choices=BY, max_length=8),
        ),
        migrations.AddField(
            model_name='mediaasset',
            name='language_probability',
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name='mediaasset',
            name='words_by',
            field=models.CharField(blank=True, choices=BY, max_length=8),
        ),
        migrations.AddField(
            model_name='mediaasset',
            name='words_note',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.RunPython(all_were_heard, migrations.RunPython.noop, elidable=True),
    ]
