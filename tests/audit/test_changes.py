import pytest

from apps.audit.changes import HIDDEN, changed_fields, snapshot
from apps.members.models import Member
from apps.rules.kinds import MemberStatus
from tests import factories

FIELDS = ("branch", "status", "admitted_on", "is_mobile", "remark", "mobile_phone", "group")
LABELS = {name: str(Member._meta.get_field(name).verbose_name) for name in FIELDS}


@pytest.fixture
def member(db: None) -> Member:
    branch = factories.make_organization(name="机关一支部")
    return factories.make_member(branch, mobile_phone="13912345678")


def test_a_snapshot_reads_as_the_form_does(member: Member) -> None:
    seen = snapshot(member, FIELDS)
    assert seen == {
        "branch": "机关一支部",
        "status": "正式党员",
        "admitted_on": "2010-06-20",
        "is_mobile": "否",
        "remark": "",
        "mobile_phone": "13912345678",
        "group": "",
    }


def test_only_what_differs_is_told_with_its_label(member: Member) -> None:
    before = snapshot(member, FIELDS)
    member.status, member.full_since = MemberStatus.PROBATIONARY, None
    member.is_mobile = True
    assert changed_fields(before, snapshot(member, FIELDS), labels=LABELS) == [
        {"field": "status", "label": "人员类别", "before": "正式党员", "after": "预备党员"},
        {"field": "is_mobile", "label": "流动党员", "before": "否", "after": "是"},
    ]
    assert changed_fields(before, before, labels=LABELS) == []


def test_an_encrypted_value_is_never_told_even_if_the_caller_forgets(member: Member) -> None:
    before = snapshot(member, FIELDS)
    member.mobile_phone = "13700000000"
    assert changed_fields(before, snapshot(member, FIELDS), labels=LABELS) == [
        {"field": "mobile_phone", "label": "手机", "before": "", "after": HIDDEN}
    ]


def test_named_secrets_are_hidden() -> None:
    assert changed_fields({"note": "甲"}, {"note": "乙"}, labels={"note": "记录"}, secret={"note"}) == [
        {"field": "note", "label": "记录", "before": "", "after": "已修改（内容不显示）"}
    ]


def test_a_new_thing_has_no_before_and_long_texts_are_cut() -> None:
    changes = changed_fields({}, {"note": "字" * 1200, "people": ["甲", "乙"]}, labels={"note": "记录"})
    assert [(c["before"], len(c["after"]), c["label"]) for c in changes] == [
        ("", 1000, "记录"),
        ("", 3, "people"),
    ]
