"""The fixture of the tests of the ledger, named by them as a plugin; the hands and eyes that they share stand in ``ledgers.py``."""

from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from money.ledgers import Kiosk, LedgerIn


@pytest.fixture
def ledger_in() -> Iterator[LedgerIn]:
    """Begins a ledger in a folder, with other terms, clock or beginning if a test wants them."""
    with ExitStack() as stack:
        yield lambda *arguments, **others: stack.enter_context(closing(Kiosk(*arguments, **others)))
