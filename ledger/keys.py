"""The kiosk's signing key: one PEM file beside the ledger, mode 0600, made by ``begin`` when there is none.

The generation's first entry names the public key, so a key that was swapped or lost is noticed before anything is signed.
For a new key, take the file away and begin a new generation.
"""

import os
import stat
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from config.files import trouble_of
from ledger.vocabulary import LedgerUnavailable, WrongKey
from ledger.vouchers import Randomness


def key_path(ledger: Path) -> Path:
    return ledger.with_suffix(".key")


def public_text(key: Ed25519PrivateKey) -> str:
    """The public key as the generation names it: 64 hex digits."""
    return key.public_key().public_bytes_raw().hex()


def public_key(text: str) -> Ed25519PublicKey:
    """The public key that a generation names. ValueError if it is none."""
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))


def load(ledger: Path) -> Ed25519PrivateKey:
    """The key beside the ledger. Raises WrongKey when it is missing, readable to others, or no Ed25519 key."""
    return load_own(key_path(ledger))


def load_own(path: Path) -> Ed25519PrivateKey:
    """The key in a file that only its owner may read. Raises WrongKey as ``load`` does."""
    try:
        key, mode = read(path), path.stat().st_mode & 0o777
        if mode & 0o077:
            raise WrongKey(str(path), f"mode is {mode:04o}, must be 0600")
    except OSError as error:
        raise WrongKey(str(path), error.strerror or str(error)) from error
    return key


def read(path: Path) -> Ed25519PrivateKey:
    """The key in a file, whoever may read it. Raises WrongKey where there is none in it, OSError."""
    if not stat.S_ISREG(path.stat().st_mode):
        # a pipe would be waited for
        raise WrongKey(str(path), "not a file")
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise WrongKey(str(path), str(error)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise WrongKey(str(path), "not an Ed25519 key")
    return key


def load_or_make(ledger: Path, random: Randomness) -> Ed25519PrivateKey:
    """The key beside the ledger, made and on the disk first if there is none. Raises WrongKey, LedgerUnavailable."""
    path = key_path(ledger)
    if path.exists():
        return load(ledger)
    key = Ed25519PrivateKey.from_private_bytes(random.token_bytes(32))
    try:
        write(path, key)
    except OSError as error:
        raise LedgerUnavailable(str(path), error.strerror or str(error), trouble_of(error)) from error
    return key


def sync_folder(folder: Path) -> None:
    """Makes new names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write(path: Path, key: Ed25519PrivateKey) -> None:
    """Whole, 0600 and on the disk, in place of what lay there. Raises OSError."""
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    made = path.with_name(path.name + ".new")
    made.unlink(missing_ok=True)
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    made.rename(path)
    sync_folder(path.parent)
