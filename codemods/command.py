"""What all commands share: from a LibCST module to the engine and back."""

from __future__ import annotations

import argparse
from abc import ABC, abstractmethod
from pathlib import Path

import libcst as cst
from libcst.codemod import CodemodCommand, CodemodContext, SkipFile

from nonce_migrate.discover import find_root
from nonce_migrate.engine import Options
from nonce_migrate.engine.single import Rewritten, rewrite_file
from nonce_migrate.errors import NonceMigrateError
from nonce_migrate.profile import load_profile
from nonce_migrate.rules.selection import Part


class EngineCommand(CodemodCommand, ABC):
    """A command whose work the engine does, on the bytes of the file."""

    def __init__(self, context: CodemodContext, profile: str = "kraken") -> None:
        super().__init__(context)
        self.profile = profile

    @staticmethod
    def add_args(arg_parser: argparse.ArgumentParser) -> None:
        """Adds `--profile`."""
        arg_parser.add_argument(
            "--profile", default="kraken", help="name or TOML file of the migration profile"
        )

    @abstractmethod
    def rewrite(self, options: Options, path: str, data: bytes) -> Rewritten:
        """The new bytes of the file at `path`, relative to the project root."""

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        """Hands the file to the engine. Raises SkipFile where the file cannot be handled."""
        if self.context.filename is None:
            raise SkipFile("the file's path decides what its imports mean; give a path, not stdin")
        file = Path(self.context.filename).resolve()
        try:
            root = find_root([file])
            profile = load_profile(self.profile)
            path = file.relative_to(root).as_posix()
            options = Options(root, (file,), profile)
            result = self.rewrite(options, path, tree.bytes)
        except NonceMigrateError as error:
            raise SkipFile(str(error)) from None
        for line in result.left:
            self.warn(line)
        if result.data == tree.bytes:
            return tree
        changed = cst.parse_module(result.data)
        if changed.bytes != result.data:
            raise SkipFile("LibCST would not write this file as it is: use `nonce-migrate apply`")
        return changed


class PartsCommand(EngineCommand):
    """A command that makes the parts of the migration that it names."""

    PARTS: frozenset[Part]

    def rewrite(self, options: Options, path: str, data: bytes) -> Rewritten:
        """Rewrites the references of the selected kinds."""
        return rewrite_file(options, path, data, self.PARTS)
