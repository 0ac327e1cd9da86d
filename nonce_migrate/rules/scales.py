"""Whether a number may become one that counts smaller steps: milliseconds before, microseconds now.

Sent as a nonce it may. A place that reckons with it took it for a time, or makes a nonce of another
scale of it, which the exchange would accept and then refuse everything below.
"""

from __future__ import annotations

import ast

from nonce_migrate.model import Safety
from nonce_migrate.profile.schema import Member, Symbol, Unit
from nonce_migrate.resolve.inference import Inference
from nonce_migrate.rules.ends import Place, Taken
from nonce_migrate.rules.facts import Block
from nonce_migrate.rules.results import ends_of


def doubt_of_scale(
    inference: Inference, call: ast.Call, row: Symbol | Member, unit: Unit
) -> Block | None:
    """What speaks against giving a number of another scale here; None where nothing does.

    unit: what the target's numbers count.
    """
    if row.unit is None:
        return None
    ends = ends_of(inference, call, as_amount=True)
    counts = f"and it counts {unit} now, {row.unit} before"
    here = inference.module.path, call.lineno
    if place := ends.taken(Taken.RECKONED):
        step = "send a nonce as it comes, and take a time from the clock; then run apply again"
        return Block(call.lineno, f"{_told(place, here)}, {counts}", step)
    if place := ends.taken(Taken.COMPARED, Taken.UNSEEN):
        step = "see that it is only sent, or compared with other nonces; `apply --unsafe` trusts so"
        return Block(call.lineno, f"{_told(place, here)}, {counts}", step, Safety.UNSAFE)
    return None


def _told(place: Place, here: tuple[str, int]) -> str:
    is_here = here == (place.path, place.line)
    return f"the result is {place.what}" if is_here else str(place)
