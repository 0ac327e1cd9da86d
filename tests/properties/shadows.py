"""Lines that bind or read a name $X for something of their own ($i: a number)."""

from __future__ import annotations

# What binds a name $X that the migration reads or would like to bind.
SHADOWS = (
    "def own_$i($X='own'):\n    return $X\nshow(own_$i())",
    "def own_$i(*, $X='own'):\n    return $X\nshow(own_$i($X=5))",
    "show((lambda $X: $X)(6))",
    "show([$X for $X in (7,)])",
    "show({$X: 1 for $X in (7,)})",
    "def own_$i():\n    $X = 'own'\n    show($X)\nown_$i()",
    "def own_$i():\n    $X = 'own'\n    def inner():\n        return $X\n"
    "    show(inner())\nown_$i()",
    "def own_$i():\n    show(2)\n    return $X\n    $X = 3\nguard(own_$i)",
    "def own_$i():\n    $X = 1\n    def inner():\n        nonlocal $X\n        $X = 2\n"
    "    inner()\n    show($X)\nown_$i()",
    "def own_$i():\n    for $X in (8,):\n        pass\n    show($X)\nown_$i()",
    "def own_$i():\n    try:\n        raise KeyError\n    except KeyError as $X:\n"
    "        show(len($X.args))\nown_$i()",
    "def own_$i():\n    import helper as $X\n    show($X.yes())\nown_$i()",
    "def own_$i():\n    def $X():\n        return 'own'\n    show($X())\nown_$i()",
    "def own_$i():\n    if ($X := 9):\n        show($X)\nown_$i()",
    "def own_$i():\n    match 3:\n        case $X:\n            show($X)\nown_$i()",
    "class Own_$i:\n    $X = 3\n    def read(self):\n        return self.$X\nshow(Own_$i().read())",
    "class Own_$i:\n    $X = 3\n    more = $X\nshow(Own_$i.more)",
    "class Own_$i:\n    def $X(self):\n        return 4\nshow(Own_$i().$X())",
    "show(dict($X=5))",
    "own_$i = Own()\nshow(own_$i.$X())",
    "guard(lambda: show(callable($X)))",
    "guard(lambda: show($X and 1))",
    "def own_$i():\n    global $X\n    $X = echo(None)\n    show($X)\nguard(own_$i)",
    "def own_$i():\n    global $X\n    del $X\nguard(own_$i)",
    "show('$X' in globals())",
    "guard(lambda: show(callable(globals()['$X'])))",
    "guard(lambda: show(eval('$X') and 1))",
)
# The same at the top of a module.
TOP_SHADOWS = (
    "$X = 'own'",
    "def $X(*given):\n    return 'own'",
    "class $X:\n    pass",
    "import helper as $X",
    "for $X in (1,):\n    pass",
    "try:\n    del $X\nexcept NameError:\n    show('no such name')",
    "try:\n    $X\nexcept NameError:\n    show('unbound')",
    "$X: int",
    "if not yes():\n    $X = None",
    "import builtins\nbuiltins.$X = echo",
    "$X = echo($X) if '$X' in globals() else 3",
)

# What reaches into another module ($D, as far_$i) for a name $N, and calls its function $F.
REACHES = (
    "with mock.patch('$D.$N', Own):\n    guard(far_$i.$F)\nguard(far_$i.$F)",
    "with mock.patch.object(far_$i, '$N', Own):\n    guard(far_$i.$F)",
    "with mock.patch.object(far_$i, '$N') as held_$i:\n    show(held_$i is far_$i.$N)",
    "with mock.patch.multiple('$D', $N=Own):\n    guard(far_$i.$F)",
    "with mock.patch.multiple(far_$i, $N=Own):\n    guard(far_$i.$F)",
    "with mock.patch.dict(vars(far_$i), $N=Own):\n    guard(far_$i.$F)",
    "with mock.patch.dict('$D.__dict__', {'$N': Own}):\n    guard(far_$i.$F)",
    "@mock.patch('$D.$N', new=Own)\ndef faked_$i():\n    guard(far_$i.$F)\nfaked_$i()",
    "@mock.patch('$D.$N')\ndef faked_$i(given):\n    show(given is far_$i.$N)\nfaked_$i()",
    "far_$i.$N = Own\nguard(far_$i.$F)",
    "setattr(far_$i, '$N', Own)\nguard(far_$i.$F)",
    "guard(lambda: show(hasattr(far_$i, '$N')))",
    "guard(lambda: show(callable(getattr(far_$i, '$N'))))",
    "guard(lambda: show(callable(vars(far_$i)['$N'])))",
    "guard(lambda: show(callable(far_$i.$N)))",
    "del far_$i.$N\nguard(far_$i.$F)",
    "def late_$i():\n    from $D import $N\n    show(callable($N))\nguard(late_$i)",
    "import sys\nguard(lambda: show(callable(sys.modules['$D'].$N)))",
    "from $D import *\nguard(lambda: show(callable($N)))",
)
