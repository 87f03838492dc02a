"""What an engine that is a server of its own can answer instead of an answer."""

from django.utils.translation import gettext_lazy as _

RESTING = _(
    "Search is resting for a little while. Nothing is lost, and you can still browse the stories."
)


class SearchAway(RuntimeError):
    """The search server can't be reached, refuses us, or has an index that is not ours to write.

    The message is a sentence for staff: which part, and what to do. It holds nothing of a document
    and nothing that a visitor typed. What was asked for has not been done, or only in part: ask
    again, as every call may be repeated.
    """
