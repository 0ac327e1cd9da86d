"""The record of a sequence, as the consolidated manager writes it to disk.

A file has two slots, at 0 and at 4,096 bytes, written in turn; a record is 68 bytes, little-endian:
8 bytes of magic, the 16 bytes of the boot id, the unsigned 64-bit integers generation, last,
ceiling, drawn and recovered, and the CRC-32 of all that. A record of an even generation stands in
the first slot, of an odd one in the second.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from nonce_migrate.monitor.scale import NONCE_LIMIT

STATE_NAME = "kraken_nonce_sequence.dat"
BACKUP_NAME = "kraken_nonce_sequence.bak"
MAGIC = b"KNONCE\x00\x04"
SLOT = 4096
_BODY = struct.Struct("<8s16sQQQQQ")
_CRC = struct.Struct("<I")
RECORD_SIZE = _BODY.size + _CRC.size


@dataclass(frozen=True, slots=True)
class Record:
    """One state of a sequence; nonces are integers at whatever scale the sequence has.

    boot: the boot that wrote it, zeros where unknown. generation: grows by one with every write.
    ceiling: no nonce above it has been issued. drawn: the last nonce that was no recovery's.
    recovered: the nonce of the last recovery that jumped, 0 where there was none.
    """

    boot: bytes
    generation: int
    last: int
    ceiling: int
    drawn: int
    recovered: int


def decode(raw: bytes, slot: int) -> Record | None:
    """The record of a slot (0 or 1), None where the bytes are damaged or belong elsewhere."""
    body, checksum = raw[: _BODY.size], raw[_BODY.size : RECORD_SIZE]
    if len(body) != _BODY.size or checksum != _CRC.pack(zlib.crc32(body)):
        return None
    magic, *fields = _BODY.unpack(body)
    record = Record(*fields)
    valid = magic == MAGIC and record.generation & 1 == slot and record.last < NONCE_LIMIT
    return record if valid else None
