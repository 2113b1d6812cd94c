"""How functions are written: what they take and say of themselves, and that they never read the clock."""

import ast
from collections.abc import Iterator

from tests.structure.imports import imported, known_names, layer_of
from tests.structure.project import FUNCTIONS, Breach, Module, Project, called, keyword, last_word, text_of
from tests.structure.writes import is_write

Function = ast.FunctionDef | ast.AsyncFunctionDef
HINTED = ("services", "policies", "queries", "facts")
TOLD_THE_DATE = {"base", "models", *HINTED}
CLOCK = "apps/ui/clock.py"
CLOCK_WORDS = {
    "date": {"today"},
    "datetime": {"now", "today", "utcnow"},
    "timezone": {"now", "localdate"},
    "time": {"time", "time_ns", "localtime", "gmtime"},
    "functions": {"Now"},
}
CLOCK_IMPORTS = {
    "django.utils.timezone": {"now", "localdate", "localtime"},
    "django.db.models.functions": {"Now"},
    "time": {"time", "time_ns", "localtime", "gmtime"},
}
BROAD = {"Exception", "BaseException"}


def public(module: Module) -> Iterator[tuple[str, Function, bool]]:
    """Public functions of a module and public methods of its public classes."""
    for node in module.tree.body:
        if isinstance(node, FUNCTIONS) and not node.name.startswith("_"):
            yield node.name, node, False
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for child in node.body:
                if isinstance(child, FUNCTIONS) and not child.name.startswith("_"):
                    static = any(last_word(mark) == "staticmethod" for mark in child.decorator_list)
                    yield f"{node.name}.{child.name}", child, not static


def service_signatures(project: Project) -> Iterator[Breach]:
    for module in project.layer("services"):
        for node in module.tree.body:
            if not isinstance(node, FUNCTIONS) or node.name.startswith("_"):
                continue
            if len(node.args.posonlyargs) + len(node.args.args) > (0 if is_deed(node) else 1):
                text = "a service takes keywords only: begin with `*`"
                yield module.breach(node, symbol=node.name, text=text)
            if node.returns is None:
                yield module.breach(node, symbol=node.name, text="a service says what it returns")


def is_deed(function: Function) -> bool:
    """It names an actor, is atomic or writes; a question about one thing may take that thing by position."""
    names = {arg.arg for arg in [*function.args.args, *function.args.kwonlyargs]}
    marks = {last_word(mark.func if isinstance(mark, ast.Call) else mark) for mark in function.decorator_list}
    writes = any(isinstance(node, ast.Call) and is_write(node) for node in ast.walk(function))
    return "actor" in names or "atomic" in marks or writes


def type_hints(project: Project) -> Iterator[Breach]:
    modules = [module for module in project.apps if module.app == "rules" or module.layer in HINTED]
    for module in modules:
        for name, function, is_method in public(module):
            missing = unannotated(function, is_method=is_method)
            if missing:
                text = "public functions here carry types: " + ", ".join(missing)
                yield module.breach(function, symbol=name, text=text)


def unannotated(function: Function, *, is_method: bool) -> list[str]:
    given = function.args
    positional = [*given.posonlyargs, *given.args][is_method:]
    rest = [arg for arg in (given.vararg, given.kwarg) if arg]
    missing = [arg.arg for arg in [*positional, *given.kwonlyargs, *rest] if arg.annotation is None]
    return missing + ([] if function.returns else ["the return value"])


def one_clock(project: Project) -> Iterator[Breach]:
    for module in (module for module in project.product if module.path != CLOCK):
        for node in module.nodes:
            word = clock_word(node)
            if word:
                yield module.breach(node, symbol=word, text="only apps.ui.clock reads the clock")


def clock_word(node: ast.AST) -> str:
    """What in this node reads the clock: `timezone.now`, a bare `localtime()`, or the import of either."""
    if isinstance(node, ast.Attribute) and node.attr in CLOCK_WORDS.get(last_word(node.value), ()):
        return f"{last_word(node.value)}.{node.attr}"
    if isinstance(node, ast.ImportFrom):
        names = CLOCK_IMPORTS.get(node.module or "", set()) & {alias.name for alias in node.names}
        return ", ".join(sorted(names))
    if isinstance(node, ast.Call) and called(node) == "localtime" and not node.args:
        return "localtime()"
    return ""


def clock_is_a_module(project: Project) -> Iterator[Breach]:
    """`from apps.ui import clock`: a test turns the clock in its module, a copied function would run on."""
    for module in project.product:
        for node in module.nodes:
            if isinstance(node, ast.ImportFrom) and node.module == "apps.ui.clock":
                yield module.breach(node, symbol="clock", text="write `from apps.ui import clock`")


def told_the_date(project: Project) -> Iterator[Breach]:
    known = known_names(project)
    for module in project.apps:
        if module.app != "rules" and layer_of(module) not in TOLD_THE_DATE:
            continue
        for node, target in imported(module, known):
            if target == "apps.ui.clock":
                yield module.breach(node, symbol="clock", text="here today and now are parameters")


def named_exceptions(project: Project) -> Iterator[Breach]:
    for module in (module for module in project.modules if not module.is_test):
        for node in module.nodes:
            if isinstance(node, ast.ExceptHandler) and is_broad(node.type) and not raises_again(node):
                yield module.breach(node, symbol="except", text="catch the named refusal, nothing broader")
            if isinstance(node, ast.Call) and called(node) == "suppress" and any(map(is_broad, node.args)):
                yield module.breach(
                    node, symbol="suppress", text="suppress what is expected, nothing broader"
                )


def raises_again(handler: ast.ExceptHandler) -> bool:
    """Cleaning up and letting the error go on hides nothing."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def is_broad(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    parts = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(last_word(part) in BROAD for part in parts)


def every_test_runs(project: Project) -> Iterator[Breach]:
    """A test that pytest would never collect, or that another of the same name replaces."""
    for module in project.modules:
        names = [node.name for node in module.tree.body if isinstance(node, FUNCTIONS)]
        tests = [name for name in names if name.startswith("test_")]
        is_test_file = module.parts[-1].startswith("test_")
        if is_test_file and not module.is_test:
            yield module.breach(1, symbol=module.parts[-1], text="pytest looks for tests in tests/ only")
        if is_test_file and not tests and "TestCase" not in module.source:
            yield module.breach(1, symbol=module.parts[-1], text="a test file without a test")
        if tests and module.is_test and not is_test_file:
            yield module.breach(1, symbol=tests[0], text="pytest collects test_*.py only")
        for name in sorted({name for name in tests if tests.count(name) > 1}):
            yield module.breach(1, symbol=name, text="defined twice: the first one never runs")


def tests_say_what_they_wait_for(project: Project) -> Iterator[Breach]:
    """A skip or an expected failure without its reason looks like a passed test."""
    for module in (module for module in project.modules if module.is_test):
        for call in module.calls():
            marked = called(call) in {"skip", "skipif", "xfail"}
            if marked and keyword(call, "reason") is None and not (call.args and text_of(call.args[0])):
                yield module.breach(call, symbol=called(call), text="say why in `reason=`")
