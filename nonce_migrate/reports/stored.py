"""A record in a lossless form, to be kept between runs. The form is private: nothing else reads it.

Every field is written as it is: bytes in base64, surrogates as they are (so the text is UTF-8 but
for those).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, NoReturn, cast, get_args, get_origin, get_type_hints

from nonce_migrate.errors import ProjectError
from nonce_migrate.reports.record import Record

# To be raised when the fields of a record, or of what it holds, change.
_FORM = 1
_AS_THEY_ARE = frozenset({str, int, bool, NoneType})


def dump_record(record: Record) -> bytes:
    """The record as a document."""
    document = {"form": _FORM, "record": _plain(record)}
    return json.dumps(document, ensure_ascii=False).encode(errors="surrogatepass")


def load_record(data: bytes) -> Record:
    """The record of a document. Raises ProjectError where it is none, or of another version."""
    try:
        document = json.loads(data.decode(errors="surrogatepass"))
        if document["form"] != _FORM:
            raise ProjectError("written by another version of nonce-migrate")
        record = _read(Record, document["record"])
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ProjectError("damaged, or written by another version of nonce-migrate") from None
    assert isinstance(record, Record)
    return record


def _plain(value: object) -> object:
    kind: Any = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind is bytes:
        return base64.b64encode(cast("bytes", value)).decode()
    names = _names(kind)
    if names:
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """The fields of a class of fields, none for other types."""
    if is_dataclass(kind):
        return tuple(field.name for field in fields(kind))
    return kind._fields if _is_record(kind) else ()


def _is_record(kind: Any) -> bool:
    """Whether it is a class of fields: a dataclass or a named tuple."""
    return is_dataclass(kind) or (isinstance(kind, type) and hasattr(kind, "_asdict"))


def _read(kind: Any, value: Any) -> object:
    """The value of a type. Raises TypeError, ValueError where it is none."""
    if get_origin(kind) is UnionType:
        kinds = [k for k in get_args(kind) if (k is NoneType) == (value is None)]
        return _read(kinds[0], value) if kinds else _wrong(kind, value)
    if get_origin(kind) is tuple:
        return _tuple(get_args(kind), value)
    if _is_record(get_origin(kind) or kind):
        return _instance(kind, value)
    if kind is bytes:
        return base64.b64decode(value, validate=True)
    if kind is NoneType:
        return None
    if issubclass(kind, StrEnum):
        return kind(value)
    return value if type(value) is kind else _wrong(kind, value)


def _tuple(kinds: tuple[Any, ...], value: Any) -> tuple[object, ...]:
    if not isinstance(value, list):
        _wrong(tuple, value)
    if kinds[-1] is Ellipsis:
        return tuple(_read(kinds[0], item) for item in value)
    return tuple(_read(kind, item) for kind, item in zip(kinds, value, strict=True))


def _instance(kind: Any, value: Any) -> object:
    if not isinstance(value, Mapping):
        _wrong(kind, value)
    hints = _hints(kind)
    if set(hints) != set(value):
        _wrong(kind, value)
    make = get_origin(kind) or kind
    return make(**{name: _read(hint, value[name]) for name, hint in hints.items()})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    """The types of the fields, those of a generic class as it is filled in."""
    origin = get_origin(kind)
    if origin is None:
        return get_type_hints(kind)
    filled = dict(zip(origin.__parameters__, get_args(kind), strict=True))
    return {name: filled.get(hint, hint) for name, hint in get_type_hints(origin).items()}


def _wrong(kind: object, value: object) -> NoReturn:
    raise TypeError(f"{value!r:.40} is no {kind}")
