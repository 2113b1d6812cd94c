"""Breaches to plant, one for each way of breaking a rule, and the lawful code that stands nearest to each."""

Files = dict[str, str]

HEAD = "from django.db import models\n"


def views(source: str) -> Files:
    return {"apps/members/views.py": source}


def services(source: str) -> Files:
    return {"apps/members/services.py": source}


def model(source: str, *, app: str = "members") -> Files:
    return {f"apps/{app}/models.py": HEAD + source}


def template(source: str, *, path: str = "members/member_list.html") -> Files:
    return {f"templates/{path}": source}


def lines(count: int) -> str:
    return "\n".join(f"    a = {number}" for number in range(count - 1)) + "\n"


def chain(depth: int) -> Files:
    """A template that stands `depth` levels below the first one."""
    pages = {
        f"templates/{level}.html": f"{{% extends '{level - 1}.html' %}}" for level in range(depth, 0, -1)
    }
    return {**pages, "templates/0.html": "base"}


CHOICE = """\
class Member(models.Model):
    sex = models.CharField(choices=Sex.choices())
    class Meta:
        constraints = [{constraint}]
"""

PLANTS: list[tuple[str, Files]] = [
    # imports
    ("import_order", {"apps/members/services.py": "from apps.meetings.models import Meeting"}),
    ("import_order", {"apps/meetings/services.py": "from apps.talks import facts"}),
    ("import_order", services("def f():\n    import apps.workbench.views")),
    ("import_order", services("if TYPE_CHECKING:\n    from branchsys import settings")),
    ("import_order", {"apps/gadgets/services.py": ""}),
    ("absolute_imports", services("from . import models")),
    ("absolute_imports", {"apps/branches/models.py": "from .kinds import OrgKind"}),
    ("hidden_imports", services("Meeting = apps.get_model('meetings', 'Meeting')")),
    ("hidden_imports", services("import_string('apps.meetings.models.Meeting')")),
    ("rules_are_pure", {"apps/rules/quorum.py": "from django.utils import timezone"}),
    ("rules_are_pure", {"apps/rules/quorum.py": "from apps.ui import clock"}),
    ("ledger_reads_facts", {"apps/ledger/services.py": "from apps.meetings.models import Meeting"}),
    ("ledger_reads_facts", {"apps/ledger/services.py": "from apps.members import queries"}),
    (
        "talks_have_one_exit",
        {"apps/workbench/queries.py": "from apps.talks import facts", "apps/talks/facts.py": ""},
    ),
    ("talks_have_one_exit", {"apps/ledger/facts.py": "from apps.talks.models import Talk"}),
    ("ui_knows_no_domain_word", {"apps/ui/pages.py": "TITLE = '党支部'"}),
    ("ui_knows_no_domain_word", template("<h1>组织生活</h1>", path="ui/list.html")),
    ("module_names", {"apps/members/utils.py": ""}),
    ("module_names", {"apps/members/helpers/dates.py": ""}),
    (
        "layers_point_down",
        {"apps/members/models.py": "from apps.members import services", "apps/members/services.py": ""},
    ),
    (
        "layers_point_down",
        {"apps/members/facts.py": "from apps.members.services_a import f", "apps/members/services_a.py": ""},
    ),
    (
        "layers_point_down",
        {"apps/members/queries.py": "def f():\n    import apps.members.facts", "apps/members/facts.py": ""},
    ),
    (
        "no_circles",
        {
            "apps/members/services_a.py": "from apps.members import services_b",
            "apps/members/services_b.py": "from apps.members import services_a",
        },
    ),
    # budgets
    ("module_length", services("a = 1\n" * 401)),
    ("function_length", services("def f():\n" + lines(41))),
    ("function_length", {"tests/members/test_a.py": "def test_a():\n" + lines(41)}),
    ("view_length", views("def member_list(request):\n" + lines(16))),
    ("view_length", {"apps/members/views_roster.py": "def member_list(request, pk):\n" + lines(16)}),
    ("class_bases", services("class A(B, C, D): ...")),
    ("positional_arguments", services("def f(a, b, c): ...")),
    ("positional_arguments", services("class A:\n    def f(self, a, b, c): ...")),
    ("positional_arguments", services("class A:\n    @staticmethod\n    def f(a, b, c): ...")),
    ("template_length", template("<p></p>\n" * 151)),
    ("template_inheritance", chain(3)),
    # conduct
    ("service_signatures", services("def close(meeting, *, actor) -> None: ...")),
    ("service_signatures", services("@transaction.atomic\ndef close(meeting) -> None: ...")),
    ("service_signatures", services("def close(meeting) -> None:\n    meeting.save()")),
    ("service_signatures", services("def words(meeting, day) -> str: ...")),
    ("service_signatures", services("def close(*, meeting): ...")),
    ("type_hints", services("def close(*, meeting) -> None: ...")),
    ("type_hints", {"apps/rules/quorum.py": "def needed(entitled: int): ..."}),
    ("type_hints", {"apps/members/policies.py": "class A:\n    def f(self, user) -> bool: ..."}),
    ("one_clock", services("day = date.today()")),
    ("one_clock", services("at = timezone.now()")),
    ("one_clock", services("at = django.utils.timezone.localdate()")),
    ("one_clock", model("at = models.DateTimeField(default=timezone.now)")),
    ("one_clock", views("at = datetime.now(tz=UTC)")),
    ("one_clock", views("at = timezone.localtime()")),
    ("one_clock", views("from django.utils.timezone import now")),
    ("one_clock", views("at = time.time()")),
    ("clock_is_a_module", views("from apps.ui.clock import today")),
    ("told_the_date", {**services("from apps.ui import clock"), "apps/ui/clock.py": ""}),
    ("told_the_date", {"apps/rules/terms.py": "import apps.ui.clock", "apps/ui/clock.py": ""}),
    ("named_exceptions", services("try:\n    a\nexcept Exception:\n    b")),
    ("named_exceptions", services("try:\n    a\nexcept:\n    b")),
    ("named_exceptions", services("try:\n    a\nexcept (ValueError, BaseException):\n    b")),
    ("named_exceptions", services("with suppress(Exception):\n    a")),
    ("every_test_runs", {"tests/members/roster_test.py": "def test_a(): ..."}),
    ("every_test_runs", {"apps/members/test_roster.py": "def test_a(): ..."}),
    ("every_test_runs", {"tests/members/test_a.py": "def roster_is_read(): ..."}),
    ("every_test_runs", {"tests/members/test_a.py": "def test_a(): ...\ndef test_a(): ..."}),
    ("tests_say_what_they_wait_for", {"tests/test_a.py": "pytest.skip()"}),
    ("tests_say_what_they_wait_for", {"tests/test_a.py": "pytest.mark.skipif(sys.platform == 'win32')"}),
    # writes
    ("views_fetch_through_policies", views("Member.objects.all()")),
    ("views_fetch_through_policies", views("get_object_or_404(Member, pk=pk)")),
    ("services_write", views("member.save()")),
    ("services_write", views("form.save()")),
    ("services_write", {"apps/members/queries.py": "Member.objects.filter(pk=1).update(name='a')"}),
    ("services_write", {"apps/members/queries.py": "Member.objects.filter(pk=1).update(**changes)"}),
    ("services_write", {"apps/members/admin.py": "member.delete()"}),
    ("services_write", {"apps/members/facts.py": "Member.objects.create(name='a')"}),
    ("services_write", {"apps/members/facts.py": "Member.objects.bulk_create(rows)"}),
    ("services_write", {"apps/members/management/commands/a.py": "User.objects.get_or_create(pk=1)"}),
    ("no_write_overrides", model("class A(models.Model):\n    def save(self, **kwargs): ...")),
    ("no_write_overrides", {"apps/members/forms.py": "class A(Form):\n    def save(self): ..."}),
    ("no_signals", services("from django.db.models.signals import post_save")),
    ("no_signals", services("from django.db.models import signals")),
    ("no_signals", services("from django.dispatch import receiver")),
    ("no_signals", services("@dispatch.receiver(post_save)\ndef f(): ...")),
    ("json_has_a_reason", model("class A(models.Model):\n    a = models.JSONField()")),
    ("json_has_a_reason", model("class A:\n    # Reason for JSON: list.\n\n    a = models.JSONField()")),
    ("sql_has_a_reason", services("Member.objects.raw('SELECT 1')")),
    ("sql_has_a_reason", services("with connection.cursor() as cursor:\n    pass")),
    ("sql_has_a_reason", services("a = queryset.annotate(b=RawSQL('1', []))")),
    ("sql_has_a_reason", services("queryset.extra(where=['1=1'])")),
    ("sql_has_a_reason", {"apps/audit/migrations/0002_a.py": "operations = [migrations.RunSQL('')]"}),
    # schema
    ("relations_name_the_class", model("branch = models.ForeignKey('branches.Organization')")),
    ("relations_name_the_class", model("members = models.ManyToManyField(Member, through='Roll')")),
    ("confidential_rows_have_no_way_back", model("a = models.ForeignKey(Member)", app="talks")),
    (
        "confidential_rows_have_no_way_back",
        model("a = models.OneToOneField(Member, related_name='b')", app="ballots"),
    ),
    ("choices_are_constrained", model(CHOICE.format(constraint=""))),
    ("choices_are_constrained", model(CHOICE.format(constraint="one_of('state', Sex)"))),
    ("choices_are_constrained", model(CHOICE.format(constraint="one_of('sex', State)"))),
    ("choices_are_constrained", model("class A:\n    a = models.CharField(choices=State.choices)")),
    # pages
    ("no_inline_script", template("<script>alert(1)</script>")),
    ("no_inline_script", template('<script type="application/json">{}</script>')),
    ("no_inline_style", template('<p style="color: red">')),
    ("no_inline_style", template("<style>p {}</style>")),
    ("no_inline_handler", template('<a onclick="go()">')),
    ("no_inline_handler", template('<a href="javascript:go()">')),
    ("no_inline_handler", template('<a hx-on:click="go()">')),
    ("no_remote_reference", template('<img src="https://example.org/a.png">')),
    ("no_remote_reference", template('<script src="//example.org/a.js"></script>')),
    ("no_remote_reference", {"static/app.css": "a { background: url(https://example.org/a.png) }"}),
    ("no_remote_reference", {"static/app.js": "fetch('//example.org/a')"}),
    ("no_unescaped_text", template("{{ meeting.minutes|safe }}")),
    ("no_unescaped_text", template("{% autoescape off %}{{ a }}{% endautoescape %}")),
    ("no_unescaped_text", {"apps/ui/pages.py": "html = mark_safe(text)"}),
]

LAWFUL: list[tuple[str, Files]] = [
    (
        "import_order",
        {"apps/meetings/views.py": "from apps.members import policies\nfrom apps.ui import clock"},
    ),
    ("absolute_imports", services("from apps.members.models import Member")),
    ("hidden_imports", services("from importlib.metadata import version")),
    ("rules_are_pure", {"apps/rules/quorum.py": "from datetime import date\nfrom apps.rules import kinds"}),
    (
        "ledger_reads_facts",
        {
            "apps/ledger/queries.py": "from apps.meetings import facts\nimport apps.branches.models",
            "apps/meetings/facts.py": "",
        },
    ),
    (
        "talks_have_one_exit",
        {"apps/ledger/facts.py": "from apps.talks import facts", "apps/talks/facts.py": ""},
    ),
    (
        "ui_knows_no_domain_word",
        {"apps/ui/pages.py": "TITLE = '返回'", "apps/members/views.py": "A = '党支部'"},
    ),
    (
        "module_names",
        {"apps/members/views_roster.py": "", "apps/meetings/models/agenda.py": "", "apps/ui/tones.py": ""},
    ),
    (
        "layers_point_down",
        {
            "apps/members/services_a.py": "from apps.members import models, services",
            "apps/members/services.py": "",
            "apps/members/models.py": "",
            "apps/members/migrations/0001_initial.py": "import apps.members.models",
        },
    ),
    (
        "no_circles",
        {"apps/members/services.py": "from apps.members import models", "apps/members/models.py": ""},
    ),
    ("module_length", {**services("a = 1\n" * 400), "apps/members/migrations/0001_a.py": "a = 1\n" * 900}),
    ("function_length", services("def f():\n" + lines(40))),
    ("view_length", views('def member_list(request):\n    """One\n    word."""\n' + lines(15))),
    ("view_length", views("def columns(user):\n" + lines(30))),
    ("class_bases", services("class A(B, C, metaclass=D): ...")),
    ("positional_arguments", services("class A:\n    def f(self, a, b, *, c): ...")),
    (
        "positional_arguments",
        {"apps/members/filters.py": "class A:\n    def f(self, rows, name, value): ..."},
    ),
    (
        "positional_arguments",
        {"apps/members/admin.py": "class A:\n    def save_model(self, a, b, c, d): ..."},
    ),
    ("template_length", template("<p></p>\n" * 150)),
    ("template_inheritance", chain(2)),
    ("service_signatures", services("def close(*, meeting: Meeting) -> None: ...\ndef _at(a): ...")),
    (
        "type_hints",
        {**services("def close(*, meeting: Meeting) -> None: ..."), **views("def a(request): ...")},
    ),
    ("service_signatures", services("def words(meeting: Meeting, *, day: date) -> str: ...")),
    ("named_exceptions", services("try:\n    a\nexcept BaseException:\n    b\n    raise")),
    ("view_length", views("def context(request) -> dict[str, str]:\n" + lines(30))),
    ("type_hints", {"apps/members/queries.py": "class A:\n    def f(self, *args: int) -> None: ..."}),
    ("one_clock", {"apps/ui/clock.py": "timezone.now()", "apps/members/facts.py": "timezone.localtime(at)"}),
    ("one_clock", services("from datetime import date, datetime, time\nat = datetime.combine(day, time(9))")),
    ("clock_is_a_module", views("from apps.ui import clock")),
    ("told_the_date", {**views("from apps.ui import clock"), "apps/ui/clock.py": ""}),
    ("named_exceptions", services("try:\n    a\nexcept (ValueError, Refusal):\n    b")),
    (
        "every_test_runs",
        {"tests/members/test_a.py": "def test_a(): ...", "tests/factories.py": "def member(): ..."},
    ),
    (
        "tests_say_what_they_wait_for",
        {"tests/test_a.py": "pytest.skip('no Chromium')\npytest.skip(reason='b')"},
    ),
    ("views_fetch_through_policies", views("get_object_or_404(policies.visible_members(user), pk=pk)")),
    ("services_write", services("member.save(update_fields=['name'])")),
    (
        "services_write",
        views("context.update({'a': 1})\nimage.save(buffer)\ncache.delete('a')\nseen.update(more)"),
    ),
    (
        "services_write",
        {"apps/members/migrations/0002_a.py": "a.objects.bulk_create([])", "tests/a.py": "a.save()"},
    ),
    ("no_write_overrides", services("class Rows:\n    def save(self): ...")),
    ("positional_arguments", views("def item_remove(request, pk, item_pk): ...")),
    ("no_write_overrides", {"apps/members/admin.py": "class A:\n    def save_model(self): ..."}),
    ("no_signals", services("from signal import SIGINT")),
    (
        "json_has_a_reason",
        model("class A:\n    # Reason for JSON: a list\n    # shown whole.\n    a = models.JSONField()"),
    ),
    (
        "sql_has_a_reason",
        services("# Reason for SQL: PRAGMA.\nwith connection.cursor() as cursor:\n    pass"),
    ),
    ("sql_has_a_reason", services("log.info('a', extra={})\nraw = read()\nextra(1)")),
    (
        "relations_name_the_class",
        model("a = models.ForeignKey(settings.AUTH_USER_MODEL)\nb = models.ForeignKey('self')"),
    ),
    (
        "confidential_rows_have_no_way_back",
        model("a = models.ForeignKey(Member, related_name='+')", app="talks"),
    ),
    ("confidential_rows_have_no_way_back", model("a = models.ForeignKey(Organization)")),
    ("choices_are_constrained", model(CHOICE.format(constraint="one_of('sex', Sex)"))),
    (
        "choices_are_constrained",
        model(
            CHOICE.format(
                constraint="models.CheckConstraint(condition=models.Q(sex__in=['f', 'm']), name='a')"
            )
        ),
    ),
    ("no_inline_script", template("<script src=\"{% static 'app.js' %}\" defer></script>")),
    ("no_inline_style", template("{# style= #}<link rel='stylesheet' href='a.css'><p class='style'>")),
    ("no_inline_handler", template('<p data-on="a" class="one">{{ action }}</p><button hx-post="/a/">')),
    (
        "no_remote_reference",
        {**template('<svg xmlns="http://www.w3.org/2000/svg">'), "static/vendor/a.js": "'https://a.b'"},
    ),
    ("no_remote_reference", {"static/app.js": "// see https://example.org\nconst a = 1 // 2"}),
    (
        "no_unescaped_text",
        {**template("{{ meeting.minutes|linebreaks }}"), "apps/ui/pages.py": "format_html('{}', a)"},
    ),
]
