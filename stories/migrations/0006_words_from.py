from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('stories', '0005_link_requests'),
    ]

    operations = [
        migrations.AddField(
            model_name='upload',
            name='words_from',
            field=models.CharField(blank=True, choices=[('contributor', 'the contributor'), ('moderator', 'a moderator')], help_text='Whose subtitles the words are; empty where a computer wrote them, or nobody.', max_length=11),
        ),
    ]
