"""Who may see and run accounts: operators those of everybody, the others their own."""

from django.db.models import QuerySet

from apps.accounts.models import User


def can_manage_accounts(user: User) -> bool:
    return user.is_active and user.is_operator


def visible_people(user: User) -> QuerySet[User]:
    return User.objects.all() if can_manage_accounts(user) else User.objects.filter(pk=user.pk)


def can_create(user: User) -> bool:
    return can_manage_accounts(user)


def can_update(user: User, person: User) -> bool:  # noqa: ARG001 - every `can_…` takes the row
    return can_manage_accounts(user)


def can_grant_login(user: User, person: User) -> bool:
    return can_manage_accounts(user) and person.username is None


def can_disable(user: User, person: User) -> bool:
    return _may_run(user, person) and person.is_active


def can_enable(user: User, person: User) -> bool:
    return _may_run(user, person) and not person.is_active


def can_issue_link(user: User, person: User) -> bool:
    return _may_run(user, person) and person.is_active


def can_set_duty(user: User, person: User) -> bool:
    return _may_run(user, person) and person.is_active


def _may_run(user: User, person: User) -> bool:
    """Nobody runs his own account: a walked-away-from desk must not be enough to take it over."""
    return can_manage_accounts(user) and person.username is not None and person.pk != user.pk


def rights_on(user: User, person: User) -> dict[str, bool]:
    """All answers about one person, for the buttons of the person's page."""
    return {
        "grant_login": can_grant_login(user, person),
        "disable": can_disable(user, person),
        "enable": can_enable(user, person),
        "issue_link": can_issue_link(user, person),
        "set_duty": can_set_duty(user, person),
    }
