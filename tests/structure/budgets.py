"""How long and how wide things may be."""

import ast
import re
from collections.abc import Iterator

from tests.structure.project import Breach, Module, Page, Project
from tests.structure.tables import DICTATED_SIGNATURES, FILTER_SIGNATURE

MODULE_LINES = 400
FUNCTION_LINES = 40
VIEW_LINES = 15
TEMPLATE_LINES = 150
CLASS_BASES = 2
POSITIONAL = 2
INHERITANCE = 2

EXTENDS = re.compile(r"""{%\s*extends\s+["']([^"']+)["']""")


def module_length(project: Project) -> Iterator[Breach]:
    for module in project.modules:
        if len(module.lines) > MODULE_LINES and not module.is_migration:
            text = f"{len(module.lines)} lines; a module has at most {MODULE_LINES}"
            yield module.breach(1, symbol=module.parts[-1], text=text)


def function_length(project: Project) -> Iterator[Breach]:
    for module in (module for module in project.modules if not module.is_migration):
        for name, function, _ in module.functions:
            if length(function) > FUNCTION_LINES:
                text = f"{length(function)} lines; a function has at most {FUNCTION_LINES}"
                yield module.breach(function, symbol=name, text=text)


def view_length(project: Project) -> Iterator[Breach]:
    for module in project.layer("views"):
        for name, function, _ in module.functions:
            if is_view(module, function) and length(function) > VIEW_LINES:
                text = f"{length(function)} lines; a view has at most {VIEW_LINES}"
                yield module.breach(function, symbol=name, text=text)


def is_view(module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """It takes the request and answers it; what returns anything but a response prepares for a view."""
    takes_request = bool(function.args.args) and function.args.args[0].arg == "request"
    answers = function.returns is None or "Response" in ast.unparse(function.returns)
    return module.layer == "views" and takes_request and answers


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end; the docstring is free, so that nobody saves on words."""
    total = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is None or len(function.body) == 1:
        return total
    return total - ((first.end_lineno or first.lineno) - first.lineno + 1)


def class_bases(project: Project) -> Iterator[Breach]:
    for module in project.modules:
        for node in module.classes():
            if len(node.bases) > CLASS_BASES:
                text = f"{len(node.bases)} bases; a class has at most {CLASS_BASES}"
                yield module.breach(node, symbol=node.name, text=text)


def positional_arguments(project: Project) -> Iterator[Breach]:
    for module in (module for module in project.modules if not (module.is_migration or module.is_test)):
        for name, function, is_method in module.functions:
            given = [arg.arg.lstrip("_") for arg in [*function.args.posonlyargs, *function.args.args]][
                is_method:
            ]
            dictated = function.name in DICTATED_SIGNATURES or given[1:] == FILTER_SIGNATURE
            dictated = dictated or is_view(module, function)  # the URL names what a view takes
            if len(given) > POSITIONAL and not dictated:
                text = f"{len(given)} positional arguments; at most {POSITIONAL}, the others keyword-only"
                yield module.breach(function, symbol=name, text=text)


def template_length(project: Project) -> Iterator[Breach]:
    for page in project.templates:
        lines = len(page.source.splitlines())
        if lines > TEMPLATE_LINES:
            text = f"{lines} lines; a template has at most {TEMPLATE_LINES}"
            yield Breach(page.path, 1, page.path.rsplit("/", 1)[-1], text)


def template_inheritance(project: Project) -> Iterator[Breach]:
    pages = {page.path.removeprefix("templates/"): page for page in project.templates}
    for page in project.templates:
        depth = ancestors(page, pages)
        if depth > INHERITANCE:
            text = f"extends {depth} levels deep; at most {INHERITANCE}"
            yield Breach(page.path, 1, page.path.rsplit("/", 1)[-1], text)


def ancestors(page: Page, pages: dict[str, Page]) -> int:
    """How many templates stand above this one; a circle counts as too many."""
    depth, seen = 0, {page.path}
    parent = parent_of(page, pages)
    while parent is not None:
        depth += 1
        if parent.path in seen:
            return INHERITANCE + 1
        seen.add(parent.path)
        parent = parent_of(parent, pages)
    return depth


def parent_of(page: Page, pages: dict[str, Page]) -> Page | None:
    found = EXTENDS.search(page.source)
    return pages.get(found.group(1)) if found else None
