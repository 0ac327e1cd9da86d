from __future__ import annotations

import ast

from nonce_migrate.resolve.reading import read_names
from nonce_migrate.resolve.statements import imports_among, read_imports

TEXT = """
import top
if yes:
    from a import inside_an_if
def f():
    global made_global
    import local_name
    from b import x as made_global
    class C:
        import of_the_class
"""


def lines(nodes: list[ast.Import | ast.ImportFrom]) -> list[int]:
    return [node.lineno for node in nodes]


def test_imports_are_found_at_any_depth_in_their_order() -> None:
    assert lines(read_imports(ast.parse(TEXT)).every) == [2, 4, 7, 8, 10]


def test_an_import_in_a_function_counts_for_the_module_where_its_name_is_global() -> None:
    assert lines(read_imports(ast.parse(TEXT)).may_bind) == [2, 4, 8]


def test_without_a_global_statement_no_import_in_a_function_does() -> None:
    assert lines(read_imports(ast.parse(TEXT.replace("global made_global", "pass"))).may_bind) == [
        2,
        4,
    ]


def test_a_dotted_import_binds_its_first_part() -> None:
    text = "def f():\n    global a\n    import a.b.c\n"
    assert lines(read_imports(ast.parse(text)).may_bind) == [3]


def test_a_module_whose_names_were_read_has_the_same_imports() -> None:
    tree = ast.parse(TEXT)
    assert imports_among(read_names(tree)) == read_imports(tree)
