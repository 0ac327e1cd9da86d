"""How a manager gets from the call that makes it ($C) to where it is used."""

from __future__ import annotations

# How a manager gets from its call $C to the expression $M: (lines before, $M).
HOLDERS = (
    ("", "$C"),
    ("", "$C"),
    ("box_$i = $C", "box_$i"),
    ("box_$i: '$N' = $C", "box_$i"),
    ("box_$i = other_$i = $C", "other_$i"),
    ("box_$i, other_$i = $C, 1", "box_$i"),
    ("box_$i = None\nbox_$i = box_$i or $C", "box_$i"),
    ("box_$i = $C if yes() else None", "box_$i"),
    ("box_$i = Own()\nif yes():\n    box_$i = $C", "box_$i"),
    ("(box_$i := $C)", "box_$i"),
    ("make_$i = lambda: $C", "make_$i()"),
    ("def make_$i():\n    return $C", "make_$i()"),
    ("def make_$i(given=$C):\n    return given", "make_$i()"),
    ("def make_$i():\n    yield $C", "next(make_$i())"),
    ("held_$i = {'m': $C}", "held_$i['m']"),
    ("held_$i = [$C for _ in range(1)]", "held_$i[0]"),
    ("", "[$C][0]"),
    ("", "echo($C)"),
    ("class Bot_$i:\n    box = $C", "Bot_$i.box"),
    ("class Bot_$i:\n    def __init__(self):\n        self.box = $C", "Bot_$i().box"),
    ("class Bot_$i:\n    @property\n    def box(self):\n        return $C", "Bot_$i().box"),
    (
        "class Base_$i:\n    box = None\nclass Bot_$i(Base_$i):\n"
        "    def __init__(self):\n        self.box = $C",
        "Bot_$i().box",
    ),
    ("class Bot_$i:\n    pass\nbot_$i = Bot_$i()\nbot_$i.box = $C", "bot_$i.box"),
    ("for box_$i in [$C]:\n    pass", "box_$i"),
    ("for box_$i in ($C,):\n    pass", "box_$i"),
    ("try:\n    box_$i = $C\nexcept ZeroDivisionError:\n    box_$i = None", "box_$i"),
    ("setattr(echo, 'box', $C)", "echo.box"),
    ("global shared_$i\nshared_$i = $C", "shared_$i"),
    ("def make_$i():\n    return $C\nmore_$i = make_$i", "more_$i()"),
    ("def make_$i():\n    return $C", "functools.partial(make_$i)()"),
    ("def make_$i():\n    return $C", "{'make': make_$i}['make']()"),
    ("def make_$i(given):\n    return $C\n@make_$i\ndef box_$i():\n    pass", "box_$i"),
    ("class Bot_$i:\n    def __call__(self):\n        return $C", "Bot_$i()()"),
    ("class Bot_$i:\n    def __getitem__(self, key):\n        return $C", "Bot_$i()[0]"),
    ("class Bot_$i:\n    def __getattr__(self, name):\n        return $C", "Bot_$i().any"),
    (
        "class Bot_$i:\n    @property\n    def box(self):\n        return self.inner\n"
        "    @box.setter\n    def box(self, given):\n        self.inner = given\n"
        "bot_$i = Bot_$i()\nbot_$i.box = $C",
        "bot_$i.box",
    ),
    ("import helper as helper_$i\nhelper_$i.box = $C", "helper_$i.box"),
)

# What takes a manager $C and uses it in there: the lines of the use go to `$U`, with $M set.
RECEIVERS = (
    ("def take_$i(given):\n    $U\ntake_$i($C)", "given"),
    ("def take_$i(given: $N):\n    $U\ntake_$i($C)", "given"),
    ('def take_$i(given: "$N | None" = None):\n    $U\ntake_$i($C)', "given"),
    ('def take_$i(given: "$N | None" = None):\n    $U\ntake_$i(Own())\ntake_$i($C)', "given"),
    ("def take_$i(given=$C):\n    $U\ntake_$i()", "given"),
    ("def take_$i(*given):\n    $U\ntake_$i($C)", "given[0]"),
    ("def take_$i(**given):\n    $U\ntake_$i(m=$C)", "given['m']"),
    ("(lambda: guard(lambda given: show(given), 1))()\n$U", "$C"),
    ("def outer_$i():\n    box = $C\n    def inner():\n        $U\n    inner()\nouter_$i()", "box"),
    (
        "def outer_$i():\n    box = None\n    def inner():\n        nonlocal box\n"
        "        box = $C\n    inner()\n    $U\nouter_$i()",
        "box",
    ),
    (
        "def outer_$i():\n    box = None\n    def middle():\n        def inner():\n"
        "            nonlocal box\n            box = $C\n        inner()\n    middle()\n"
        "    $U\nouter_$i()",
        "box",
    ),
    ("def take_$i(make):\n    $U\ntake_$i(lambda: $C)", "make()"),
    (
        "def made_$i():\n    return $C\ndef take_$i(make):\n    $U\ntake_$i(made_$i)",
        "make()",
    ),
    (
        "class Bot_$i:\n    def __enter__(self):\n        return $C\n"
        "    def __exit__(self, *given):\n        pass\nwith Bot_$i() as box_$i:\n    $U",
        "box_$i",
    ),
    (
        "class Bot_$i:\n    def __init__(self, given):\n        self.box = given\n"
        "    def run(self):\n        $U\nBot_$i($C).run()",
        "self.box",
    ),
    (
        "class Bot_$i:\n    def __init__(self):\n        self.box = $C\n"
        "    def run(self):\n        $U\nBot_$i().run()",
        "self.box",
    ),
    (
        "class Bot_$i:\n    box = $C\n    def run(self):\n        $U\n"
        "class More_$i(Bot_$i):\n    box = Own()\nBot_$i().run()\nMore_$i().run()",
        "self.box",
    ),
    (
        "class Bot_$i:\n    def __init__(self):\n        self.box = $C\n"
        "class More_$i(Bot_$i):\n    def run(self):\n        $U\nMore_$i().run()",
        "self.box",
    ),
    (
        "class Bot_$i:\n    box = None\n    @classmethod\n    def run(cls):\n"
        "        cls.box = $C\n        $U\nBot_$i.run()",
        "cls.box",
    ),
    ("async def run_$i():\n    box = $C\n    $U\nasyncio.run(run_$i())", "box"),
    ("box_$i = $C\nif isinstance(box_$i, $N):\n    $U", "box_$i"),
    ("box_$i = $C\nmatch box_$i:\n    case other_$i:\n        $U", "other_$i"),
    ("box_$i = $C\ndel box_$i\nbox_$i = Own()\n$U", "box_$i"),
    ("while True:\n    box_$i = $C\n    $U\n    break", "box_$i"),
)
