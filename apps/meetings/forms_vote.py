"""What is typed at the vote desk. Whether figures can be true is for the service, which knows the roll."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from apps.ballots.queries_motions import MotionCount
from apps.meetings.models import Motion
from apps.meetings.queries_vote import tallies_of
from apps.meetings.queries_vote_desk import Desk
from apps.meetings.queries_vote_weigh import STRICT_WORDS, VoteEntry, together
from apps.meetings.services_vote import ImpossibleVote
from apps.rules.elections import Tally
from apps.rules.kinds import Matter, VoteMethod
from apps.rules.terms import candidates_needed
from apps.rules.voting import ONE_PERSON_MATTERS, Ballots, Votes
from apps.ui.forms import SearchSelect, idempotency_field
from apps.ui.policy import number_in
from apps.ui.refusals import Refusal

#: The longest ballot that is read; a longer list is a slip.
MOST_CANDIDATES = 60
LEAST_ROWS = 4
VOTES = ("votes_for", "votes_against", "votes_abstain")
WRITTEN = ("written_for", "written_against", "written_abstain")
BALLOTS = ("ballots_issued", "ballots_returned", "ballots_invalid")
PEOPLE = ("scrutineers", "tellers")
#: Boxes of an election; one that is not ticked is not sent.
TICKS = ("competitive", "strict_four_fifths")
#: What is kept when the desk is asked for another matter; figures are counted anew.
KEPT_BETWEEN_MATTERS = ("text", "subject_name", *PEOPLE)


def count_field(label: str, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=99999,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "请填数字。", "min_value": "票数不能是负数。"},
        **options,
    )


class CandidateForm(forms.Form):
    name = forms.CharField(
        label="候选人",
        max_length=50,
        required=False,
        widget=forms.TextInput(attrs={"list": "vote-names", "autocomplete": "off"}),
    )
    votes_for = count_field("赞成")
    votes_against = count_field("反对")
    votes_abstain = count_field("弃权")

    def clean_name(self) -> str:
        return together(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        counts = [data.get(column) for column in VOTES]
        if not data.get("name") and any(counts):
            self.add_error("name", "请填写姓名。")
        if data.get("name") and counts[0] is None and "votes_for" not in self.errors:
            self.add_error("votes_for", "请填写赞成票数。")
        return data

    def tally(self) -> Tally:
        data = self.cleaned_data
        return Tally(
            key=data["name"],
            name=data["name"],
            votes_for=data["votes_for"],
            against=data["votes_against"] or 0,
            abstain=data["votes_abstain"] or 0,
        )


CandidateFormSet = forms.formset_factory(
    CandidateForm, extra=0, max_num=MOST_CANDIDATES, absolute_max=MOST_CANDIDATES
)


class MotionForm(forms.Form):
    """One vote on one matter; fields that the matter does not know are not there."""

    idempotency_key = idempotency_field()
    matter = forms.CharField(widget=forms.HiddenInput)
    previous = forms.UUIDField(required=False, widget=forms.HiddenInput)
    replaces = forms.UUIDField(required=False, widget=forms.HiddenInput)
    ballot = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(label="表决内容", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    subject = forms.ModelChoiceField(
        label="表决对象", queryset=None, required=False, empty_label="（未选择）", widget=SearchSelect
    )
    subject_name = forms.CharField(label="表决对象姓名", max_length=50, required=False)
    method = forms.ChoiceField(label="表决方式")
    seats = forms.IntegerField(
        label="应选名额", min_value=1, max_value=MOST_CANDIDATES, widget=forms.NumberInput()
    )
    competitive = forms.BooleanField(
        label="差额选举支委会委员",
        required=False,
        help_text="候选人应比应选名额多 20% 以上。选书记、副书记等额选举的，不要勾选。",
    )
    strict_four_fifths = forms.BooleanField(
        label="上级要求到会超过五分之四",
        required=False,
        help_text="条例为不少于五分之四。上级要求更严的才勾选。",
    )
    ballots_issued = count_field("发出票数")
    ballots_returned = count_field("收回票数")
    ballots_invalid = count_field("无效票")
    votes_for = count_field("赞成")
    votes_against = count_field("反对")
    votes_abstain = count_field("弃权")
    written_for = count_field("书面赞成")
    written_against = count_field("书面反对")
    written_abstain = count_field("书面弃权")
    scrutineers = forms.CharField(
        label="监票人", max_length=100, required=False, help_text="被表决的人不能监票；几个人的用顿号隔开。"
    )
    tellers = forms.CharField(label="计票人", max_length=100, required=False)

    def __init__(self, data: Any = None, *, desk: Desk, typed: Mapping[str, Any] | None = None) -> None:
        self.desk = desk
        initial = {**first_values(desk), **(typed or {})}
        super().__init__(data, initial=initial)
        for name in set(self.fields) & absent_fields(desk):
            del self.fields[name]
        self.fields["method"].choices = [(method.value, method.label) for method in desk.methods]
        if "subject" in self.fields:
            self.fields["subject"].queryset = desk.subjects
        if desk.matter == Matter.CONFIRMATION:
            self.fields["subject"].help_text = "表决对象当时是预备党员，不计入应到、实到。"
        if desk.matter == Matter.ADMISSION:
            self.fields["subject_name"].label = "接收对象姓名"
        self.candidates = candidates_of(desk, data=data, typed=typed) if desk.is_election else None

    def is_valid(self) -> bool:
        """With the candidates, whose own mistakes stand beside them."""
        fine = super().is_valid()
        if self.candidates is not None and not self.candidates.is_valid():
            self.add_error(None, "候选人的得票有没填对的地方，请看标红的几行。")
            return False
        return fine

    def rows(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]

    @property
    def about(self) -> list[forms.BoundField]:
        return self.rows("text", "subject", "subject_name", "seats", "competitive", "strict_four_fifths")

    @property
    def ballots(self) -> list[forms.BoundField]:
        return self.rows(*BALLOTS)

    @property
    def votes(self) -> list[forms.BoundField]:
        return self.rows(*VOTES)

    @property
    def written(self) -> list[forms.BoundField]:
        return self.rows(*WRITTEN)

    @property
    def people(self) -> list[forms.BoundField]:
        return self.rows(*PEOPLE)

    @property
    def ballot_key(self) -> int:
        """The secret vote whose totals stand here; 0 for none."""
        return number_in(str(self["ballot"].value() or "")) if "ballot" in self.fields else 0

    @property
    def shows_ballots(self) -> bool:
        """Unfolded where they are needed: a secret ballot, or a mistake in them."""
        faulty = any(name in self.errors for name in (*BALLOTS, *PEOPLE))
        return faulty or self["method"].value() == VoteMethod.SECRET_BALLOT

    def entry(self) -> VoteEntry:
        data = self.cleaned_data
        secret = data["method"] == VoteMethod.SECRET_BALLOT
        count = {name: data.get(name) or 0 for name in (*VOTES, *WRITTEN)}
        return VoteEntry(
            matter=self.desk.matter,
            text=data["text"],
            method=data["method"],
            subject=data.get("subject"),
            subject_name=data.get("subject_name", ""),
            votes=None if data.get("votes_for") is None else votes_of(count),
            ballots=ballots_of(data) if secret else None,
            scrutineers=data["scrutineers"] if secret else "",
            tellers=data["tellers"] if secret else "",
            seats=data.get("seats") or 0,
            competitive=data.get("competitive", False),
            strict_four_fifths=data.get("strict_four_fifths", False),
            candidates=self.tallies(),
            previous=self.desk.previous,
            replaces=data["replaces"],
            ballot=data.get("ballot"),
        )

    def tallies(self) -> tuple[Tally, ...]:
        if self.candidates is None:
            return ()
        return tuple(row.tally() for row in self.candidates if row.cleaned_data.get("name"))

    def show(self, refusal: Refusal) -> None:
        """Put what the service refused where it was typed."""
        found = refusal.problems if isinstance(refusal, ImpossibleVote) else [refusal]
        for problem in found:
            self.add_error(problem.field if problem.field in self.fields else None, problem.message)


def votes_of(count: Mapping[str, int]) -> Votes:
    return Votes(
        votes_for=count["votes_for"],
        against=count["votes_against"],
        abstain=count["votes_abstain"],
        written_for=count["written_for"],
        written_against=count["written_against"],
        written_abstain=count["written_abstain"],
    )


def ballots_of(data: Mapping[str, Any]) -> Ballots | None:
    issued, returned = data["ballots_issued"], data["ballots_returned"]
    if issued is None or returned is None:
        return None
    return Ballots(issued=issued, returned=returned, invalid=data["ballots_invalid"] or 0)


def absent_fields(desk: Desk) -> set[str]:
    """What the matter does not know: only an election has seats, only admissions count written opinions."""
    absent = {*VOTES, "ballot"} if desk.is_election else {"seats", *TICKS}
    if desk.previous:
        absent.add("competitive")
    if not desk.rule.written_opinions:
        absent |= set(WRITTEN)
    if desk.matter == Matter.ADMISSION or not (desk.needs_person or desk.matter == Matter.DISCIPLINE):
        absent.add("subject")
    if desk.matter not in {*ONE_PERSON_MATTERS, Matter.DISCIPLINE, Matter.COMMITTEE_ELECTION}:
        absent.add("subject_name")
    return absent


def first_values(desk: Desk) -> dict[str, Any]:
    """The desk as it opens: the vote to be put right, or everybody present in favour."""
    shared = {"matter": desk.matter.value, "previous": desk.previous and desk.previous.idempotency_key}
    if desk.replaces:
        return {**values_of(desk.replaces), **shared, "replaces": desk.replaces.idempotency_key}
    people, secret = desk.electorate, desk.methods == (VoteMethod.SECRET_BALLOT,)
    values = {"text": desk.item.title, "votes_for": people.present, "votes_against": 0, "votes_abstain": 0}
    values["method"] = VoteMethod.SECRET_BALLOT.value if secret else VoteMethod.SHOW_OF_HANDS.value
    if secret:
        values |= {"ballots_issued": people.present, "ballots_returned": people.present}
        values |= {"ballots_invalid": 0}
    if desk.rule.written_opinions:
        values |= dict.fromkeys(WRITTEN, 0)
    if desk.is_election:
        values |= {"seats": desk.revote.seats if desk.revote else None, "competitive": True}
    if desk.previous:
        values |= {"text": desk.previous.text, "scrutineers": desk.previous.scrutineers}
        values |= {"tellers": desk.previous.tellers, "strict_four_fifths": was_strict(desk.previous)}
    return values | shared


def values_of(motion: Motion) -> dict[str, Any]:
    same = ("text", "subject", "method", "seats", "competitive", *VOTES, *WRITTEN, *BALLOTS, *PEOPLE)
    name = "" if motion.subject_id else motion.subject_name
    kept = {column: getattr(motion, column) for column in same}
    kept["ballot"] = motion.ballot_id
    return kept | {"subject_name": name, "strict_four_fifths": was_strict(motion)}


def values_from(count: MotionCount) -> dict[str, Any]:
    """The totals of a secret vote that was counted as a poll."""
    return {
        "ballot": count.key,
        "text": count.words,
        "method": VoteMethod.SECRET_BALLOT.value,
        "votes_for": count.votes_for,
        "votes_against": count.against,
        "votes_abstain": count.abstain,
        "ballots_issued": count.issued,
        "ballots_returned": count.returned,
        "ballots_invalid": count.invalid,
        "scrutineers": count.scrutineer,
        "tellers": count.teller,
    }


def was_strict(motion: Motion) -> bool:
    return STRICT_WORDS in motion.explanation


def candidates_of(desk: Desk, *, data: Any, typed: Mapping[str, Any] | None) -> Any:
    if data is not None:
        return CandidateFormSet(data, prefix="candidates")
    rows = typed["candidates"] if typed and "candidates" in typed else first_candidates(desk)
    return CandidateFormSet(prefix="candidates", initial=rows)


def first_candidates(desk: Desk) -> list[dict[str, Any]]:
    if desk.replaces:
        return [
            {
                "name": tally.name,
                "votes_for": tally.votes_for,
                "votes_against": tally.against,
                "votes_abstain": tally.abstain,
            }
            for tally in tallies_of(desk.replaces)
        ]
    if desk.revote:
        return [{"name": name} for name in desk.revote.names]
    return [{} for _ in range(LEAST_ROWS)]


def typed_so_far(data: Mapping[str, Any], *, desk: Desk) -> dict[str, Any]:
    """What was typed, for a desk that is shown again unchecked: with another matter, or with one more row."""
    if data.get("matter") != desk.matter:
        return {name: data[name] for name in KEPT_BETWEEN_MATTERS if data.get(name)}
    typed: dict[str, Any] = {name: data[name] for name in MotionForm.base_fields if name in data}
    if desk.is_election:
        typed |= {name: name in data for name in TICKS}
        typed["candidates"] = [*typed_candidates(data), {}][:MOST_CANDIDATES]
    return typed


def typed_candidates(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    numbers = range(MOST_CANDIDATES)
    named = [number for number in numbers if f"candidates-{number}-name" in data]
    return [
        {column: data.get(f"candidates-{number}-{column}", "") for column in ("name", *VOTES)}
        for number in named
    ]


def least_candidates(form: MotionForm) -> str:
    """VOTE-8 in figures: for the seats named, or the usual numbers while none are."""
    seats = str(form["seats"].value() or "")
    usual = [int(seats)] if seats.isdecimal() and len(seats) < 3 else [3, 5, 7]
    return "，".join(f"应选 {number} 名不少于 {candidates_needed(number)} 名" for number in usual)
