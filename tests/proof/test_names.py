from __future__ import annotations

import pytest

from nonce_migrate.proof.module import Module
from nonce_migrate.proof.names import name_problems, unbound_problems


def problems(before: str, after: str) -> list[str]:
    old, new = Module("x.py", before), Module("x.py", after)
    return [*name_problems(old, new), *unbound_problems(old, new)]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("from a import Old\nOld()\n", "from b import New\nOld()\n", "would use Old"),
        (
            "from a import Old\ndef f():\n    return Old\n",
            "from b import New\ndef f():\n    return Old\n",
            "would use Old",
        ),
        (
            "import a\nclass C:\n    def f(self):\n        return a.x\n",
            "import b\nclass C:\n    def f(self):\n        return a.x\n",
            "would use a,",
        ),
        (
            "from a import Old\n__all__ = ['Old']\n",
            "from b import New\n__all__ = ['Old']\n",
            "would list Old in __all__",
        ),
        ("from a import X, Y\n", "from b import New as X, Other as X\n", "import two things as X"),
        ("from a import X\nfrom b import Y\n", "from c import X, X\n", "the same twice"),
        (
            "match 1:\n    case 1:\n        from a import X\n",
            "match 1:\n    case 1:\n        from b import New as X, Other as X\n",
            "import two things as X",
        ),
    ],
)
def test_what_would_be_wrong_is_seen(before: str, after: str, said: str) -> None:
    found = problems(before, after)
    assert len(found) == 1 and said in found[0]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from a import Old\nOld()\n", "from b import New\nNew()\n"),
        ("print(gone)\n", "print(gone)\n"),
        ("from a import Old\nOld()\n", "from b import *\nOld()\n"),
        ("import a.b\nimport a.c\n", "import a.b\nimport a.c\n"),
        ("from a import X\nfrom b import Y\n", "from c import N\nfrom d import N\n"),
        ("def f():\n    global X\n    X = 1\nX\n", "def f():\n    global X\n    X = 1\nX\n"),
        ("from a import Old\ndel Old\n", "from b import New\ndel New\n"),
        ("def __getattr__(n): ...\nOld\n", "def __getattr__(n): ...\nNew\n"),
        (
            "try:\n    import a\nexcept E:\n    a = 1\n",
            "try:\n    import a\nexcept E:\n    a = 1\n",
        ),
    ],
)
def test_what_is_right_or_was_wrong_before_is_let_through(before: str, after: str) -> None:
    assert problems(before, after) == []
