"""Stubs (.pyi): what they say of a module has to stay true of the module (PEP 484)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nonce_migrate.resolve.project import Project, SymbolTarget
from nonce_migrate.rules.facts import Block, Carrier, FileFacts

_SUFFIX = ".pyi"


def block_stub(project: Project, facts: FileFacts) -> None:
    """Keeps the imports of a stub that hand a name on: only `import X as X` does so there."""
    if not facts.module.path.endswith(_SUFFIX):
        return
    for carrier in facts.carriers:
        target = carrier.target
        if not isinstance(target, SymbolTarget) or carrier.alias.asname != carrier.alias.name:
            continue
        symbol = project.systems[target.system].symbol(target.name)
        if symbol is not None and symbol.becomes and symbol.becomes.target != target.name:
            carrier.blocks.append(
                Block(
                    0,
                    f"a stub hands a name on by `import {target.name} as {target.name}` alone, "
                    f"which cannot say that it is `{symbol.becomes.target}` now",
                    "settle under which name the module hands it on, then write that here",
                )
            )


def stub_groups(files: Mapping[str, FileFacts]) -> Iterator[tuple[Carrier, ...]]:
    """The imports of a stub, each with those of its module that bind the same name."""
    for path, stub in files.items():
        module = files.get(path[:-1]) if path.endswith(_SUFFIX) else None
        if module is None:
            continue
        for carrier in stub.carriers:
            same = [c for c in module.carriers if c.local == carrier.local and _is_top(module, c)]
            if same and _is_top(stub, carrier):
                yield (carrier, *same)


def _is_top(facts: FileFacts, carrier: Carrier) -> bool:
    return carrier.scope is facts.module.names.module
