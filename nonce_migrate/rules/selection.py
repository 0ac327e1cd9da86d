"""Which kinds of reference a run rewrites; what is not selected stays, with that reason."""

from __future__ import annotations

from enum import Enum, auto

from nonce_migrate.rules.brought import CarrierKind
from nonce_migrate.rules.facts import Block, Carrier


class Part(Enum):
    """A part of the migration that can be made alone and leaves a working program."""

    NAMES = auto()
    MODULES = auto()
    STARS = auto()
    STRINGS = auto()


EVERYTHING = frozenset(Part)

_PART_OF = {
    CarrierKind.NAME: Part.NAMES,
    CarrierKind.MODULE: Part.MODULES,
    CarrierKind.STAR: Part.STARS,
    CarrierKind.LOOKUP: Part.STRINGS,
}

NOT_SELECTED = Block(0, "this kind of reference was not selected", "run `nonce-migrate apply`")


def block_unselected(carriers: list[Carrier], selection: frozenset[Part]) -> None:
    """Keeps the imports of kinds that are not selected as they are."""
    for carrier in carriers:
        if _PART_OF[carrier.kind] not in selection:
            carrier.blocks.append(NOT_SELECTED)
