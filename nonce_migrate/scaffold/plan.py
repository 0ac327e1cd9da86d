"""All that a request makes of a project."""

from __future__ import annotations

from nonce_migrate.errors import ProjectError
from nonce_migrate.scaffold.configuration import Read, plan_configuration
from nonce_migrate.scaffold.ignored import plan_ignored
from nonce_migrate.scaffold.pieces import Piece, whole_file
from nonce_migrate.scaffold.request import Request
from nonce_migrate.scaffold.services import FILES
from nonce_migrate.visible import visible


def plan_files(request: Request, read: Read) -> tuple[Piece, ...]:
    """What becomes of each file, the configuration first.

    read: the bytes of a file, None where there is none. Raises ProjectError where the project's
    configuration cannot be read or contradicts the request, or its folder has control characters.
    """
    if not request.place.isprintable():
        raise ProjectError(f"{visible(request.place)}: no folder that a CI file can name")
    pieces = [plan_configuration(request, read)]
    if request.first_baseline:
        path = request.root / request.baseline
        pieces.append(whole_file(path, request.first_baseline, read(path)))
    for service in request.services:
        name, render = FILES[service]
        path = request.repository / name
        pieces.append(whole_file(path, render(request), read(path)))
    if request.ignored:
        pieces.append(plan_ignored(request.root / ".gitignore", request.ignored, read))
    return tuple(pieces)
