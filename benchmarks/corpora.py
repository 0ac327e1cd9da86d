"""Trees to measure on, made of pinned packages from PyPI: one large and nearly clean, one dense.

The packages are downloaded once, into a folder that git ignores.
"""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

CACHE = Path(__file__).parent / ".cache"
PACKAGES = (
    "ansible==9.13.0",
    "homeassistant==2024.3.3",
    "sympy==1.13.3",
    "pandas==2.2.3",
    "Django==5.1.4",
)
OLD_MODULE = "src.utils.unified_kraken_nonce_manager"
OLD_NAME = "get_unified_nonce_manager"
_LEGACY = (
    f"from {OLD_MODULE} import {OLD_NAME}",
    "from src.utils.kraken_nonce_manager import KrakenNonceManager",
    "from src.auth.nonce_manager import NonceManager",
    "from src.exchange.websocket_nonce_coordinator import get_nonce_coordinator",
    "import src.utils.kraken_nonce_manager as nonces",
)
_USE = f"""

from {OLD_MODULE} import {OLD_NAME}


def draw_for_the_measurement():
    return {OLD_NAME}().get_nonce("rest")
"""
_LARGEST_DENSE_FILE = 40_000


def build(kind: str, folder: Path, count: int) -> int:
    """Makes a tree (`large` or `dense`) in a process of its own; gives its size in bytes.

    The system counts a process's peak from that of the one it came from, so the one that measures
    must stay small.
    """
    made = subprocess.run(
        [sys.executable, __file__, kind, str(folder), str(count)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return int(made.stdout)


def large(folder: Path, count: int) -> int:
    """A tree of `count` files, every hundredth with a legacy import. Gives its size in bytes.

    From the second time round the packages' files stand in a folder of their own again.
    """
    size = 0
    for index, (path, data) in zip(range(count), _files_again(), strict=False):
        if index % 100 == 50:
            line = _LEGACY[index // 100 % len(_LEGACY)]
            data += f"\n\ndef planted_{index}():\n    {line}\n".encode()
        size += _put(folder / path, data)
    (folder / "pyproject.toml").touch()
    return size


def dense(folder: Path, count: int) -> int:
    """A tree of `count` files that all use a legacy function. Gives its size in bytes."""
    size, made = 0, 0
    for path, data in _files_again():
        if made == count:
            break
        if len(data) <= _LARGEST_DENSE_FILE and _compiles(data):
            size += _put(folder / path, data + _USE.encode())
            made += 1
    module = folder / f"{OLD_MODULE.replace('.', '/')}.py"
    _put(module, f"def {OLD_NAME}():\n    return None\n".encode())
    (folder / "pyproject.toml").touch()
    return size


def _put(file: Path, data: bytes) -> int:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return len(data)


def _compiles(data: bytes) -> bool:
    try:
        compile(data, "", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def _files_again() -> Iterator[tuple[str, bytes]]:
    """The packages' files, each package's in turn, round after round without end."""
    generation = 0
    while True:
        prefix = f"again{generation}/" if generation else ""
        for path, data in _files():
            yield f"{prefix}{path}", data
        generation += 1


def _files() -> Iterator[tuple[str, bytes]]:
    """The Python files of all packages, the packages' files one by one in turn."""
    archives = [zipfile.ZipFile(wheel) for wheel in _wheels()]
    try:
        names = [sorted(n for n in a.namelist() if n.endswith(".py")) for a in archives]
        for index in range(max(map(len, names))):
            for archive, listed in zip(archives, names, strict=True):
                if index < len(listed):
                    yield listed[index], archive.read(listed[index])
    finally:
        for archive in archives:
            archive.close()


def _wheels() -> list[Path]:
    """The packages' archives, downloaded where they are missing."""
    CACHE.mkdir(exist_ok=True)
    found = sorted(CACHE.glob("*.whl"))
    if len(found) < len(PACKAGES):
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        subprocess.run([*pip, "--dest", str(CACHE), *PACKAGES], check=True)
        found = sorted(CACHE.glob("*.whl"))
    return found


if __name__ == "__main__":
    makers = {"large": large, "dense": dense}
    print(makers[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3])))
