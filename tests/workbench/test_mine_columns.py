"""Every column that names a person is taken out with all that is stored about him, or left for a reason."""

from __future__ import annotations

from django.apps import apps

from apps.accounts.models import User
from apps.members.models import Member

#: Column → the part of the export in which the person finds it.
EXPORTED = {
    "members.Member.person": "record",
    "accounts.User.reset_issued_by": "account",
    "members.CorrectionRequest.member": "correction_requests",
    "members.CorrectionRequest.answered_by": "handled",
    "members.RosterImport.uploaded_by": "handled",
    "branches.Post.person": "posts",
    "branches.RuleOverride.created_by": "decisions",
    "branches.Excuse.decided_by": "decisions",
    "meetings.Attendance.member": "attendance",
    "meetings.Opinion.member": "opinions",
    "meetings.Motion.subject": "matters",
    "meetings.Candidate.member": "matters",
    "meetings.Consultation.members": "matters",
    "meetings.Meeting.chair": "sittings",
    "meetings.Meeting.recorder": "sittings",
    "meetings.Meeting.lecturer": "sittings",
    "meetings.Meeting.recorded_by": "sittings",
    "meetings.Meeting.closed_by": "sittings",
    "meetings.Addendum.written_by": "papers",
    "meetings.Attachment.added_by": "papers",
    "tasks.Task.owner": "tasks",
    "tasks.Task.created_by": "tasks",
    "tasks.TaskNote.written_by": "task_notes",
    "tasks.Assignment.created_by": "assignments",
    "tasks.Directive.created_by": "directives",
    "tasks.Circular.created_by": "directives",
    "meetings.DirectiveConveyed.added_by": "directives",
    "worklog.EntryMember.member": "worklog",
    "worklog.KeyPost.holder": "key_posts",
    "worklog.Entry.created_by": "worklog_written",
    "worklog.KeyPost.created_by": "worklog_written",
    "worklog.KeyPostCheck.created_by": "worklog_written",
    "worklog.CareUnit.created_by": "worklog_written",
    "worklog.StudyImport.uploaded_by": "worklog_written",
    "plans.PlanItem.owner": "plan_items",
    "plans.AnnualPlan.created_by": "plans_written",
    "plans.PlanAdjustment.made_by": "plans_written",
    "plans.TermGoal.created_by": "plans_written",
    "plans.GoalNote.written_by": "plans_written",
    "plans.FeatureProject.created_by": "plans_written",
    "plans.FeatureProgress.written_by": "plans_written",
    "plans.CalendarFeed.person": "calendar_feeds",
    "standards.StandardVersion.created_by": "standards",
    "standards.StandardSwitch.created_by": "standards",
    "standards.LevelOverride.created_by": "standards",
    "standards.FigureNote.written_by": "standards",
    "standards.EarlierText.written_by": "standards",
    "standards.StandardImport.uploaded_by": "standards",
    "evaluations.Cycle.created_by": "evaluations",
    "evaluations.Reviewer.named_by": "evaluations",
    "evaluations.Reviewer.person": "evaluations",
    "evaluations.BranchEvaluation.reported_by": "evaluations",
    "evaluations.BranchEvaluation.decided_by": "evaluations",
    "evaluations.Objection.answered_by": "evaluations",
    "evaluations.Objection.raised_by": "evaluations",
    "evaluations.Seat.entered_by": "evaluations",
    "evaluations.VisitNote.written_by": "evaluations",
    "jobs.Job.owner": "jobs",
    "documents.MadeFile.owner": "documents",
    "documents.UnitTemplate.uploaded_by": "documents",
    "talks.TalkPerson.member": "talks",
    "talks.Talk.recorder": "talks",
    "talks.Talk.entered_by": "talks_handled",
    "talks.MustTalk.asked": "talks_handled",
    "talks.MustTalk.set_by": "talks_handled",
    "talks.TalkWave.opened_by": "talks_handled",
    "audit.Deed.actor": "deeds_by",
    "evaluations.BranchProblem.owner": "rounds_handled",
    "evaluations.MemberEvaluation.member": "evaluations",
    "evaluations.Opinion.entered_by": "rounds_handled",
    "evaluations.OwnProblem.entered_by": "rounds_handled",
    "evaluations.OwnProblem.member": "own_problems",
    "evaluations.PartNote.written_by": "rounds_handled",
    "evaluations.PeerOpinion.author": "peer_opinions",
    "evaluations.PeerOpinion.entered_by": "rounds_handled",
    "evaluations.Round.created_by": "rounds_handled",
}
LEFT_OUT = {
    "accounts.FirstRun.operator": "that he set the system up stands in the trail, too",
    "talks.MustTalk.member": "that he must be talked with is known to the secretary and to whom he asked",
    "meetings.Consultation_members.member": "the table behind Consultation.members",
    "ballots.Poll.teller_one": "a poll is the branch's; who counted stands on its sheet of results",
    "ballots.Poll.teller_two": "a poll is the branch's; who counted stands on its sheet of results",
    "ballots.Poll.created_by": "that he drafted it stands in the trail, too",
    "ballots.Question.subject": "votes on a person are the branch's; he is told the verdict",
    "ballots.RollEntry.member": "ballots stay out altogether, and so does who has voted",
    "ballots.PaperCount.entered_by": "lives from one teller's entry to the other's confirmation",
    "evaluations.BranchProblem.owner": "nothing writes it yet",
    "evaluations.MemberEvaluation.member": "nothing writes it yet",
    "evaluations.Opinion.entered_by": "nothing writes it yet",
    "evaluations.OwnProblem.entered_by": "nothing writes it yet",
    "evaluations.OwnProblem.member": "nothing writes it yet",
    "evaluations.PartNote.written_by": "nothing writes it yet",
    "evaluations.PeerOpinion.author": "nothing writes it yet",
    "evaluations.PeerOpinion.entered_by": "nothing writes it yet",
    "evaluations.Round.created_by": "nothing writes it yet",
    "evaluations.BranchEvaluation.decided_by": "nothing writes it yet",
    "evaluations.BranchEvaluation.reported_by": "nothing writes it yet",
    "evaluations.Cycle.created_by": "nothing writes it yet",
    "evaluations.Objection.answered_by": "nothing writes it yet",
    "evaluations.Objection.raised_by": "nothing writes it yet",
    "evaluations.Reviewer.named_by": "nothing writes it yet",
    "evaluations.Reviewer.person": "nothing writes it yet",
    "evaluations.Seat.entered_by": "nothing writes it yet",
    "evaluations.VisitNote.written_by": "nothing writes it yet",
}


def columns_naming_people() -> set[str]:
    found = set()
    for model in apps.get_models(include_auto_created=True):
        if not model.__module__.startswith("apps."):
            continue
        for field in [*model._meta.fields, *model._meta.many_to_many]:
            if field.related_model in (User, Member):
                found.add(f"{model._meta.app_label}.{model.__name__}.{field.name}")
    return found


def test_every_column_that_names_a_person_is_exported_or_left_out_for_a_reason() -> None:
    assert columns_naming_people() == EXPORTED.keys() | LEFT_OUT.keys()
