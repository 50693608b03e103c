"""Small bugs, made in a module's text: one replaced stretch each, found by the module's syntax tree. Says nothing of tests.

===========  ===========================================================================================
kind         what is done
===========  ===========================================================================================
compare      ``<`` to ``<=`` and to ``>=``, ``==`` to ``!=``, ``is`` and ``in`` to their opposites
logic        ``and`` to ``or`` and back, one side of either left out
condition    ``not`` taken away or put in; the guard of a case left out
constant     a number one more or one less, a truth turned round
sibling      a member of an enum for the next one of the same enum
arithmetic   ``+`` for ``-``, ``*`` for ``//``, ``max`` for ``min``, the sign lost
deleted      a statement left out, an argument of a call or a part of a tuple left out, a case that never holds
swapped      two statements that stand one after the other in the other order
returned     None instead of what was returned
===========  ===========================================================================================
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

ORDERS: Final[Mapping[type[ast.cmpop], tuple[str, ...]]] = {
    ast.Lt: ("<=", ">="),
    ast.LtE: ("<", ">"),
    ast.Gt: (">=", "<="),
    ast.GtE: (">", "<"),
    ast.Eq: ("!=",),
    ast.NotEq: ("==",),
    ast.Is: ("is not",),
    ast.IsNot: ("is",),
    ast.In: ("not in",),
    ast.NotIn: ("in",),
}
OPERATORS: Final[Mapping[type[ast.operator], str]] = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "//",
    ast.Div: "*",
    ast.FloorDiv: "*",
    ast.Mod: "*",
    ast.LShift: ">>",
    ast.RShift: "<<",
    ast.BitAnd: "|",
    ast.BitOr: "&",
    ast.BitXor: "&",
}
ENUMS: Final = {"Enum", "StrEnum", "IntEnum"}
Statement = ast.Expr | ast.Assign | ast.AugAssign | ast.Raise | ast.Return | ast.If | ast.Delete
Siblings = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Mutant:
    """``old``, at this byte of the file, becomes ``new``."""

    path: str
    at: int
    line: int
    old: str
    new: str
    kind: str

    def applied(self, text: bytes) -> bytes:
        old = self.old.encode()
        assert text[self.at : self.at + len(old)] == old
        return text[: self.at] + self.new.encode() + text[self.at + len(old) :]

    def __str__(self) -> str:
        old, new = (" ".join(text.split()) or "nothing" for text in (self.old, self.new))
        return f"{self.path}:{self.line} {self.kind}: {old[:90]} -> {new[:90]}"


def siblings(root: Path, packages: Sequence[str]) -> Siblings:
    """The members of every enum in these packages, by the enum's name."""
    found: dict[str, list[str]] = {}
    for package in packages:
        for path in (root / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_bytes())):
                if isinstance(node, ast.ClassDef) and {base.id for base in node.bases if isinstance(base, ast.Name)} & ENUMS:
                    targets = (one.targets[0] for one in node.body if isinstance(one, ast.Assign))
                    found[node.name] = [target.id for target in targets if isinstance(target, ast.Name)]
    return found


def mutants(path: str, text: bytes, enums: Siblings) -> list[Mutant]:
    """All that this module offers and that can still be parsed, in the order of the text."""
    source = _Source(path, text)
    made = {mutant: None for node in _code(ast.parse(text)) for mutant in _of(node, source, enums) if mutant.old != mutant.new}
    return sorted((mutant for mutant in made if _parses(mutant.applied(text))), key=lambda mutant: (mutant.at, mutant.new))


def _parses(text: bytes) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


class _Source:
    """A module's text, in which nodes are found again."""

    def __init__(self, path: str, text: bytes) -> None:
        self._path = path
        self._text = text
        self._starts = [0]
        for line in text.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def span(self, node: ast.expr | ast.stmt | ast.pattern) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._starts[node.lineno - 1] + node.col_offset, self._starts[node.end_lineno - 1] + node.end_col_offset

    def of(self, node: ast.expr | ast.stmt | ast.pattern) -> str:
        return self.between(*self.span(node))

    def between(self, start: int, end: int) -> str:
        return self._text[start:end].decode()

    def change(self, kind: str, start: int, end: int, new: str) -> Mutant:
        line = 1 + self._text.count(b"\n", 0, start)
        return Mutant(self._path, start, line, self.between(start, end), new, kind)

    def replaced(self, kind: str, node: ast.expr | ast.stmt | ast.pattern, new: str) -> Mutant:
        return self.change(kind, *self.span(node), new)


def _code(node: ast.AST) -> Iterator[ast.AST]:
    """Every node that runs: no annotation, decorator, import, protocol or what only a type checker reads."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return
    if isinstance(node, ast.ClassDef) and any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases):
        return
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return
    yield node
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "type_params"}:
            continue
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, ast.AST):
                yield from _code(inner)


def _of(node: ast.AST, source: _Source, enums: Siblings) -> Iterator[Mutant]:
    yield from _of_operators(node, source)
    yield from _of_values(node, source, enums)
    match node:
        case ast.If(test) | ast.IfExp(test) | ast.While(test) if not isinstance(test, ast.UnaryOp | ast.Constant):
            yield source.replaced("condition", test, f"(not ({source.of(test)}))")
        case ast.Call(_, arguments, keywords):
            yield from _arguments(arguments, keywords, source)
        case ast.Tuple(parts, ast.Load()) | ast.List(parts, ast.Load()) if len(parts) > 1:
            yield from _without_one(parts, source)
        case ast.match_case(pattern, guard):
            yield from _case(pattern, guard, source)
        case _:
            pass
    if not isinstance(node, ast.ClassDef | ast.Module | ast.expr):
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, [])
            if isinstance(body, list):
                yield from _statements(body, source)


def _of_operators(node: ast.AST, source: _Source) -> Iterator[Mutant]:
    match node:
        case ast.Compare(left, [operator], [right]):
            between = source.span(left)[1], source.span(right)[0]
            for new in ORDERS[type(operator)]:
                yield source.change("compare", *between, _in_place(source.between(*between), new))
        case ast.BinOp(left, operator, right) if type(operator) in OPERATORS:
            between = source.span(left)[1], source.span(right)[0]
            yield source.change("arithmetic", *between, _in_place(source.between(*between), OPERATORS[type(operator)]))
        case ast.BoolOp(operator, values):
            yield from _logic(operator, values, source)
        case ast.UnaryOp(ast.Not(), inner):
            yield source.replaced("condition", node, source.of(inner))
        case ast.UnaryOp(ast.USub(), inner):
            yield source.replaced("arithmetic", node, source.of(inner))
        case _:
            return


def _of_values(node: ast.AST, source: _Source, enums: Siblings) -> Iterator[Mutant]:
    match node:
        case ast.Constant(bool() as value):
            yield source.replaced("constant", node, str(not value))
        case ast.Constant(int() | float() as value):
            yield source.replaced("constant", node, repr(value + 1))
            yield source.replaced("constant", node, f"({value - 1!r})")
        case ast.Attribute(ast.Name(name), member) if member in enums.get(name, ()):
            members = enums[name]
            yield source.replaced("sibling", node, f"{name}.{members[(members.index(member) + 1) % len(members)]}")
        case ast.Name("max" | "min" as name, ast.Load()):
            yield source.replaced("arithmetic", node, "min" if name == "max" else "max")
        case _:
            return


def _in_place(between: str, operator: str) -> str:
    """The other operator where the old one stood, brackets and line breaks beside it kept."""
    old = between.strip(" ()\n")
    return between.replace(old, operator, 1)


def _logic(operator: ast.boolop, values: Sequence[ast.expr], source: _Source) -> Iterator[Mutant]:
    old, new = ("and", "or") if isinstance(operator, ast.And) else ("or", "and")
    for left, right in pairwise(values):
        start, end = source.span(left)[1], source.span(right)[0]
        yield source.change("logic", start, end, source.between(start, end).replace(old, new, 1))
        yield source.change("logic", source.span(left)[0], end, "")
        yield source.change("logic", start, source.span(right)[1], "")


def _arguments(arguments: Sequence[ast.expr], keywords: Sequence[ast.keyword], source: _Source) -> Iterator[Mutant]:
    parts = [(*source.span(one), True) for one in arguments]
    parts += [(source.span(one.value)[0] - len(f"{one.arg}="), source.span(one.value)[1], False) for one in keywords if one.arg]
    for before, (start, end, positional) in zip([None, *parts], parts, strict=False):
        if before is not None:
            yield source.change("deleted", before[1], end, "")
        elif not positional and len(parts) == 1:
            yield source.change("deleted", start, end, "")


def _without_one(parts: Sequence[ast.expr], source: _Source) -> Iterator[Mutant]:
    for left, right in pairwise(parts):
        yield source.change("deleted", source.span(left)[0], source.span(right)[0], "")
        yield source.change("deleted", source.span(left)[1], source.span(right)[1], "")


def _case(pattern: ast.pattern, guard: ast.expr | None, source: _Source) -> Iterator[Mutant]:
    end = source.span(pattern)[1]
    if guard is None:
        yield source.change("deleted", end, end, " if False")
    else:
        yield source.change("condition", end, source.span(guard)[1], "")
        yield source.replaced("deleted", guard, "False")
    if isinstance(pattern, ast.MatchOr):
        for left, right in zip(pattern.patterns, pattern.patterns[1:], strict=False):
            yield source.change("deleted", source.span(left)[1], source.span(right)[1], "")
            yield source.change("deleted", source.span(left)[0], source.span(right)[0], "")


def _statements(body: Sequence[ast.stmt], source: _Source) -> Iterator[Mutant]:
    """Not where a name would be missing: any test would notice that."""
    for one in body:
        if isinstance(one, ast.Return) and one.value is not None and one is body[-1]:
            yield source.replaced("returned", one, "return None")
        elif isinstance(one, Statement) and not _says_only(one) and not (_named(one) and _named(one) not in _used(one)):
            yield source.replaced("deleted", one, "pass")
    for first, second in pairwise(body):
        movable = all(isinstance(one, ast.Expr | ast.Assign | ast.AugAssign) and not _says_only(one) for one in (first, second))
        if movable and _named(first) not in _used(second):
            start, end = source.span(first)[0], source.span(second)[1]
            between = source.between(source.span(first)[1], source.span(second)[0])
            yield source.change("swapped", start, end, source.of(second) + between + source.of(first))


def _named(statement: ast.stmt) -> str:
    """The variable that gets a value here."""
    match statement:
        case ast.Assign([ast.Name(name)]) | ast.Assign([ast.Tuple([*_, ast.Name(name)])]):
            return name
        case _:
            return ""


def _used(statement: ast.stmt) -> set[str]:
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _says_only(statement: ast.stmt) -> bool:
    """A docstring, ``...``, or what only a type checker looks at."""
    if not isinstance(statement, ast.Expr):
        return False
    value = statement.value
    called = value.func.id if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) else ""
    return isinstance(value, ast.Constant) or called == "assert_never"
