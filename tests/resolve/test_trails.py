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
