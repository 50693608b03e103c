"""The city's pages in a real Chromium, by keyboard alone: logging in, a till, a voucher scanned and paid, and the page that a voucher's QR opens.

A ledger of the real journal is sent by the real sync; its vouchers are the city's to pay. ``CITY_PICTURES`` names a folder for pictures of each page.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from city import staff
from city.store import open_store
from config.vocabulary import Cents, Material
from ledger.sync.outcomes import Delivered
from ledger.sync.rounds import once
from ledger.vouchers import Claim, grouped, link
from money.browser import ENTER, Browser, chromium
from money.callers import NOW, OPEN
from money.city_server import city
from money.sending_kiosk import KIOSK, TERMS, Kiosk, route
from timing import FakeClock, patient

pytestmark = pytest.mark.long

AXE = "4.14.1"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("chromium")) as made:
        yield made


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with city(tmp_path_factory.mktemp("city")) as url:
        yield url


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory, address: str) -> Kiosk:
    made = Kiosk(tmp_path_factory.mktemp("kiosk"), FakeClock(), terms=replace(TERMS, payer="city", voucher_page=f"{address}/bon"))
    made.visit(Material.GLASS, Material.GLASS, Material.PLASTIC)
    made.visit(Material.PLASTIC)
    assert isinstance(once(route(made, address), threading.Event(), made.clock), Delivered)
    return made


def vouchers(kiosk: Kiosk, page: str) -> list[tuple[str, str]]:
    """Codes, and links as the QR carries them."""
    with closing(sqlite3.connect(kiosk.path)) as db:
        bodies = [json.loads(body) for (body,) in db.execute("SELECT body FROM entry WHERE kind = 'voucher' ORDER BY row")]
    found = []
    for body in bodies:
        days = date.fromisoformat(body["issued"]), date.fromisoformat(body["valid_until"])
        claim = Claim(KIOSK, body["code"], Cents(body["amount"]), *days, demonstration=False)
        found.append((body["code"], link(page, claim, body["signature"])))
    return found


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """axe-core, from npm: it is fetched for the test and not kept."""
    folder = tmp_path_factory.mktemp("axe")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed (script/bootstrap all)")
    subprocess.run([npm, "pack", f"axe-core@{AXE}", "--silent"], cwd=folder, check=True, capture_output=True, timeout=patient(100))
    with tarfile.open(next(folder.glob("*.tgz"))) as packed:
        source = packed.extractfile("package/axe.min.js")
        assert source is not None
        return source.read().decode()


def without_barrier(browser: Browser, axe: str) -> None:
    """No violation of WCAG 2.2 A and AA, nor of axe's own good practice, is found on the page that is shown."""
    browser.run(axe + "\nreturn typeof axe")
    found = browser.run_async(
        "const done = arguments[arguments.length - 1]; axe.run().then(r => done(r.violations.map(v => [v.id, v.nodes.map(n => n.html)])))"
    )
    assert found == [], browser.url


def looked_at(browser: Browser, axe: str, name: str) -> None:
    """Keeps a picture where one is wanted, and lets axe look."""
    if "CITY_PICTURES" in os.environ:
        browser.picture(Path(os.environ["CITY_PICTURES"]) / f"{name}.png")
    without_barrier(browser, axe)


def test_a_desk_is_worked_by_keyboard_and_scanner_alone(browser: Browser, address: str, kiosk: Kiosk, axe: str) -> None:
    with closing(open_store(f"sqlite:///{_database(address)}")) as store, store.write() as connection:
        password = staff.add(connection, "a.martin", staff.Role.DESK, NOW, "tests")
    (first, first_link), (second, _) = vouchers(kiosk, f"{address}/bon")

    browser.open(f"{address}/")
    assert browser.focused() == "Identifiant"
    looked_at(browser, axe, "log-in")
    browser.keys("a.martin")
    browser.to("Mot de passe")
    browser.keys(password + ENTER)
    browser.reads("Votre caisse est fermée")
    browser.to("Caisse")
    browser.keys(ENTER)
    browser.reads("Ouvrir la caisse")
    browser.to("10,00")
    browser.keys("5")
    looked_at(browser, axe, "till")
    browser.to("Ouvrir la caisse")
    browser.keys(ENTER)
    browser.reads("Payer des bons")

    assert browser.focused() == "QR scanné, ou code tapé"
    browser.keys(first_link + ENTER)
    browser.reads("Payer 0,60")
    # a scanner's Enter again pays nothing
    browser.keys(grouped(second).lower() + ENTER)
    browser.reads("Payer 0,80")
    browser.keys("WRONG" + ENTER)
    browser.reads("Ce n’est pas un code de bon")
    looked_at(browser, axe, "desk")
    browser.to("Retirer WRONG")
    browser.keys(ENTER)
    browser.reads("Payer 0,80")
    browser.to("Payer 0,80")
    browser.keys(ENTER)
    browser.reads("Payé : 0,80")
    looked_at(browser, axe, "receipt")
    assert grouped(first) in browser.text
    browser.to("Motif")
    browser.keys("x")
    browser.to("Annuler 0,80")
    browser.keys(ENTER)
    browser.reads("Paiement annulé")
    looked_at(browser, axe, "undone")
    browser.to("Se déconnecter")
    browser.keys(ENTER)
    browser.reads("Connexion")
    browser.open(f"{address}/desk")
    browser.reads("Connexion")


@pytest.mark.parametrize(
    ("language", "title", "state"),
    [
        ("fr", "Votre bon", "Authentique. À toucher à tout guichet de la Ville."),
        ("en", "Your voucher", "Authentic. Paid at any of the City’s desks."),
        ("ar", "قسيمتك", "أصلية. تُصرف عند أي شباك تابع للمدينة."),
    ],
)
def test_a_vouchers_qr_opens_a_page_that_says_what_it_is_and_pays_nothing(
    browser: Browser, address: str, kiosk: Kiosk, axe: str, language: str, title: str, state: str
) -> None:
    code, scanned = vouchers(kiosk, f"{address}/bon?lang={language}")[1]
    browser.open(scanned)
    browser.reads(state)
    assert title in browser.text
    assert grouped(code) in browser.text
    assert "0,20" in browser.text
    # what was scanned stays in no address and no history
    assert "#" not in browser.url
    looked_at(browser, axe, f"voucher-{language}")

    forged = scanned.replace("a=20", "a=2000")
    browser.open("about:blank")
    browser.open(forged)
    browser.reads({"fr": "Ce n’est pas un bon de la Ville", "en": "This is no voucher", "ar": "هذه ليست قسيمة"}[language])
    with closing(sqlite3.connect(_database(address))) as db:
        assert db.execute("SELECT count(*) FROM movement WHERE kind = 'paid' AND code = ?", (code,)).fetchone()[0] <= 1


def test_pages_have_their_style_fit_the_window_and_label_each_field(browser: Browser, address: str, kiosk: Kiosk) -> None:
    for path in ("/login?lang=fr", "/bon?lang=fr", "/bon?lang=ar"):
        browser.open(address + path)
        assert browser.run("return getComputedStyle(document.querySelector('main')).maxWidth") != "none"
        assert browser.run("return document.documentElement.scrollWidth <= window.innerWidth")
        assert browser.run("return [...document.querySelectorAll('input:not([type=hidden])')].filter(e => !e.labels.length).length") == 0
        assert browser.run("return document.documentElement.lang") == ("ar" if "ar" in path else "fr")


def _database(address: str) -> Path:
    """Of the city that is served there."""
    return Path(OPEN[address]._url.removeprefix("sqlite:///"))
