"""What a message is, where it goes, and what becomes of it when the broker is away."""

from __future__ import annotations

import base64
import json
import logging
import socket
import threading

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.files.storage import storages
from django.db import connection, transaction
from django.utils import timezone
from django_tasks import task
from django_tasks.exceptions import InvalidTaskError

from archive.images import ArchiveImage
from media_pipeline.tasks import run_asset
from media_pipeline.work import Work
from stories.contributions.models import Contribution
from stories.letters.models import Letter
from stories.publishing import reconcile
from stories.publishing.tick import tick
from tests import recordings
from tests.background import samples
from tests.faults import Door
from tests.people import work

pytestmark = pytest.mark.stack


@pytest.fixture
def queues(site):
    from tests import queues

    samples.ran.clear()
    return queues


def bodies(queues, name: str) -> list:
    """What the messages of a queue say."""
    raw = queues.client().lrange(queues.key(name), 0, -1)
    return [json.loads(base64.b64decode(json.loads(message)["body"])) for message in raw]


def test_a_message_goes_to_the_queue_of_its_weight_and_says_only_which_row(queues):
    run_asset.enqueue("5b3e3f3a-0000-4000-8000-000000000000")
    samples.count_down.enqueue(0)
    assert [queues.client().llen(queues.key(name)) for name in ("default", "light", "media")] == [
        0,
        1,
        1,
    ]
    [[args, kwargs, _]] = bodies(queues, "media")
    assert args == [
        "media_pipeline.tasks.run_asset",
        ["5b3e3f3a-0000-4000-8000-000000000000"],
        {},
    ]
    assert kwargs == {}
    raw = queues.client().lindex(queues.key("media"), 0).decode()
    assert "5b3e3f3a" not in raw, "the row's id outside the body, where logs take it from"


def test_a_message_is_sent_when_all_is_committed_and_not_at_all_otherwise(queues):
    with transaction.atomic():
        samples.count_down.enqueue(0)
        assert queues.queued() == 0
    assert queues.queued() == 1
    with transaction.atomic():
        samples.count_down.enqueue(0)
        transaction.set_rollback(True)
    assert queues.queued() == 1


def test_work_runs_what_tasks_ask_for_and_a_fault_stops_nothing(queues, caplog):
    samples.faulty.enqueue("Ann lives at 3 Shore Road")
    samples.count_down.enqueue(3)
    samples.heavy.enqueue("one")
    work()
    assert sorted(samples.ran) == sorted(
        ["faulty", "light 3", "light 2", "light 1", "light 0", "media one"]
    )
    assert (queues.queued(), queues.handed_out()) == (0, 0)
    [fault] = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert fault.getMessage() == "tests.background.samples.faulty failed: ValueError"
    assert "Shore" not in caplog.text.replace(str(fault.exc_info[1]), "")
    assert connection.connection is None, "a worker keeps no connection between tasks"


def test_what_is_no_task_of_ours_is_not_run(queues, caplog):
    from archive.background.tasks import run

    for path in ("os.abort", "tests.background.samples.no_such", "nowhere.at.all"):
        run.apply_async(args=[path, [], {}], queue="light")
    work()
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(errors) == 3
    assert (queues.queued(), queues.handed_out()) == (0, 0)


def test_a_library_s_task_runs_at_once_and_no_key_goes_to_the_broker(queues):
    """Wagtail's would carry the store's secret key and the file's name."""
    store = storages["default"]
    picture = ImageFile(ContentFile(one_pixel(), name="jean-at-home.png"), name="jean-at-home.png")
    image = ArchiveImage.objects.create(title="A picture", file=picture)
    name = image.file.name
    assert store.exists(name)
    image.delete()
    assert queues.queued() == 0
    assert not store.exists(name)


def one_pixel() -> bytes:
    from io import BytesIO

    from PIL import Image

    room = BytesIO()
    Image.new("RGB", (1, 1)).save(room, "PNG")
    return room.getvalue()


def test_what_the_interface_refuses(queues):
    with pytest.raises(InvalidTaskError, match="Queue 'heaviest'"):
        samples.heavy.using(queue_name="heaviest")
    with pytest.raises(InvalidTaskError, match="run_after"):
        samples.heavy.using(run_after=timezone.now())
    with pytest.raises(InvalidTaskError, match="context"):
        task(takes_context=True)(wants_context)
    with pytest.raises(TypeError):
        samples.heavy.enqueue(object())
    result = samples.heavy.enqueue("one")
    with pytest.raises(NotImplementedError):
        result.refresh()


def wants_context(context) -> None: ...


def test_a_broker_that_is_away_turns_no_page_into_an_error_and_loses_nothing(
    contributor, moderator, stranger, queues, broker_at, caplog, monkeypatch
):
    monkeypatch.setattr("archive.background.backend.REST_SECONDS", 0)
    door = Door(settings.BROKER_URL)
    broker_at(settings.BROKER_URL.replace(settings.BROKER_URL.rpartition(":")[2], f"{door.port}/0"))
    try:
        samples.heavy.enqueue("before")
        assert queues.queued() == 1
        door.shut()
        contributor.tell("The garlic is up", email="ann@example.org")
        [reference] = moderator.waiting()
        assert moderator.approve(reference).status_code == 302
        assert stranger.stories() == []
        assert door.met
        [warning] = [record for record in caplog.records if record.levelno == logging.WARNING]
        assert warning.getMessage().startswith("The broker is away: ")
        assert "garlic" not in caplog.text
        done = tick()  # nobody hears it
        assert done["stories rung"] == 1
        door.open()
        assert queues.queued() == 1
        assert tick()["parts that failed"] == 0
        work()
        assert len(stranger.stories()) == 1
        assert Letter.objects.filter(state=Letter.State.SENT).exists()
        assert mail.outbox
        assert "The broker is back" in caplog.text
    finally:
        door.close()


def test_a_broker_that_does_not_answer_is_not_waited_for_twice(queues, broker_at):
    """It takes the connection and says nothing, as behind a firewall."""
    met = []
    with socket.create_server(("127.0.0.1", 0)) as silent:

        def receive() -> None:
            while True:
                try:
                    met.append(silent.accept())
                except OSError:
                    return

        threading.Thread(target=receive, daemon=True).start()
        broker_at(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        for number in range(5):
            samples.heavy.enqueue(str(number))
        assert len(met) == 1
        silent.shutdown(socket.SHUT_RDWR)
    for caller, _ in met:
        caller.close()


def test_a_message_comes_back_only_when_its_worker_must_be_gone():
    from archive.background import app as application

    class Longest:
        seconds = settings.MEDIA_MAX_SECONDS

    after = application.app.conf.broker_transport_options["visibility_timeout"]
    assert after > application.STAGE_COMMANDS * Work.deadline.fget(Work(Longest, None))
    assert after > settings.MEDIA_LEASE_SECONDS
    assert after > reconcile.LEASE.total_seconds()
    assert reconcile.LEASE.total_seconds() == application.RECONCILE_LEASE_SECONDS
    assert application.app.conf.beat_schedule["tick"]["options"]["expires"] < 60


def test_redis_loses_everything_and_the_rows_ring_again(
    own_redis, queues, contributor, moderator, stranger
):
    contributor.tell(
        "The garlic is up", email="ann@example.org", recording=recordings.sound("mp3", 1)
    )
    work()
    moderator.approve(moderator.waiting()[0])
    Contribution.objects.update(lease_token=None)
    other = type(contributor)()
    other.tell("The leeks are in", recording=recordings.sound("mp3", 1))
    assert queues.queued() >= 3
    own_redis.flushall()
    assert queues.queued() == 0
    work()
    assert stranger.stories() == []
    rung = tick()
    assert (rung["media jobs rung"], rung["stories rung"]) == (1, 1)
    work()
    assert len(stranger.stories()) == 1
    from media_pipeline import api as media

    for story in Contribution.objects.all():
        assert media.progress(story.upload.asset_id).state == "done"
    assert not Letter.objects.exclude(state=Letter.State.SENT).exists()
    assert tick()["media jobs rung"] == 0
