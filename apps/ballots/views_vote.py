"""The ballot. No message, no deed, and the same page afterwards whatever was chosen."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from apps.ballots import policies, queries, services_voting
from apps.ballots.forms import VoteForm
from apps.ballots.models import Poll, RollEntry
from apps.rules.kinds_ballots import PollState
from apps.ui import clock
from apps.ui.attempts import attempt
from apps.ui.pages import mistakes_of, status_of


def entry_of(request: HttpRequest, pk: int) -> RollEntry:
    """The person's own place on the roll; without one there is nothing here (404)."""
    return get_object_or_404(queries.with_poll(policies.own_entries(request.user)), poll=pk)


def vote(request: HttpRequest, pk: int) -> HttpResponse:
    entry = entry_of(request, pk)
    poll = entry.poll
    if entry.voted:
        return redirect("ballots:voted", pk)
    data = request.POST if request.method == "POST" else None
    form = VoteForm(data, questions=queries.questions_of(poll))
    target = {"poll": poll, "member": entry.member, "today": clock.today()}
    if attempt(request, form, lambda: services_voting.cast_ballot(**target, answers=form.answers())):
        return redirect("ballots:voted", pk)
    context = {"poll": poll, "form": form, "roll": queries.roll_of(poll), "mistakes": mistakes_of(form)}
    return render(request, "ballots/vote.html", context | {"over": is_over(poll)}, status=status_of(form))


def is_over(poll: Poll) -> bool:
    return poll.state != PollState.OPEN or poll.closes_on < clock.today()


def voted(request: HttpRequest, pk: int) -> HttpResponse:
    entry = entry_of(request, pk)
    if not entry.voted:
        return redirect("ballots:vote", pk)
    return render(request, "ballots/voted.html", {"poll": entry.poll})
