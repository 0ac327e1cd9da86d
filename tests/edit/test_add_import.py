"""Where a new import goes."""

from __future__ import annotations

import ast

import pytest

from nonce_migrate.edit.add_import import add_import
from nonce_migrate.edit.errors import EditError
from nonce_migrate.edit.import_statement import Imported
from nonce_migrate.edit.splice import splice
from nonce_migrate.source import Source, decode

NEW = "from pkg.new import make"


def added(code: str, as_name: str | None = None) -> str:
    """The code with the import for the statement that holds `use`."""
    source: Source = decode("x.py", code.encode())
    tree = source.tree
    (before,) = [n for n in tree.body if any(_is_use(child) for child in ast.walk(n))]
    return splice(
        source.text, [add_import(source, tree, before, Imported("pkg.new", "make", as_name))]
    )


def _is_use(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "use"


def test_behind_the_last_import() -> None:
    assert added("import a\nimport b\n\nuse\n") == f"import a\nimport b\n{NEW}\n\nuse\n"


def test_under_another_name() -> None:
    assert added("import a\nuse\n", "m") == f"import a\n{NEW} as m\nuse\n"


def test_not_behind_an_import_that_comes_later() -> None:
    assert added("import a\nuse\nimport b\n") == f"import a\n{NEW}\nuse\nimport b\n"


def test_behind_a_bracketed_import_and_its_comment() -> None:
    code = "from a import (  # why\n    b,\n    c,\n)  # end\nuse\n"
    assert added(code) == code.replace("use", f"{NEW}\nuse")


def test_behind_what_shares_the_line() -> None:
    code = "import a; x = [\n    1,\n]\nuse\n"
    assert added(code) == code.replace("use", f"{NEW}\nuse")


def test_the_line_of_the_use_itself() -> None:
    assert added("import a; use\n") == f"{NEW}\nimport a; use\n"


def test_behind_docstring_and_future_imports() -> None:
    code = '"""Doc."""\nfrom __future__ import annotations\n\n\ndef f():\n    use\n'
    assert added(code) == code.replace("annotations\n", f"annotations\n{NEW}\n")


def test_behind_the_docstring() -> None:
    assert added('"""Doc.\n\nMore."""\nx = 1\nuse\n') == f'"""Doc.\n\nMore."""\n{NEW}\nx = 1\nuse\n'


def test_in_front_of_the_first_statement() -> None:
    code = "#!/usr/bin/env python\n# -*- coding: latin-1 -*-\n\n@use\ndef f(): pass\n"
    assert added(code) == code.replace("@use", f"{NEW}\n@use")


def test_behind_what_changes_the_search_path() -> None:
    code = "import sys\nsys.path.insert(0, 'src')\n\nuse\n"
    assert added(code) == code.replace("'src')\n", f"'src')\n{NEW}\n")


def test_behind_an_import_with_a_fallback() -> None:
    code = "import a\ntry:\n    import b\nexcept ImportError:\n    b = None\nuse\n"
    assert added(code) == code.replace("use", f"{NEW}\nuse")


def test_not_inside_or_behind_type_checking() -> None:
    code = "import a\nif TYPE_CHECKING:\n    import b\nuse\n"
    assert added(code) == code.replace("import a\n", f"import a\n{NEW}\n")


def test_not_behind_an_import_inside_a_function() -> None:
    code = "import a\ndef f():\n    import b\nuse\n"
    assert added(code) == code.replace("import a\n", f"import a\n{NEW}\n")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_ends_of_the_file(newline: str) -> None:
    code = "import a\nuse\n".replace("\n", newline)
    assert added(code) == f"import a\n{NEW}\nuse\n".replace("\n", newline)


def test_a_file_without_a_final_line_end() -> None:
    assert added("import a\nuse") == f"import a\n{NEW}\nuse"


def test_no_line_behind_a_future_import() -> None:
    with pytest.raises(EditError):
        added("from __future__ import annotations; use\n")


def test_no_line_behind_a_docstring() -> None:
    with pytest.raises(EditError):
        added('"""Doc."""; use\n')
