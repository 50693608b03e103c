"""A real Chromium without a window, driven by W3C WebDriver over HTTP: Debian's chromium and chromium-driver, no package more."""

import base64
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from timing import patient, wait_until

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""What WebDriver calls a reference to an element."""

TAB, ENTER, BACKSPACE = "\ue004", "\ue007", "\ue003"


class Browser:
    def __init__(self, session: str) -> None:
        self._session = session

    def _ask(self, method: str, path: str, **body: Any) -> Any:
        answer = requests.request(method, f"{self._session}{path}", json=body if method == "POST" else None, timeout=patient(60))
        said = answer.json()["value"]
        assert answer.status_code == 200, said
        return said

    def open(self, url: str) -> None:
        self._ask("POST", "/url", url=url)

    @property
    def url(self) -> str:
        return str(self._ask("GET", "/url"))

    @property
    def text(self) -> str:
        return str(self.run("return document.body.innerText"))

    def run(self, script: str, *given: Any) -> Any:
        return self._ask("POST", "/execute/sync", script=script, args=list(given))

    def run_async(self, script: str) -> Any:
        return self._ask("POST", "/execute/async", script=script, args=[])

    def keys(self, text: str) -> None:
        """Typed at whatever has the focus, as by a keyboard or a scanner."""
        actions = [{"type": kind, "value": letter} for letter in text for kind in ("keyDown", "keyUp")]
        self._ask("POST", "/actions", actions=[{"type": "key", "id": "keyboard", "actions": actions}])

    def focused(self) -> str:
        """The words of what has the focus: its label, its text, or its name."""
        return str(
            self.run(
                "const e = document.activeElement; return e === document.body ? '' : (e.labels && e.labels[0] ? e.labels[0].innerText : '')"
                " || e.getAttribute('aria-label') || e.innerText || e.name || e.tagName"
            )
        )

    def to(self, words: str) -> None:
        """By Tab alone to what bears these words."""
        for _ in range(80):
            if words in self.focused():
                return
            self.keys(TAB)
        pytest.fail(f"no Tab leads to {words!r}:\n{self.text}")

    def reads(self, words: str) -> None:
        wait_until(lambda: words in self.text)

    def picture(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self._ask("GET", "/screenshot")))


@contextmanager
def chromium(profile: Path, width: int = 1280, height: int = 1000) -> Iterator[Browser]:
    """Skips where it is not installed."""
    driver = shutil.which("chromedriver")
    program = shutil.which("chromium")
    if driver is None or program is None:
        pytest.skip("Chromium is not installed (script/bootstrap all)")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "HOME": str(profile)}
    with (profile / "chromedriver.log").open("wb") as log:
        process = subprocess.Popen([driver, f"--port={port}"], stdout=log, stderr=log, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: _answers(address), timeout_s=60)
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", f"--window-size={width},{height}"]
        options += [f"--user-data-dir={profile / 'profile'}", "--lang=fr"]
        wanted = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": {"binary": program, "args": options}}}}
        made = requests.post(f"{address}/session", json=wanted, timeout=patient(120)).json()["value"]
        assert "sessionId" in made, made
        yield Browser(f"{address}/session/{made['sessionId']}")
        requests.delete(f"{address}/session/{made['sessionId']}", timeout=patient(30))
    finally:
        process.terminate()
        process.wait(patient(30))


def _answers(address: str) -> bool:
    try:
        return bool(requests.get(f"{address}/status", timeout=2).json()["value"]["ready"])
    except requests.RequestException:
        return False
