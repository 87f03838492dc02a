"""Getting in touch about a subject, without an account and without a cookie."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from archive.contact.forms import STAMPED, ContactForm, offered
from archive.contact.sending import take_in
from stories.contributions.places import is_too_often
from stories.contributions.stamps import new_stamp

A_PLACE_FOR = timedelta(hours=1)


# Nobody is signed in to it, so that nobody can be made to send in another's name; the form's own
# signed stamp stands in, and neither sets a cookie nor loses what was typed.
@csrf_exempt
@never_cache
def contact(request: HttpRequest) -> HttpResponse:
    """The form. `?about=` chooses a subject beforehand; one that nobody reads is not chosen."""
    subjects = offered()
    if request.method != "POST" or not subjects:
        about = request.GET.get("about")
        chosen = about if about in dict(subjects) else None
        form = ContactForm(initial={"about": chosen, "form": new_stamp(STAMPED)})
        return show(request, form, bool(subjects))
    form = ContactForm(request.POST)
    if not form.is_valid():
        return show(request, form, True, status=422)
    most = settings.ENQUIRIES_PER_PLACE_PER_HOUR
    if is_too_often(request, "contact", most, A_PLACE_FOR):
        return show(request, form, True, too_often=True, status=429)
    take_in(form.number, form.subject, form.words, form.cleaned_data["copy"])
    return redirect("contact_sent")


@never_cache
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next. It says nothing of what was sent: a page can be left open."""
    return render(request, "contact/sent.html", {"days": settings.ENQUIRY_DAYS})


def show(
    request: HttpRequest, form: ContactForm, can_be_sent: bool, status: int = 200, **more: bool
) -> HttpResponse:
    context = {
        "form": form,
        "can_be_sent": can_be_sent,
        "post": settings.CONTROLLER_ADDRESS,
        "days": settings.ENQUIRY_DAYS,
        "copy_asked": form["copy"].value() in (True, "on"),
        "trapped": "page" in form.errors,
        **more,
    }
    return render(request, "contact/form.html", context, status=status)
