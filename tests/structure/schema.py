"""What models declare: keys that name their class, and a constraint for every closed list."""

import ast
from collections.abc import Iterator

from tests.structure.project import Breach, Project, called, keyword, last_word, text_of
from tests.structure.tables import NO_REVERSE_ACCESSOR

RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}


def relations_name_the_class(project: Project) -> Iterator[Breach]:
    for module in project.layer("models"):
        for call in module.calls():
            if called(call) not in RELATIONS:
                continue
            targets = [call.args[0] if call.args else keyword(call, "to"), keyword(call, "through")]
            for target in targets:
                if text_of(target) not in (None, "self"):
                    text = "name the imported class: a string hides the import"
                    yield module.breach(call, symbol=str(text_of(target)), text=text)


def confidential_rows_have_no_way_back(project: Project) -> Iterator[Breach]:
    for module in project.layer("models"):
        for call in module.calls():
            if module.app not in NO_REVERSE_ACCESSOR or called(call) not in RELATIONS:
                continue
            if text_of(keyword(call, "related_name")) != "+":
                yield module.breach(call, symbol=called(call), text='related_name="+" here: no second exit')


def choices_are_constrained(project: Project) -> Iterator[Breach]:
    for module in project.layer("models"):
        for model in module.classes():
            constrained = constrained_fields(model)
            for field, enum, node in choice_fields(model):
                if field not in constrained:
                    text = f"the database refuses unknown values: add one_of({field!r}, {enum})"
                    yield module.breach(node, symbol=f"{model.name}.{field}", text=text)
                elif constrained[field] not in (enum, ""):
                    text = f"choices come from {enum}, the constraint from {constrained[field]}"
                    yield module.breach(node, symbol=f"{model.name}.{field}", text=text)


def choice_fields(model: ast.ClassDef) -> Iterator[tuple[str, str, ast.stmt]]:
    """Fields of a model that declare `choices=`, with the name of the enum."""
    for node in model.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            choices = keyword(node.value, "choices")
            if choices is not None:
                yield last_word(node.targets[0]), enum_of(choices), node


def enum_of(choices: ast.expr) -> str:
    """`OrgKind` of both `OrgKind.choices()` and `OrgKind.choices`."""
    node = choices.func if isinstance(choices, ast.Call) else choices
    return last_word(node.value) if isinstance(node, ast.Attribute) else last_word(node)


def constrained_fields(model: ast.ClassDef) -> dict[str, str]:
    """Fields in `Meta.constraints` with the enum of their one_of ("" for a hand-written `field__in`)."""
    found: dict[str, str] = {}
    for meta in (node for node in model.body if isinstance(node, ast.ClassDef) and node.name == "Meta"):
        for call in (node for node in ast.walk(meta) if isinstance(node, ast.Call)):
            if called(call) == "one_of" and len(call.args) > 1:
                found[str(text_of(call.args[0]))] = last_word(call.args[1])
            for word in call.keywords:
                if called(call) == "Q" and (word.arg or "").endswith("__in"):
                    found[str(word.arg).removesuffix("__in")] = ""
    return found
