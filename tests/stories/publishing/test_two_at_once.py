"""Two people or workers at the same moment, on a database that lets them: none waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import partial

import pytest
from django.db import connection

from stories.consent.models import Purpose, Statement, current_statement
from stories.consent.record import Answer, By, Method
from stories.consent.wording import Words
from stories.contributions.links import mint_link
from stories.contributions.models import Contribution
from stories.contributions.participants import Participant
from stories.pages.models import StoriesIndexPage, StoryPage
from stories.publishing import others
from stories.publishing.answer import answer
from stories.publishing.reconcile import reconcile
from stories.publishing.widen import next_wording
from tests.people import Contributor

pytestmark = pytest.mark.stack

PATIENCE = 10  # seconds; a deadlock is called off by PostgreSQL after one
LONG_ENOUGH = 2  # for the other to come to where it is waited for, if it is let


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each gave or raised, begun at the same moment, each on a connection of its own."""
    start, ends = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int) -> None:
        start.wait(PATIENCE)
        try:
            ends[number] = acts[number]()
        except Exception as error:
            ends[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(3 * PATIENCE)
    return ends


class Meeting:
    """Holds two back at a statement of theirs until the other has come to theirs, or can't."""

    def __init__(self) -> None:
        self._there = threading.Barrier(2)

    def after(self, fragment: str) -> ExitStack:
        """In this thread's connection: wait once, when a statement that says this is done."""
        stack, waits = ExitStack(), [True]

        def wrapper(execute, sql, params, many, context):
            done = execute(sql, params, many, context)
            if waits and fragment in sql:
                waits.clear()
                with suppress(threading.BrokenBarrierError):
                    self._there.wait(LONG_ENOUGH)
            return done

        stack.enter_context(connection.execute_wrapper(wrapper))
        return stack


def test_stories_that_go_out_at_the_same_moment_all_get_a_page(moderator):
    for number in range(4):
        Contributor().tell(f"Story {number}", "Some plain words.")
    for reference in moderator.waiting():
        moderator.approve(reference)
    stories = Contribution.objects.values_list("pk", flat=True)
    assert at_once(*(partial(reconcile, pk) for pk in stories)) == [True] * 4
    assert StoryPage.objects.live().count() == 4
    index = StoriesIndexPage.objects.get()
    assert index.numchild == index.get_children().count()


def test_an_answer_while_the_question_is_being_widened(contributor):
    contributor.tell()
    story = Contribution.objects.get()
    asked = current_statement("site_search")
    meeting = Meeting()

    def say_yes_again() -> None:
        with meeting.after('INSERT INTO "stories_consentevent"'):
            answer(story, Answer(asked, "yes"))

    def ask_for_more() -> Statement:
        with meeting.after('FROM "stories_purpose" WHERE'):
            words = Words(asked.question, "Something wider.", asked.easy_read)
            return next_wording(asked, words, widens=["site_search"], by=By("staff", Method.WEB))

    said = at_once(say_yes_again, ask_for_more)
    assert not [end for end in said if isinstance(end, Exception)], said
    assert current_statement("site_search").text == "Something wider."
    assert Purpose.objects.get(pk="site_search")


def test_a_new_link_for_somebody_who_is_leaving(contributor):
    contributor.tell()
    story = Contribution.objects.get()
    person = Participant.ask(story, "Dougie")
    meeting = Meeting()

    def leave() -> None:
        with meeting.after('FROM "stories_contribution" WHERE'):
            others.leave(person)

    def new_link() -> None:
        with meeting.after('INSERT INTO "stories_privatelink"'):
            mint_link(story, person)

    said = at_once(leave, new_link)
    assert not [end for end in said if isinstance(end, Exception)], said
    person.refresh_from_db()
    assert person.state == Participant.State.LEFT
