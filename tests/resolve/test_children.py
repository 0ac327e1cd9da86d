from __future__ import annotations

import ast

from nonce_migrate.resolve.children import CHILDREN
from nonce_migrate.resolve.reading import read_names

EVERY_KIND = """
import a
from b import c as d
@decorated
def f(x: int, /, y=1, *args: str, z=None, w, **named) -> None:
    global g
    del x[1:2:3], y.z
    return await x
async def h():
    nonlocal_ = 1
    def inner():
        nonlocal nonlocal_
        yield
        yield from x
    async for i in x: pass
    async with x as y: continue_
class K(Base, metaclass=Meta):
    n: int = 1
    m: str
for i, j in x:
    break
else:
    continue_
while not x: continue
if a < b <= c and d or e: pass
elif (n := 1): pass
with open(x) as y, z: pass
try: raise E from e
except (A, B) as error: pass
else: assert x, "message"
finally: x += 1
try: raise
except* A: pass
match x:
    case {"k": 1, **rest} if y: pass
    case [1, None, *others] | C(a, b=c) as whole: pass
    case _: pass
x = y = (lambda q=1: q) if z else f"{x!r:>{w}} text"
[e for e in x if e if not e], {e for e in x}, {k: v for k, v in x}, (e for e in x)
{**x, "a": 1}, {1, 2}, [*x], -x @ y
"""
_SAME_ALL_OVER = (ast.expr_context, ast.operator, ast.cmpop, ast.unaryop, ast.boolop)
# Read by what opens their scope, or by their statement.
_READ_APART = (ast.comprehension, ast.arguments, ast.arg, ast.alias)


def nodes_of(text: str) -> list[ast.AST]:
    walked = [n for n in ast.walk(ast.parse(text)) if not isinstance(n, _SAME_ALL_OVER)]
    return [n for n in walked if not isinstance(n, (ast.Module, *_READ_APART))]


def parts(node: ast.AST) -> list[ast.AST]:
    children = ast.iter_child_nodes(node)
    return [c for c in children if not isinstance(c, (*_SAME_ALL_OVER, ast.alias))]


def test_a_walk_goes_on_to_every_part_of_a_node_in_its_order() -> None:
    for node in nodes_of(EVERY_KIND):
        children = CHILDREN[type(node)]
        if children is not None:
            assert [c for c in children(node) if c is not None] == parts(node)


def test_the_text_above_holds_every_kind_of_statement_expression_and_pattern() -> None:
    kinds = (ast.stmt, ast.expr, ast.pattern, ast.excepthandler, ast.match_case, ast.withitem)
    every = {k for base in kinds for k in (base, *base.__subclasses__()) if k.__module__ == "ast"}
    held = {type(node) for node in nodes_of(EVERY_KIND)}
    newer = {"TypeAlias", "TemplateStr", "Interpolation"}
    missing = {k.__name__ for k in every - held - set(kinds[:4])} - newer
    assert missing == set()


def test_the_walk_over_scopes_comes_to_every_node() -> None:
    tree = ast.parse(EVERY_KIND)
    names = read_names(tree)
    walked = [n for n in ast.walk(tree) if not isinstance(n, (*_SAME_ALL_OVER, ast.Module))]
    missing = [n for n in walked if n not in names.parents and not isinstance(n, ast.arguments)]
    assert missing == []


def test_a_kind_that_a_later_python_adds_is_gone_into_by_its_fields() -> None:
    class Newer(ast.BinOp):
        pass

    node = Newer(ast.Name("x", ast.Load()), ast.Add(), ast.Name("y", ast.Load()))
    children = CHILDREN[Newer]
    assert children is not None
    assert children(node) == [node.left, node.right]
