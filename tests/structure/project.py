"""The project as the checks see it: parsed modules, templates, and small questions about syntax."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PYTHON_FOLDERS = ("apps", "branchsys", "tests")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Breach:
    """One place that breaks one rule. `symbol` is what an exception in the table names."""

    path: str
    line: int
    symbol: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.symbol}: {self.text}"


@dataclass(frozen=True)
class Module:
    """One Python file; `path` is relative to the project and always written with slashes."""

    path: str
    source: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source, filename=self.path)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @cached_property
    def lines(self) -> list[str]:
        return self.source.splitlines()

    @property
    def name(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.path.removesuffix(".py").split("/"))

    @property
    def app(self) -> str:
        """The package that the import order ranks: `members`, or `branchsys` for the wiring."""
        return self.parts[1] if self.parts[0] == "apps" and len(self.parts) > 2 else self.parts[0]

    @property
    def inside(self) -> str:
        """The path below the app: `views_roll.py`, `models/agenda.py`, `management/commands/demo.py`."""
        return self.path.split("/", 2)[2] if self.parts[0] == "apps" and len(self.parts) > 2 else self.path

    @property
    def layer(self) -> str:
        """The word before the first underscore: `views_roll.py` and `views/roll.py` are views."""
        return self.inside.split("/")[0].removesuffix(".py").split("_")[0]

    @property
    def is_product(self) -> bool:
        return self.parts[0] in {"apps", "branchsys"}

    @property
    def is_migration(self) -> bool:
        return "migrations" in self.parts

    @property
    def is_test(self) -> bool:
        return self.parts[0] == "tests"

    @cached_property
    def functions(self) -> list[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef, bool]]:
        return list(functions(self.tree))

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in self.nodes if isinstance(node, ast.Call))

    def classes(self) -> Iterator[ast.ClassDef]:
        return (node for node in self.nodes if isinstance(node, ast.ClassDef))

    def breach(self, node: ast.AST | int, *, symbol: str, text: str) -> Breach:
        line = node if isinstance(node, int) else getattr(node, "lineno", 1)
        return Breach(self.path, line, symbol, text)

    def comment_above(self, line: int) -> str:
        """The block of comment lines directly above a line, as one text."""
        block = []
        for text in reversed(self.lines[: line - 1]):
            if not text.strip().startswith("#"):
                break
            block.append(text.strip())
        return "\n".join(block)


@dataclass(frozen=True)
class Page:
    """One template or static file of ours."""

    path: str
    source: str

    def line_of(self, position: int) -> int:
        return self.source.count("\n", 0, position) + 1


class Project:
    """Everything below a root that the structure rules speak about."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def modules(self) -> list[Module]:
        files = [path for folder in PYTHON_FOLDERS for path in sorted((self.root / folder).rglob("*.py"))]
        files += [path for path in sorted(self.root.glob("*.py")) if path.name in {"dev.py", "manage.py"}]
        return [Module(self.relative(path), path.read_text(encoding="utf-8")) for path in files]

    @property
    def product(self) -> list[Module]:
        """What ships, migrations left out."""
        return [module for module in self.modules if module.is_product and not module.is_migration]

    @property
    def apps(self) -> list[Module]:
        return [module for module in self.product if module.parts[0] == "apps"]

    def layer(self, *names: str) -> list[Module]:
        return [module for module in self.apps if module.layer in names]

    @cached_property
    def templates(self) -> list[Page]:
        return self._pages(self.root / "templates", "*.html") + self._pages(self.root / "templates", "*.txt")

    @cached_property
    def assets(self) -> list[Page]:
        found = self._pages(self.root / "static", "*.css") + self._pages(self.root / "static", "*.js")
        return [page for page in found if "/vendor/" not in page.path]

    def relative(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def _pages(self, folder: Path, pattern: str) -> list[Page]:
        return [
            Page(self.relative(path), path.read_text(encoding="utf-8"))
            for path in sorted(folder.rglob(pattern))
        ]


def called(call: ast.Call) -> str:
    """The last word of what is called: `save` for `meeting.save()`, `RawSQL` for `RawSQL(…)`."""
    return last_word(call.func)


def last_word(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((word.value for word in call.keywords if word.arg == name), None)


def text_of(node: ast.AST | None) -> str | None:
    """The value of a literal string, or None."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def functions(tree: ast.AST) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef, bool]]:
    """Every function with its dotted name and whether it is a method that takes self or cls."""
    yield from _functions(tree, prefix="", in_class=False)


def _functions(
    tree: ast.AST, *, prefix: str, in_class: bool
) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef, bool]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, FUNCTIONS):
            static = any(last_word(mark) == "staticmethod" for mark in node.decorator_list)
            yield prefix + node.name, node, in_class and not static
            yield from _functions(node, prefix=f"{prefix}{node.name}.", in_class=False)
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, prefix=f"{prefix}{node.name}.", in_class=True)
        else:
            yield from _functions(node, prefix=prefix, in_class=in_class)
