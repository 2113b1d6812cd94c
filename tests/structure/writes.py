"""Where the database is written and fetched from, and that nothing does so in hiding."""

import ast
import re
from collections.abc import Iterator

from tests.structure.project import FUNCTIONS, Breach, Module, Project, called, last_word

MANAGERS = {"objects", "_default_manager", "_base_manager"}
ALWAYS_A_WRITE = {
    "create",
    "acreate",
    "bulk_create",
    "abulk_create",
    "bulk_update",
    "abulk_update",
    "get_or_create",
    "aget_or_create",
    "update_or_create",
    "aupdate_or_create",
    "_raw_delete",
}
# With a positional argument these belong to files, caches, dictionaries and sets; the ORM's take keywords.
WRITE_WITHOUT_POSITIONAL = {"save", "asave", "delete", "adelete", "update", "aupdate"}
RAW_SQL = {"raw", "cursor", "RawSQL", "RunSQL", "extra"}  # whatever is executed needs a cursor first
SIGNALS = re.compile(r"(^|\.)signals$|^django\.dispatch")
OVERRIDES = {"save", "asave", "save_base", "delete", "adelete"}
FETCHERS = {"get_object_or_404", "aget_object_or_404", "get_list_or_404", "aget_list_or_404"}


def views_fetch_through_policies(project: Project) -> Iterator[Breach]:
    for module in project.layer("views"):
        for node in module.nodes:
            if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
                yield module.breach(
                    node, symbol=node.attr, text="a view fetches through policies.visible_…(user)"
                )
            if isinstance(node, ast.Call) and called(node) in FETCHERS and is_class(node.args[0]):
                text = "the whole table is no scope: start from policies.visible_…(user)"
                yield module.breach(node, symbol=called(node), text=text)


def is_class(node: ast.expr) -> bool:
    return last_word(node)[:1].isupper()


def services_write(project: Project) -> Iterator[Breach]:
    for module in (module for module in project.product if module.layer != "services"):
        for call in module.calls():
            if is_write(call):
                text = f".{called(call)}( writes; only services do"
                yield module.breach(call, symbol=called(call), text=text)


def is_write(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    if call.func.attr in ALWAYS_A_WRITE:
        return True
    if call.func.attr not in WRITE_WITHOUT_POSITIONAL or call.args:
        return False
    return call.func.attr not in {"update", "aupdate"} or bool(call.keywords)


def no_write_overrides(project: Project) -> Iterator[Breach]:
    for module in project.product:
        for node in module.classes():
            for child in node.body if node.bases else ():
                if isinstance(child, FUNCTIONS) and child.name in OVERRIDES:
                    text = "bulk writes walk past an override: use a service or a constraint"
                    yield module.breach(child, symbol=f"{node.name}.{child.name}", text=text)


def no_signals(project: Project) -> Iterator[Breach]:
    for module in project.product:
        for node in module.nodes:
            if isinstance(node, ast.ImportFrom) and SIGNALS.search(node.module or ""):
                yield module.breach(node, symbol=node.module or "", text="no signals: call the service")
            if isinstance(node, ast.ImportFrom) and any(alias.name == "signals" for alias in node.names):
                yield module.breach(node, symbol="signals", text="no signals: call the service")
            if isinstance(node, FUNCTIONS) and any(is_receiver(mark) for mark in node.decorator_list):
                yield module.breach(node, symbol=node.name, text="no signals: call the service")


def is_receiver(mark: ast.expr) -> bool:
    return last_word(mark.func if isinstance(mark, ast.Call) else mark) == "receiver"


def json_has_a_reason(project: Project) -> Iterator[Breach]:
    yield from without_reason(project, words={"JSONField"}, reason="# Reason for JSON:")


def sql_has_a_reason(project: Project) -> Iterator[Breach]:
    yield from without_reason(project, words=RAW_SQL, reason="# Reason for SQL:")


def without_reason(project: Project, *, words: set[str], reason: str) -> Iterator[Breach]:
    """Calls of `words`, migrations of our own hand included, that no comment directly above explains."""
    for module in (module for module in project.modules if module.is_product):
        mentioned = any(word in module.source for word in words)
        if not mentioned or (module.is_migration and words == {"JSONField"}):
            continue
        for statement in statements(module):
            for call in (node for node in own_nodes(statement) if isinstance(node, ast.Call)):
                if is_named(call, words) and not explained(module, call, statement=statement, reason=reason):
                    yield module.breach(
                        call, symbol=called(call), text=f"write `{reason} …` on the line above"
                    )


def is_named(call: ast.Call, words: set[str]) -> bool:
    """A class by any spelling; a lower-case word only as a method, because functions may share it."""
    return called(call) in words and (isinstance(call.func, ast.Attribute) or called(call)[0].isupper())


def statements(module: Module) -> Iterator[ast.stmt]:
    return (node for node in module.nodes if isinstance(node, ast.stmt))


def own_nodes(statement: ast.stmt) -> Iterator[ast.AST]:
    """The expressions of a statement itself, without those of statements inside it."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt))


def explained(module: Module, call: ast.Call, *, statement: ast.stmt, reason: str) -> bool:
    above = (module.comment_above(call.lineno), module.comment_above(statement.lineno))
    return any(reason in comment for comment in above)
