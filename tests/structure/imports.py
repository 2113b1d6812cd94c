"""Who may import whom: between apps, inside an app, and by no hidden path."""

import ast
import re
import sys
from collections.abc import Iterator

from tests.structure.project import Breach, Module, Project, called
from tests.structure.tables import (
    DOMAIN_MODULES,
    FREE_NAMES,
    LAYERS,
    LEDGER_MAY_USE,
    LEVEL,
    WIRING,
)

HIDDEN = {"import_module", "import_string", "__import__", "get_model"}
DOMAIN_WORDS = ("支部", "党员", "党委", "党总支", "党小组", "书记", "组织生活")


def imported(module: Module, known: set[str]) -> Iterator[tuple[ast.AST, str]]:
    """Every import at any depth, with the dotted name of the module that it reaches."""
    for node in module.nodes:
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            for alias in node.names:
                deeper = f"{node.module}.{alias.name}"
                yield node, deeper if deeper in known else node.module


def known_names(project: Project) -> set[str]:
    return {module.name for module in project.modules}


def package_of(target: str) -> str | None:
    """The ranked package that a dotted name belongs to; None for anything that is not ours."""
    words = target.split(".")
    if words[0] == "apps" and len(words) > 1:
        return words[1]
    return "branchsys" if words[0] == "branchsys" else None


def import_order(project: Project) -> Iterator[Breach]:
    known = known_names(project)
    for module in (module for module in project.modules if module.is_product):
        if module.app not in LEVEL:
            if module.app != "apps":
                yield module.breach(1, symbol=module.app, text="this app has no place in the import order")
            continue
        for node, target in imported(module, known):
            package = package_of(target)
            if package in (None, module.app):
                continue
            if LEVEL.get(package, len(LEVEL)) >= LEVEL[module.app]:
                text = f"{module.app} may not import {package}: it stands beside or above"
                yield module.breach(node, symbol=target, text=text)


def absolute_imports(project: Project) -> Iterator[Breach]:
    for module in project.modules:
        for node in module.nodes:
            if isinstance(node, ast.ImportFrom) and node.level > 0:
                yield module.breach(node, symbol=node.module or ".", text="imports are absolute")


def hidden_imports(project: Project) -> Iterator[Breach]:
    for module in project.apps:
        for call in module.calls():
            if called(call) in HIDDEN:
                text = "an import by name hides from the import order"
                yield module.breach(call, symbol=called(call), text=text)


def rules_are_pure(project: Project) -> Iterator[Breach]:
    known = known_names(project)
    for module in (module for module in project.apps if module.app == "rules"):
        for node, target in imported(module, known):
            first = target.split(".")[0]
            if package_of(target) != "rules" and first not in sys.stdlib_module_names:
                text = "rules know the standard library and nothing else"
                yield module.breach(node, symbol=target, text=text)


def is_facts(target: str) -> bool:
    """`apps.x.facts`, or one of its family: `apps.x.facts_year`."""
    return re.fullmatch(r"facts(_\w+)?", "".join(target.split(".")[2:3])) is not None


def ledger_reads_facts(project: Project) -> Iterator[Breach]:
    known = known_names(project)
    for module in (module for module in project.apps if module.app == "ledger"):
        for node, target in imported(module, known):
            if package_of(target) in (None, "ledger") or is_facts(target):
                continue
            if not any(f"{target}.".startswith(f"{allowed}.") for allowed in LEDGER_MAY_USE):
                text = "ledger reads other apps through their facts only"
                yield module.breach(node, symbol=target, text=text)


def talks_have_one_exit(project: Project) -> Iterator[Breach]:
    known = known_names(project)
    for module in (module for module in project.apps if module.app != "talks"):
        for node, target in imported(module, known):
            one_exit = module.app == "ledger" and target == "apps.talks.facts"
            if package_of(target) == "talks" and not one_exit:
                yield module.breach(node, symbol=target, text="talks leave by ledger ← talks.facts only")


def ui_knows_no_domain_word(project: Project) -> Iterator[Breach]:
    sources = [(module.path, module.source) for module in project.apps if module.app == "ui"]
    sources += [
        (page.path, page.source) for page in project.templates if page.path.startswith("templates/ui/")
    ]
    for path, source in sources:
        for number, line in enumerate(source.splitlines(), start=1):
            for word in (word for word in DOMAIN_WORDS if word in line):
                yield Breach(path, number, word, "ui shows things without knowing what they mean")


def module_names(project: Project) -> Iterator[Breach]:
    for module in project.apps:
        if module.app in FREE_NAMES or module.parts[-1] == "__init__":
            continue
        if (
            module.layer not in {*LAYERS, *WIRING} - {"base", "wiring"}
            and module_key(module) not in DOMAIN_MODULES
        ):
            text = "not one of the usual module names, nor in DOMAIN_MODULES with a reason"
            yield module.breach(1, symbol=module.parts[-1], text=text)


def module_key(module: Module) -> str:
    return f"{module.app}/{module.inside}"


def layer_of(module: Module) -> str | None:
    """The layer of a module inside its app; None where layers do not apply."""
    if module.app in FREE_NAMES or (module.parts[-1] == "__init__" and len(module.parts) == 3):
        return None
    if module_key(module) in DOMAIN_MODULES:
        return DOMAIN_MODULES[module_key(module)][0]
    if module.layer in WIRING:
        return "wiring"
    return module.layer if module.layer in LAYERS else None


def layers_point_down(project: Project) -> Iterator[Breach]:
    by_name = {module.name: module for module in project.apps}
    for module in project.apps:
        own = layer_of(module)
        for node, target in imported(module, set(by_name)):
            other = by_name.get(target)
            if own is None or other is None or other.app != module.app or layer_of(other) is None:
                continue
            if same_family(module, other) or LAYERS.index(layer_of(other)) < LAYERS.index(own):
                continue
            text = f"inside an app imports point down: {own} may not use {layer_of(other)}"
            yield module.breach(node, symbol=target, text=text)


def same_family(one: Module, other: Module) -> bool:
    return layer_of(one) == layer_of(other)


def no_circles(project: Project) -> Iterator[Breach]:
    """Module by module, so that two domain modules of one layer cannot lean on each other either."""
    modules = {module.name: module for module in project.modules if not module.is_test}
    uses = {
        name: {target for _, target in imported(module, set(modules)) if target in modules and target != name}
        for name, module in modules.items()
    }
    done: set[str] = set()
    for name in modules:
        for circle in circles_from(name, uses, done):
            yield modules[circle[0]].breach(1, symbol=circle[0], text="circle " + " → ".join(circle))


def circles_from(start: str, uses: dict[str, set[str]], done: set[str]) -> Iterator[list[str]]:
    """Circles met on a depth-first walk from `start`; `done` collects what needs no second visit."""
    if start in done:
        return
    trail, stack = [start], [iter(sorted(uses[start]))]
    while stack:
        target = next(stack[-1], None)
        if target is None:
            stack.pop()
            done.add(trail.pop())
        elif target in trail:
            yield [*trail[trail.index(target) :], target]
        elif target not in done:
            trail.append(target)
            stack.append(iter(sorted(uses[target])))
