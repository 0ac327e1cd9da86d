"""How a manager ($C) is given to what uses it: constructors, callers, containers, subclasses.

Half of the forms hold a trap: something else is given, put in or set as well.
"""

from __future__ import annotations

_BOT = (
    "class Bot_$i:\n    def __init__(self, given=None):\n        self.box = given\n"
    "    def run(self):\n        $U\n"
)
_TAKE = "def take_$i(given):\n    $U\n"

# (lines before, the expression for the manager)
HOLDERS = (
    ("held_$i = {'m': $C}\nheld_$i['n'] = $C", "held_$i['n']"),
    ("held_$i = []\nheld_$i.append($C)", "held_$i[-1]"),
    ("held_$i = [Own()]\nheld_$i.insert(0, $C)", "held_$i[0]"),
    ("held_$i = [Own()]\nheld_$i.insert(0, $C)", "held_$i[1]"),
    ("held_$i = {'m': $C}\nmore_$i = held_$i\nmore_$i['m'] = Own()", "held_$i['m']"),
    ("held_$i = {'m': $C}\nheld_$i.update(m=Own())", "held_$i['m']"),
    ("held_$i = [$C]\nheld_$i += [Own()]", "held_$i[-1]"),
    ("held_$i = dict(m=$C)", "held_$i['m']"),
    ("held_$i = {}", "held_$i.setdefault('m', $C)"),
    ("held_$i = {'m': $C}", "held_$i.get('m')"),
    ("held_$i = {'m': $C}", "held_$i.get('n', Own())"),
    ("held_$i = {'m': $C}", "list(held_$i.values())[0]"),
    ("held_$i = {'m': [$C]}", "held_$i['m'][0]"),
    ("held_$i = [$C, Own()]\nheld_$i.reverse()", "held_$i[0]"),
    ("for number_$i, box_$i in enumerate([$C]):\n    pass", "box_$i"),
    ("for key_$i, box_$i in {'m': $C}.items():\n    pass", "box_$i"),
    ("for one_$i, box_$i in zip([Own()], [$C]):\n    pass", "box_$i"),
    ("for one_$i, box_$i in zip([Own()], [$C]):\n    pass", "one_$i"),
    ("for one_$i, (box_$i, two_$i) in [(1, ($C, 2))]:\n    pass", "box_$i"),
    ("held_$i = [$C]\nfor box_$i in held_$i:\n    pass", "box_$i"),
    ("held_$i = [$C]\nfor box_$i in held_$i[:]:\n    pass", "box_$i"),
    ("held_$i = [$C]\necho(held_$i).append(Own())\nheld_$i.pop(0)", "held_$i[0]"),
    ("box_$i, other_$i = $C, Own()\nbox_$i, other_$i = other_$i, box_$i", "other_$i"),
    ("box_$i, *other_$i = $C, Own()", "box_$i"),
    (
        "import contextlib\n@contextlib.contextmanager\ndef make_$i():\n    yield $C\n"
        "with make_$i() as box_$i:\n    pass",
        "box_$i",
    ),
    ("@functools.lru_cache\ndef make_$i():\n    return $C", "make_$i()"),
    ("async def make_$i():\n    return $C", "asyncio.run(make_$i())"),
    ("class Bot_$i:\n    @classmethod\n    def make(cls):\n        return $C", "Bot_$i.make()"),
    ("class Bot_$i:\n    @staticmethod\n    def make():\n        return $C", "Bot_$i().make()"),
    (
        "class Bot_$i:\n    def make(self):\n        return $C\nclass More_$i(Bot_$i):\n"
        "    def make(self):\n        return Own()\ndef pick_$i(bot: Bot_$i):\n"
        "    return bot.make()",
        "pick_$i(More_$i())",
    ),
    (
        "class Bot_$i:\n    def make(self):\n        return $C\nbot_$i = Bot_$i()\n"
        "bot_$i.make = Own",
        "bot_$i.make()",
    ),
    (
        "import dataclasses\n@dataclasses.dataclass\nclass Bot_$i:\n    box: '$N'\n"
        "bot_$i = Bot_$i(box=$C)",
        "bot_$i.box",
    ),
    (
        "class Bot_$i(typing.NamedTuple):\n    box: object\nbot_$i = Bot_$i($C)",
        "bot_$i.box",
    ),
    (
        "class Bot_$i:\n    def __init__(self):\n        self.box = $C\nbot_$i = Bot_$i()\n"
        "bot_$i.__dict__['box'] = Own()",
        "bot_$i.box",
    ),
    (
        "class Bot_$i:\n    def __init__(self):\n        self.box = $C\nbot_$i = Bot_$i()\n"
        "setattr(bot_$i, 'box', Own())",
        "bot_$i.box",
    ),
    (
        "class Bot_$i:\n    def __init__(self):\n        self.box = $C\nbot_$i = Bot_$i()\n"
        "for name_$i in ('box',):\n    setattr(bot_$i, name_$i, Own())",
        "bot_$i.box",
    ),
    (
        "box_$i = None\nother_$i = None\nfor _ in range(3):\n    box_$i = other_$i or Own()\n"
        "    other_$i = box_$i or $C",
        "other_$i",
    ),
    (
        "def outer_$i():\n    class Bot_$i:\n        @property\n        def box(self):\n"
        "            return $C\n    return Bot_$i()",
        "outer_$i().box",
    ),
)

# What takes a manager and uses it in there: the lines of the use go to `$U`, with $M set.
RECEIVERS = (
    (_TAKE + "take_$i($C)\ntake_$i(given=$C)", "given"),
    (_TAKE + "take_$i($C)\ntake_$i(Own())", "given"),
    (_TAKE + "take_$i(*[$C])", "given"),
    (_TAKE + "take_$i(**{'given': $C})\ntake_$i($C)", "given"),
    (_TAKE + "more_$i = take_$i\nmore_$i(Own())\ntake_$i($C)", "given"),
    (_TAKE + "take_$i($C)\nfunctools.partial(take_$i, Own())()", "given"),
    (_TAKE + "take_$i($C)\nglobals().get('take_$i', echo)(Own())", "given"),
    (
        "def take_$i(given):\n    try:\n        $U\n    except Exception as error:\n"
        "        print(type(error).__name__)\nimport threading\n"
        "run_$i = threading.Thread(target=take_$i, args=($C,))\nrun_$i.start()\nrun_$i.join()",
        "given",
    ),
    (
        "def take_$i(given=None):\n    if given is None:\n        given = $C\n    $U\n"
        "take_$i()\ntake_$i(None)",
        "given",
    ),
    ("def take_$i(given):\n    given = given or Own()\n    $U\ntake_$i($C)", "given"),
    (
        "def again_$i(given, left):\n    if left:\n        return again_$i(given, left - 1)\n"
        "    $U\nagain_$i($C, 2)",
        "given",
    ),
    ("@keep(1)\ndef take_$i(given):\n    $U\ntake_$i($C)", "given"),
    (_BOT + "Bot_$i($C).run()", "self.box"),
    (_BOT + "Bot_$i(given=$C).run()", "self.box"),
    (_BOT + "Bot_$i($C).run()\nBot_$i(Own()).run()", "self.box"),
    (_BOT + "bot_$i = Bot_$i($C)\nbot_$i.run()\nbot_$i.box = Own()\nbot_$i.run()", "self.box"),
    (_BOT + "bot_$i = Bot_$i($C)\necho(bot_$i).box = Own()\nbot_$i.run()", "self.box"),
    (_BOT + "bot_$i = Bot_$i($C)\nfor make_$i in [Bot_$i]:\n    make_$i(Own()).run()", "self.box"),
    (_BOT + "bot_$i = Bot_$i($C)\nbot_$i.run()\ntype(bot_$i)(Own()).run()", "self.box"),
    (_BOT + "bot_$i = Bot_$i()\nbot_$i.__init__($C)\nbot_$i.run()", "self.box"),
    (_BOT + "class More_$i(Bot_$i):\n    pass\nMore_$i($C).run()", "self.box"),
    (_BOT + "class More_$i(Bot_$i):\n    pass\nBot_$i($C).run()\nMore_$i(Own()).run()", "self.box"),
    (
        _BOT + "class More_$i(Bot_$i):\n    def __init__(self, key, given):\n"
        "        super().__init__(given)\nMore_$i('k', $C).run()",
        "self.box",
    ),
    (
        _BOT + "class More_$i(Bot_$i):\n    def __init__(self, given):\n"
        "        Bot_$i.__init__(self, given)\nMore_$i($C).run()",
        "self.box",
    ),
    (
        _BOT + "class More_$i(Bot_$i):\n    def __init__(self):\n        self.box = Own()\n"
        "Bot_$i($C).run()\nMore_$i().run()",
        "self.box",
    ),
    (
        "class Mix_$i:\n    def run(self):\n        $U\nclass Bot_$i(Mix_$i):\n"
        "    def __init__(self):\n        self.box = $C\nBot_$i().run()",
        "self.box",
    ),
    (
        "class Bot_$i:\n    def __init__(self, given):\n        self.box = given\n"
        "    @classmethod\n    def make(cls, given):\n        return cls(given)\n"
        "    def run(self):\n        $U\nBot_$i.make($C).run()",
        "self.box",
    ),
    (
        "class Bot_$i:\n    def take(self, given):\n        $U\n"
        "Bot_$i().take($C)\ngetattr(Bot_$i(), 'take')(Own())",
        "given",
    ),
    (
        "class Bot_$i:\n    def take(self, given):\n        $U\n"
        "Bot_$i().take($C)\necho(Bot_$i()).take(Own())",
        "given",
    ),
    (
        "class Bot_$i:\n    def take(self, given):\n        pass\nclass More_$i(Bot_$i):\n"
        "    def take(self, given):\n        $U\ndef call_$i(bot: Bot_$i):\n    bot.take($C)\n"
        "call_$i(More_$i())",
        "given",
    ),
    (
        "class Bot_$i:\n    def __enter__(self):\n        return Own()\n"
        "    def __exit__(self, *given):\n        pass\n    box = $C\n"
        "with Bot_$i() as bot_$i:\n    box_$i = bot_$i.box\n    $U",
        "box_$i",
    ),
    ("held_$i = [$C]\nfor box_$i in held_$i:\n    $U", "box_$i"),
    (
        "held_$i = {'m': $C}\nheld_$i['n'] = Own()\nfor box_$i in held_$i.values():\n    $U",
        "box_$i",
    ),
    (
        "class Bot_$i:\n    def __init__(self):\n        self.held = {}\n"
        "    def add(self, given):\n        self.held['m'] = given\n"
        "    def run(self):\n        for box in self.held.values():\n            $U\n"
        "bot_$i = Bot_$i()\nbot_$i.add($C)\nbot_$i.run()",
        "box",
    ),
)
