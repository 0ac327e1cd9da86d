"""What may hold something legacy, or a module, is bounded before anything is inferred of it.

The toy version follows assignments alone; real bots hand their manager through parameters that
are called otherwise, containers, `setattr`, other files' globals, fixtures and class patterns.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from nonce_migrate.engine import Options
from nonce_migrate.engine.gather import gather
from nonce_migrate.engine.tree import Tree
from nonce_migrate.profile import load_profile
from nonce_migrate.resolve.program import Program
from tests.resolve.trailing import missed

FIXTURES = Path(__file__).parents[2] / "fixtures"
MANAGER = "from src.utils.kraken_nonce_manager import KrakenNonceManager\n"
# How a manager gets into a place from which `found.get_nonce()` is called.
WAYS = {
    "parameter": "def run(found):\n    found.get_nonce()\nrun(KrakenNonceManager())\n",
    "default": "def run(found=KrakenNonceManager()):\n    found.get_nonce()\nrun()\n",
    "container": "made = []\nmade.append(KrakenNonceManager())\nfor found in made:\n"
    "    found.get_nonce()\n",
    "items": "made = {}\nmade['a'] = KrakenNonceManager()\nfor _, found in made.items():\n"
    "    found.get_nonce()\n",
    "attribute": "class Bot:\n    def __init__(self, it):\n        self.found = it\n"
    "    def run(self):\n        self.found.get_nonce()\nBot(KrakenNonceManager()).run()\n",
    "inherited": "class Base:\n    def __init__(self, it):\n        self.it = it\n"
    "class Bot(Base):\n    def __init__(self, it):\n        super().__init__(it)\n"
    "Bot(KrakenNonceManager()).it.get_nonce()\n",
    "class of a class": "class Bot:\n    @classmethod\n    def make(kind, it):\n"
    "        return kind(it)\n    def __init__(self, found):\n        found.get_nonce()\n"
    "Bot.make(KrakenNonceManager())\n",
    "field": "from dataclasses import dataclass\n@dataclass\nclass Bot:\n"
    "    found: KrakenNonceManager\ndef run(bot: Bot):\n    bot.found.get_nonce()\n",
    "annotation in quotes": "def run(found: 'KrakenNonceManager | None'):\n    found.get_nonce()\n",
    "thread": "from threading import Thread\ndef run(found):\n    found.get_nonce()\n"
    "Thread(target=run, args=(KrakenNonceManager(),)).start()\n",
    "text": "class Bot:\n    found = None\nbot = Bot()\nsetattr(bot, 'found', "
    "KrakenNonceManager())\ngetattr(bot, 'found').get_nonce()\n",
    "with": "class Around:\n    def __enter__(self):\n        return KrakenNonceManager()\n"
    "    def __exit__(self, *error):\n        pass\nwith Around() as found:\n"
    "    found.get_nonce()\n",
    "class test": "def run(found):\n    if isinstance(found, (int, KrakenNonceManager)):\n"
    "        found.get_nonce()\n",
    "pattern": "def run(it):\n    match it:\n        case KrakenNonceManager() as found:\n"
    "            found.get_nonce()\n",
    "walrus": "if (found := KrakenNonceManager()):\n    found.get_nonce()\n",
    "name of an attribute": "class Bot:\n    def __init__(self):\n"
    "        self.found = KrakenNonceManager()\ndef run(found, bot):\n    found.get_nonce()\n"
    "    bot.found.get_nonce()\n",
    "function in a function": "def run():\n    def make():\n        return KrakenNonceManager()\n"
    "    make().get_nonce()\nrun()\n",
    "fixture": "import pytest\n@pytest.fixture\ndef found():\n    yield KrakenNonceManager()\n"
    "def test_it(found):\n    found.get_nonce()\n",
}
# How a module of the project gets into a place from which `found.manager` is taken.
MODULE_WAYS = {
    "parameter": "def run(found):\n    found.manager\nrun(shared)\n",
    "default": "def run(found=shared):\n    found.manager\nrun()\n",
    "result": "def give():\n    return shared\nfound = give()\nfound.manager\n",
    "choice": "found = shared if bool() else None\nfound.manager\n",
    "got of a container": "hubs = {}\nhubs['a'] = shared\nfound = hubs.get('a')\nfound.manager\n",
    "default of a container": "hubs = {}\nfound = hubs.get('a', shared)\nfound.manager\n",
    "popped": "hubs = [shared]\nfound = hubs.pop()\nfound.manager\n",
    "appended": "hubs = []\nhubs.append(shared)\nfor found in hubs:\n    found.manager\n",
    "slice": "hubs = [shared, shared]\nfor found in hubs[1:]:\n    found.manager\n",
    "items": "hubs = {'a': shared}\nfor _, found in hubs.items():\n    found.manager\n",
    "copy": "hubs = {'a': shared}\nfor found in list(hubs.copy().values()):\n    found.manager\n",
    "numbered": "for _, found in enumerate([shared]):\n    found.manager\n",
    "rows": "for _, found in [(1, shared)]:\n    found.manager\n",
    "attribute": "class Bot:\n    def __init__(self, it):\n        self.found = it\n"
    "    def run(self):\n        self.found.manager\nBot(shared).run()\n",
    "attribute of a base": "class Base:\n    def __init__(self, it):\n        self.it = it\n"
    "class Bot(Base):\n    def run(self):\n        found = self.it\n        found.manager\n"
    "Bot(shared).run()\n",
    "name of a class": "class Bot:\n    found = shared\n    def run(self):\n"
    "        self.found.manager\n",
    "container of an object": "class Bot:\n    def __init__(self):\n        self.hubs = []\n"
    "        self.hubs.append(shared)\n    def run(self):\n        for found in self.hubs:\n"
    "            found.manager\n",
    "method": "class Bot:\n    def give(self, it):\n        return it\n    def run(self):\n"
    "        found = self.give(shared)\n        found.manager\n",
    "method of a base": "class Base:\n    def give(self):\n        return shared\n"
    "class Bot(Base):\n    def run(self):\n        found = super().give()\n"
    "        found.manager\n",
    "property": "class Bot:\n    @property\n    def found(self):\n        return shared\n"
    "bot = Bot()\nbot.found.manager\n",
    "submodule": "import pkg\npkg.shared.manager\nfound = pkg.shared\nfound.manager\n",
    "name of another file": "from pkg import hub\nhub.found.manager\nfrom pkg.hub import found\n"
    "found.manager\n",
    "text": "import pkg\nfound = getattr(pkg, 'shared')\nfound.manager\n",
    "set from outside": "class Bot:\n    found = None\nbot = Bot()\n"
    "setattr(bot, 'found', shared)\nbot.found.manager\n",
    "with": "class Around:\n    def __enter__(self):\n        return shared\n"
    "    def __exit__(self, *error):\n        pass\nwith Around() as found:\n"
    "    found.manager\n",
}


def program_of(root: Path, files: dict[str, str]) -> Program:
    """What the first round infers of a project."""
    for path, text in {"pyproject.toml": "", **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    options = Options(root, (root,), load_profile("kraken"))
    program = gather(options, Tree(root)).program
    assert program is not None
    return program


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_a_member_is_followed(tmp_path: Path, way: str) -> None:
    program = program_of(tmp_path, {"bot.py": MANAGER + WAYS[way]})
    assert list(missed(program)) == []
    receivers = [
        node.value
        for module in program.modules.values()
        for node, _ in module.names.attributes
        if node.attr == "get_nonce"
    ]
    assert receivers
    assert all(program.legacy_trail.passes(receiver) for receiver in receivers)


@pytest.mark.parametrize("way", MODULE_WAYS)
def test_every_way_of_a_module_is_followed(tmp_path: Path, way: str) -> None:
    files = {
        "pkg/__init__.py": "",
        "pkg/shared.py": f"{MANAGER}manager = KrakenNonceManager()\n",
        "pkg/hub.py": MANAGER + "from pkg import shared\nfound = shared\n",
        "bot.py": "from pkg import shared\n" + MODULE_WAYS[way],
    }
    program = program_of(tmp_path, files)
    assert list(missed(program)) == []
    taken = [
        node.value
        for node, _ in program.modules["bot.py"].names.attributes
        if node.attr == "manager"
    ]
    assert taken
    assert all(program.module_trail.passes(node) for node in taken)


def test_a_name_that_another_class_has_for_something_else_is_not_reached(tmp_path: Path) -> None:
    text = (
        "from pkg import shared\nimport json\n"
        "class Hub:\n    def __init__(self):\n        self.it = shared\n"
        "    def loads(self, given=shared):\n        return self.it\n"
        "class Other:\n    def __init__(self):\n        self.it = json.loads('1')\n"
        "    def show(self):\n        print(self.it)\n"
    )
    program = program_of(
        tmp_path, {"pkg/__init__.py": "", "pkg/shared.py": MANAGER, "bot.py": MANAGER + text}
    )
    assert list(missed(program)) == []
    reached = [
        node.lineno
        for node, _ in program.modules["bot.py"].names.attributes
        if program.module_trail.passes(node)
    ]
    assert reached == [6, 8]  # where it is set, and where Hub takes it


def test_what_other_files_set_and_take_is_followed(tmp_path: Path) -> None:
    files = {
        "pkg/__init__.py": "",
        "pkg/shared.py": "manager = None\ndef use():\n    manager.get_nonce()\n",
        "pkg/start.py": MANAGER + "from pkg import shared\nshared.manager = KrakenNonceManager()\n",
        "pkg/star.py": "from pkg.shared import *\nmanager.get_nonce()\n",
        "pkg/late.py": "import importlib\nhub = importlib.import_module('pkg.shared')\n"
        "def give():\n    return hub\ndef show(space):\n    return vars(space)\n"
        "show(give())\nshow(space=hub.manager)\n",
    }
    assert list(missed(program_of(tmp_path, files))) == []


@pytest.mark.parametrize("bot", ["legacy_bot", "legacy_bot_traps"])
def test_nothing_is_missed_in_a_whole_bot(bot: str) -> None:
    root = FIXTURES / bot
    program = gather(Options(root, (root,), load_profile("kraken")), Tree(root)).program
    assert program is not None
    assert list(missed(program)) == []


def test_code_that_has_nothing_to_do_with_it_is_not_reached(tmp_path: Path) -> None:
    text = "def add(one, other):\n    both = one + other\n    return both\nprint(add(1, 2))\n"
    program = program_of(tmp_path, {"bot.py": MANAGER + text + "nonces = KrakenNonceManager()\n"})
    (module,) = program.modules.values()
    reached = {node.id for node, _ in module.names.loads if program.legacy_trail.passes(node)}
    assert reached == {"KrakenNonceManager"}


def test_a_chain_of_hundreds_of_hands_ends_without_an_error(tmp_path: Path) -> None:
    functions = "".join(f"def f{i}(a{i}):\n    return a{i}.m{i}(a{i})\n" for i in range(300))
    methods = "".join(f"    def m{i}(self, b{i}):\n        f{i + 1}(b{i})\n" for i in range(300))
    keeper = f"class K:\n    it = KrakenNonceManager()\n{methods}"
    last = "def f300(given):\n    given.it.get_nonce()\n"
    text = f"{MANAGER}{functions}{keeper}{last}f0(K())\n"
    program = program_of(tmp_path, {"bot.py": text})
    for _ in range(3):
        for inference in program.inferences.values():
            for node, _scope in reversed(inference.names.attributes):
                inference.value(node.value)
        program = program.next_round()
