from __future__ import annotations

from nonce_migrate.profile.load import load_profile
from nonce_migrate.resolve.modules import ModuleIndex
from nonce_migrate.resolve.program import infer
from nonce_migrate.resolve.project import ParsedModule, Project
from nonce_migrate.resolve.references import References
from nonce_migrate.source import decode

TWICE = """
def one():
    def helper(manager): ...
    helper(1)
def two():
    def helper(manager): ...
    helper(2)
class A:
    def f(self): self
    @classmethod
    def g(self): self
"""


def test_a_name_refers_to_what_its_own_scope_binds() -> None:
    module = ParsedModule(decode("bot.py", TWICE.encode()))
    profile = load_profile("kraken")
    project = Project(profile, ModuleIndex(("bot.py",), profile), lambda _: None)
    program = infer(project, [module], frozenset())
    references = References(program.names, program.classes, program.inferences)
    found = {
        (node.id, node.lineno): [
            d.node.lineno for d in references.of_name(module, node).definitions
        ]
        for node, _ in module.names.loads
        if node.id in ("helper", "self")
    }
    assert found == {("helper", 4): [3], ("helper", 7): [6], ("self", 9): [], ("self", 11): [8]}
