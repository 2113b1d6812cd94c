"""The two reports on a year (documents.md 8): the numbers filled in, every sentence left to be written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Q

from apps.branches.queries import current_posts
from apps.documents.facts_numbers import FAMILIES, figures_of, lines_of, numbers_of, weak_of
from apps.documents.facts_papers import dotted, few
from apps.documents.queries import NONE, TO_SIGN, Paper, Wanted, to_write
from apps.documents.queries_branch import basics_of, day_words
from apps.plans.models import FeatureProject
from apps.plans.policies import visible_projects
from apps.rules.figures import Figure
from apps.rules.kinds import PostKind, TaskKind
from apps.standards.queries_record import standing_on
from apps.tasks.policies import ledger_tasks
from apps.tasks.queries import for_ledger
from apps.ui.docx import Block, Grid, Heading, Text, chinese, prose
from apps.ui.refusals import Refusal

UNFINISHED = "（草稿。表格由系统按记录填写，带【】的地方请本人填写，填好后删去本行。）"
NUMBERS, FIGURES, WEAK = ("项目", "情况"), ("项目", "结果", "做到／应做到"), ("项目", "结果", "要求")
LEFT_OUT_OF_BASICS = {"联系人", "联系电话"}


class NotYet(Refusal):
    default = "这一年还没有到，没有数据可以写进材料。"


def duty_paper(wanted: Wanted) -> Paper:
    """述职报告 of the secretary."""
    _begun(wanted)
    return Paper(
        label=f"{wanted.year} 年书记述职报告",
        title=f"{wanted.year}年度抓基层党建工作述职报告",
        blocks=_duty(wanted),
        file_name=f"{wanted.name}书记述职报告",
    )


def _begun(wanted: Wanted) -> None:
    if wanted.year > wanted.today.year:
        raise NotYet


def _duty(wanted: Wanted) -> Iterator[Block]:
    figures, secretary = figures_of(wanted), _secretary_of(wanted)
    yield Text(f"{wanted.branch.name}　{secretary or '【书记姓名】'}", style="Subtitle")
    yield Text(UNFINISHED, style="BodyText")
    yield Heading("一、上年问题整改情况")
    yield from _put_right(wanted)
    yield to_write("上年述职评议指出的问题改得怎样，还有哪些没有改完")
    yield Heading("二、本年履职情况")
    yield Text(_as_of(wanted), style="BodyText")
    yield _grid(numbers_of(wanted), header=NUMBERS, widths=(3, 7))
    yield from _families(figures)
    yield Heading("三、特色做法")
    yield from _features(wanted)
    yield Heading("四、存在的问题和原因")
    yield from _shortcomings(figures)
    yield to_write("还有哪些问题，主观上、客观上的原因各是什么")
    yield Heading("五、下一步打算")
    yield to_write("针对上面的问题，明年做哪几件事、做到什么程度、什么时候完成")
    yield Text(f"述职人：{secretary or '　　　　'}", style="Signature")
    yield Text(TO_SIGN, style="Signature")


def _secretary_of(wanted: Wanted) -> str:
    day = standing_on(year=wanted.year, today=wanted.today)
    posts = current_posts(wanted.branch, today=day).filter(organization=wanted.branch)
    return "、".join(post.person.name for post in posts if post.kind == PostKind.SECRETARY)


def _as_of(wanted: Wanted) -> str:
    day = day_words(standing_on(year=wanted.year, today=wanted.today))
    return f"以下数据由系统按已归档、已登记的记录统计，截至{day}。"


def _put_right(wanted: Wanted) -> Iterator[Block]:
    """What was found the year before, and where it stands now."""
    last = (wanted.first.replace(year=wanted.year - 1), wanted.first)
    tasks = for_ledger(ledger_tasks(wanted.reader), kind=TaskKind.RECTIFICATION).filter(
        organization=wanted.branch, rectification__found_on__gte=last[0], rectification__found_on__lt=last[1]
    )
    rows = [
        (number, task.title, task.rectification.measure, _stand(task))
        for number, task in enumerate(few(tasks.order_by("rectification__found_on", "pk")), start=1)
    ]
    if rows:
        yield Grid(rows, header=("序号", "上年发现的问题", "整改措施", "整改情况"), widths=(9, 30, 30, 25))
    else:
        yield Text(f"系统里没有登记 {wanted.year - 1} 年发现的问题。", style="BodyText")


def _stand(task: object) -> str:
    closed = getattr(task, "closed_on", None)
    if closed:
        return f"{dotted(closed)} 销号"
    return getattr(task, "latest", "") or "正在整改"


def _families(figures: dict[str, Figure]) -> Iterator[Block]:
    for number, (title, specs) in enumerate(FAMILIES, start=1):
        yield Heading(f"（{chinese(number)}）{title}", level=2)
        yield _grid(lines_of(specs, figures=figures), header=FIGURES, widths=(5, 3, 7))
        yield to_write(f"{title}方面做了什么、取得什么效果，举一两件实事")


def _features(wanted: Wanted) -> Iterator[Block]:
    for project in _projects(wanted):
        yield Text(f"特色项目：{project.title}（{day_words(project.starts_on)}起）", style="BodyText")
        yield from prose(project.why)
    yield to_write("本支部与众不同、可以给别的支部借鉴的做法")


def _projects(wanted: Wanted) -> list[FeatureProject]:
    running = Q(ends_on__isnull=True) | Q(ends_on__gt=wanted.first)
    mine = visible_projects(wanted.reader).filter(running, branch=wanted.branch, starts_on__lt=wanted.until)
    return list(mine.order_by("starts_on", "pk"))


def _shortcomings(figures: dict[str, Figure]) -> Iterator[Block]:
    rows = weak_of(figures)
    if rows:
        yield Text("从数据看，以下各项还没有达到要求：", style="BodyText")
        yield _grid(rows, header=WEAK, widths=(5, 3, 7))
    else:
        yield Text("系统统计的各项没有提示。", style="BodyText")


def _grid(rows: Sequence[Sequence[str]], *, header: Sequence[str], widths: Sequence[int]) -> Grid | Text:
    filled = [[cell or "—" for cell in row] for row in rows]
    return Grid(filled, header=header, widths=widths) if rows else Text(NONE, style="BodyText")


def summary_paper(wanted: Wanted) -> Paper:
    """年度总结 of the branch."""
    _begun(wanted)
    return Paper(
        label=f"{wanted.year} 年年度总结",
        title=f"{wanted.year}年度工作总结",
        blocks=_summary(wanted),
        file_name=f"{wanted.name}年度工作总结",
    )


def _summary(wanted: Wanted) -> Iterator[Block]:
    yield Text(wanted.branch.name, style="Subtitle")
    yield Text(UNFINISHED, style="BodyText")
    yield Heading("一、基本情况")
    yield Text(f"支部和党员情况按{day_words(wanted.today)}的登记。", style="BodyText")
    yield Grid(_basics(wanted), widths=(2, 5))
    yield to_write("一年来支部和队伍的变化")
    yield Heading("二、主要工作与数据")
    yield Text(_as_of(wanted), style="BodyText")
    yield _grid(numbers_of(wanted), header=NUMBERS, widths=(3, 7))
    yield to_write("一年里做成的几件主要的事，过程和效果")
    yield Heading("三、存在的问题")
    yield from _shortcomings(figures_of(wanted))
    yield to_write("还有哪些不足，原因是什么")
    yield Heading("四、明年打算")
    yield to_write("明年的重点工作、目标和措施")
    yield Text(wanted.branch.name, style="Signature")
    yield Text(TO_SIGN, style="Signature")


def _basics(wanted: Wanted) -> list[tuple[str, str]]:
    lines = basics_of(wanted.branch, today=wanted.today)
    return [(label, value or NONE) for label, value in lines if label not in LEFT_OUT_OF_BASICS]
