import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

MOST_ATTEMPTS = 6


def carry_over(apps, schema_editor):
    Problem, Answer = apps.get_model("stories", "Problem"), apps.get_model("stories", "Answer")
    for problem in Problem.objects.exclude(answered_at=None, answer_due=None):
        went = problem.answer_due is None
        tried = min(problem.answer_attempts, MOST_ATTEMPTS)
        Answer.objects.create(
            told=problem,
            state="sent" if went else "failed" if tried else "due",
            attempts=tried,
            due_at=problem.answer_due or problem.answered_at,
            sent_at=problem.answered_at if went else None,
        )


class Migration(migrations.Migration):
    dependencies = [("stories", "0015_alerts")]

    operations = [
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("due", "to be sent"),
                            ("sent", "sent"),
                            ("dropped", "not sent: no longer wanted, or no address"),
                            ("failed", "to be tried again"),
                        ],
                        default="due",
                        max_length=7,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("problem", models.CharField(blank=True, max_length=100)),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "told",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answer",
                        to="stories.problem",
                    ),
                ),
            ],
            options={"ordering": ["due_at"]},
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.RemoveField(model_name="problem", name="answer_attempts"),
        migrations.RemoveField(model_name="problem", name="answer_due"),
        migrations.RemoveField(model_name="problem", name="answered_at"),
    ]
