"""Where an agent keeps its permanent token."""

from __future__ import annotations

import os
import re
import stat
import tempfile
from pathlib import Path

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_MAX_BYTES = 16 * 1024


class TokenFile:
    """`<root>/<name>/token`: the folder for its owner alone (0700), the file as well (0600), whatever the umask;
    replaced as a whole or not at all. All methods block."""

    def __init__(self, root: Path, agent: str) -> None:
        if not _NAME.fullmatch(agent):
            raise ValueError(f"Agent name {agent!r} must match {_NAME.pattern}")
        self.path = root / agent / "token"

    @staticmethod
    def default_root() -> Path:
        return Path.home() / ".fairlead" / "agents"

    def read(self) -> str | None:
        """Raises OSError where there is a file that cannot be read, or something that is no file."""
        try:
            status = self.path.lstat()
        except FileNotFoundError:
            return None
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MAX_BYTES:
            raise OSError(f"{self.path} is not a token file; move it away")
        return self.path.read_text(encoding="utf-8").strip() or None

    def write(self, token: str) -> None:
        """Keeps a token in place of the one before; on disk when this returns."""
        folder = self.path.parent
        for missing in reversed([each for each in (folder, *folder.parents) if not each.exists()]):
            missing.mkdir(mode=0o700, exist_ok=True)
            missing.chmod(0o700)  # the umask may have taken bits away
        folder.chmod(0o700)
        handle, fresh = tempfile.mkstemp(prefix=".token", dir=folder)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                os.chmod(fresh, 0o600)
                file.write(token + "\n")
                file.flush()
                os.fsync(file.fileno())
            os.replace(fresh, self.path)
        except BaseException:
            os.unlink(fresh)
            raise


class Credentials:
    """Which token an agent shows: the permanent one where it has one, else the ephemeral one while it is good for a
    try."""

    def __init__(self, ephemeral: str | None) -> None:
        self._permanent: str | None = None
        self._ephemeral = ephemeral

    @property
    def current(self) -> str | None:
        return self._permanent or self._ephemeral

    def kept(self, token: str) -> None:
        """A permanent token was kept from an earlier run."""
        self._permanent = token

    def received(self, token: str) -> None:
        """The gateway gave a permanent token for the ephemeral one, which is spent by that."""
        self._permanent = token
        self._ephemeral = None

    def refused(self) -> bool:
        """The token shown last was refused: forgets it and answers whether there is another one to try."""
        if self._permanent is not None:
            self._permanent = None
            return self._ephemeral is not None
        self._ephemeral = None
        return False
