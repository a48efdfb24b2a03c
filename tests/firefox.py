"""Firefox as Debian has it, without a window, driven by its own protocol, Marionette.

Playwright drives a Firefox of its own alone, which it would have to download, and drivers of WebDriver BiDi are large
packages of npm; what Firefox itself speaks is JSON on a socket, and its commands are those of WebDriver (W3C).
"""
from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PREFERENCES = {
    "marionette.port": 0,                                  # one that is free, which it writes into its profile
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.enabled": False,
}
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""What a reference to an element is called in JSON (WebDriver §12.2)."""


CONTROL = "\ue009"
"""The key (WebDriver §17.4.2)."""


class Firefox:
    """A running Firefox with one page. What it refuses is a RuntimeError."""

    def __init__(self, port: int, patience: float) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=patience)
        self._answers = self._socket.makefile("rb")
        self._number = 0
        self._read()                                       # what it is
        self.command("WebDriver:NewSession", capabilities={})
        self.command("WebDriver:SetTimeouts", **dict.fromkeys(("script", "pageLoad", "implicit"), int(patience * 1000)))

    def _read(self) -> Any:
        """The next message: its length, a colon, JSON."""
        length = b""
        while (octet := self._answers.read(1)) != b":":
            assert octet, "Firefox has ended"
            length += octet
        return json.loads(self._answers.read(int(length)))

    def command(self, name: str, **parameters: Any) -> Any:
        """What a command of Marionette returns."""
        self._number += 1
        message = json.dumps([0, self._number, name, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, number, error, result = self._read()
        assert number == self._number
        if error:
            raise RuntimeError(f"{name}: {error['error']}: {error['message']}")
        return result.get("value", result) if isinstance(result, dict) else result

    def close(self) -> None:
        """Hangs up."""
        self._answers.close()
        self._socket.close()

    def open(self, address: str) -> None:
        """Goes to a page, until it has loaded."""
        self.command("WebDriver:Navigate", url=address)

    def reload(self) -> None:
        """Loads its page again, as who presses F5, without waiting for it. The command of WebDriver does what Firefox
        does with the shift key, too: it asks neither caches nor service workers."""
        self._within("Services.wm.getMostRecentBrowserWindow().gBrowser.reload();")

    def run(self, function: str, *values: Any) -> Any:
        """What a function of JavaScript returns, or promises, that is called in the page."""
        told = self.command("WebDriver:ExecuteAsyncScript", sandbox=None, args=list(values), script=f"""
            const tell = arguments[arguments.length - 1];
            Promise.resolve(({function})(...[...arguments].slice(0, -1))).then(
              (value) => tell([value, null]), (error) => tell([null, String(error)]));""")
        value, error = told
        if error is not None:
            raise RuntimeError(error)
        return value

    def until(self, selector: str) -> None:
        """Waits for an element: through all pages that come and go meanwhile, as no function that runs in one can."""
        self._element(selector)

    def _element(self, selector: str) -> str:
        found: str = self.command("WebDriver:FindElement", using="css selector", value=selector)[ELEMENT]
        return found

    def type(self, selector: str, text: str) -> None:
        """Types into an element; chooses files by their path in one that takes files."""
        self.command("WebDriver:ElementSendKeys", id=self._element(selector), text=text)

    def click(self, selector: str) -> None:
        """Clicks an element."""
        self.command("WebDriver:ElementClick", id=self._element(selector))

    def text(self, selector: str, frame: str) -> str:
        """The text that an element of a frame shows, once it is there."""
        self.command("WebDriver:SwitchToFrame", element=self._element(frame))
        try:
            shown: str = self.command("WebDriver:GetElementText", id=self._element(selector))
        finally:
            self.command("WebDriver:SwitchToFrame", element=None)
        return shown

    def _within(self, script: str, *values: Any) -> Any:
        """What a script returns that runs in Firefox itself, not in its page."""
        self.command("Marionette:SetContext", value="chrome")
        try:
            return self.command("WebDriver:ExecuteScript", args=list(values), script=script)
        finally:
            self.command("Marionette:SetContext", value="content")

    def paste(self, text: str) -> None:
        """Presses Control and V, with a text in the clipboard, where the focus is."""
        self._within("""Cc["@mozilla.org/widget/clipboardhelper;1"].getService(Ci.nsIClipboardHelper)
            .copyString(arguments[0]);""", text)
        keys = [{"type": kind, "value": key} for kind, key in (
            ("keyDown", CONTROL), ("keyDown", "v"), ("keyUp", "v"), ("keyUp", CONTROL))]
        self.command("WebDriver:PerformActions", actions=[{"type": "key", "id": "keyboard", "actions": keys}])

    def errors(self, source: str) -> list[str]:
        """The errors in its console that name a text, such as the address of a page."""
        told: list[str] = self._within(
            "return Services.console.getMessageArray().map((one) => `${one.message}`);")
        return [one for one in told if "JavaScript Error" in one and source in one]


@contextlib.contextmanager
def running(program: str, room: Path, patience: float = 120) -> Iterator[Firefox]:
    """Firefox, with its profile in a directory; `patience`: seconds that anything may take."""
    profile = room / "profile"
    profile.mkdir()
    (profile / "user.js").write_text("".join(
        f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()), "utf-8")
    with (room / "firefox.log").open("wb") as log:
        process = subprocess.Popen([program, "--headless", "--no-remote", "--profile", profile, "-marionette",
                                    "-remote-allow-system-access"], stdout=log, stderr=log)
        try:
            port, end = profile / "MarionetteActivePort", time.monotonic() + patience
            while not (port.exists() and port.read_text("ascii")):
                assert process.poll() is None, (room / "firefox.log").read_text("utf-8", "replace")
                assert time.monotonic() < end, "Firefox does not start"
                time.sleep(0.05)
            with contextlib.closing(Firefox(int(port.read_text("ascii")), patience)) as firefox:
                yield firefox
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
