"""The names of the files in a kiosk's state folder. What follows a ledger's own name (key, lock, archive, WAL) is named in ``ledger/``."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Files:
    """``state`` is the folder that the configuration names ``kiosk.state``."""

    state: Path

    @property
    def ledger(self) -> Path:
        """The journal of money. Written by the kiosk, read by whoever may."""
        return self.state / "ledger.db"

    @property
    def acknowledged(self) -> Path:
        """What the city acknowledged and answered. Written by the sync; a mark that can be made anew."""
        return self.state / "sync.db"

    @property
    def sync_key(self) -> Path:
        """The sync's own key, which signs what it sends to the city; 0600, the sync's user. Made when the kiosk is enrolled there."""
        return self.state / "sync.key"

    @property
    def enrolment_code(self) -> Path:
        """The city's one-time code, typed at the glass, on its way to the sync. Written by the kiosk, taken away by the sync."""
        return self.state / "enrolment.code"

    @property
    def enrolled(self) -> Path:
        """What came of that code. Written by the sync."""
        return self.state / "sync-enrolled.json"

    @property
    def kiosk(self) -> Path:
        """What is this kiosk's own and nobody else's: agents' names and the hashes of their PINs. 0600, and what is in it can be erased."""
        return self.state / "kiosk.db"

    @property
    def status(self) -> Path:
        """What the city may like to know and nobody needs: codes that no list knows. Written by the kiosk; may be thrown away."""
        return self.state / "status.db"

    @property
    def catalogue(self) -> Path:
        """The list of products. Replaced whole by whoever imports one; a configuration may name another place."""
        return self.state / "catalogue.db"

    @property
    def background(self) -> Path:
        """The empty chamber as its camera sees it; without it no outline is seen, and weight and code decide."""
        return self.state / "chamber.npz"

    @property
    def policy(self) -> Path:
        """The last policy of a file that was used: it stays in use where the file cannot be read."""
        return self.state / "policy.toml"

    @property
    def exports(self) -> Path:
        """Where staff's tables are written if no stick is in."""
        return self.state / "exports"

    @property
    def clock(self) -> Path:
        """Since when the machine's clock was last seen to be right."""
        return self.state / "clock"
