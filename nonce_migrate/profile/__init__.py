"""What the legacy systems are and what becomes of them, as data."""

from nonce_migrate.profile.load import load_profile
from nonce_migrate.profile.schema import (
    Argument,
    Becomes,
    Member,
    MemberKind,
    NameKind,
    Parameter,
    Profile,
    ShimKind,
    Symbol,
    System,
)

__all__ = [
    "Argument",
    "Becomes",
    "Member",
    "MemberKind",
    "NameKind",
    "Parameter",
    "Profile",
    "ShimKind",
    "Symbol",
    "System",
    "load_profile",
]
