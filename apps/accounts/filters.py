"""Finding an account in the operators' list."""

import django_filters
from django import forms
from django.db.models import Q

from apps.accounts.models import User, UserQuerySet
from apps.rules.kinds import Kind


class AccountState(Kind):
    ACTIVE = "active", "可以登录"
    DISABLED = "disabled", "已停用"
    NO_LOGIN = "no_login", "未开通登录"


def state_of(person: User) -> AccountState:
    if person.username is None:
        return AccountState.NO_LOGIN
    return AccountState.ACTIVE if person.is_active else AccountState.DISABLED


CONDITIONS = {
    AccountState.ACTIVE: Q(username__isnull=False, is_active=True),
    AccountState.DISABLED: Q(username__isnull=False, is_active=False),
    AccountState.NO_LOGIN: Q(username__isnull=True),
}


class PersonFilter(django_filters.FilterSet):
    words = django_filters.CharFilter(
        label="姓名或登录名",
        method="find",
        widget=forms.TextInput(attrs={"placeholder": "汉字、全拼或简拼"}),
    )
    state = django_filters.ChoiceFilter(
        label="状态", method="in_state", choices=AccountState.choices(), empty_label="全部"
    )

    class Meta:
        model = User
        fields: list[str] = []

    def find(self, queryset: UserQuerySet, name: str, value: str) -> UserQuerySet:  # noqa: ARG002 - filter's signature
        typed = value.strip().lower()
        by_sound = Q(pinyin__startswith=typed) | Q(initials__startswith=typed)
        return queryset.filter(Q(name__contains=value.strip()) | by_sound | Q(username__startswith=typed))

    def in_state(self, queryset: UserQuerySet, name: str, value: str) -> UserQuerySet:  # noqa: ARG002
        return queryset.filter(CONDITIONS[AccountState(value)])
