"""The sequence of bots that keep it in Redis, read only."""

from __future__ import annotations

import importlib
import urllib.parse

from nonce_migrate.errors import ProjectError
from nonce_migrate.monitor.scale import lead_seconds, scale_of
from nonce_migrate.monitor.status import Backend, Condition, Status

_KEY = "kraken-nonce-sequence"
_FIELDS = ("last", "recovered")
_TIMEOUT_S = 2.0


def redis_status(url: str) -> Status:
    """What the server at a redis:// address tells, by its own clock.

    Raises ProjectError where the address, the package `redis` or the server is of no use.
    """
    where = _address(url)
    try:
        redis = importlib.import_module("redis")
    except ImportError:
        raise ProjectError(
            "NONCE_REDIS_URL is set: install the package `redis`, or name a directory with "
            "--state-dir to look at files"
        ) from None
    try:
        client = redis.Redis.from_url(
            url,
            socket_timeout=_TIMEOUT_S,
            socket_connect_timeout=_TIMEOUT_S,
            decode_responses=True,
        )
        with client:
            seconds, micros = client.time()
            last, recovered = (int(text or 0) for text in client.hmget(_KEY, _FIELDS))
    except (redis.RedisError, OSError, ValueError) as error:
        raise ProjectError(
            f"Redis at {where} did not tell ({type(error).__name__}: {error}); check "
            "NONCE_REDIS_URL and the server"
        ) from None
    return _status(where, last, recovered, (int(seconds) * 10**6 + int(micros)) * 1000)


def _address(url: str) -> str:
    """The address without a user and a password."""
    try:
        parts = urllib.parse.urlsplit(url)
        return f"{parts.scheme}://{parts.hostname}:{parts.port or 6379}{parts.path}"
    except ValueError as error:
        raise ProjectError(f"NONCE_REDIS_URL is no redis:// address: {error}") from None


def _status(where: str, last: int, recovered: int, now_ns: int) -> Status:
    if not last:
        return Status(Backend.REDIS, where, Condition.NONE, now_ns)
    scale = scale_of(last, now_ns)
    moved = (last - recovered) / scale.value if scale and recovered else None
    return Status(
        Backend.REDIS,
        where,
        Condition.OK,
        now_ns,
        last=last,
        scale=scale,
        lead_seconds=lead_seconds(last, scale, now_ns) if scale else None,
        recovered=recovered or None,
        moved_since_recovery=moved,
    )
