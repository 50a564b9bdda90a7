"""An editor as the YAML language server sees it: opens a file, asks for completion and hover, receives what is wrong.

https://microsoft.github.io/language-server-protocol/specification, over the server's standard input and output.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, Self


class Editor:
    """A session with the server, in a folder with the settings of an editor."""

    def __init__(self, folder: Path, settings: dict[str, Any]) -> None:
        self._folder, self._settings, self._id = folder, settings, 0
        self._heard: list[dict[str, Any]] = []
        command = ["yaml-language-server", "--stdio"]
        self._server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder)
        place = {"uri": folder.as_uri(), "name": folder.name}
        capabilities = {"workspace": {"configuration": True, "workspaceFolders": True}}
        asked = {
            "processId": None,
            "rootUri": folder.as_uri(),
            "workspaceFolders": [place],
            "capabilities": capabilities,
        }
        self._ask("initialize", asked)
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": settings})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.kill()
        self._server.communicate()

    def open(self, path: str) -> None:
        """Opens a file of the folder."""
        text = (self._folder / path).read_text()
        document = {"uri": self._uri(path), "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})

    def problems(self, path: str) -> list[dict[str, Any]]:
        """What is marked in a file, as of the first answer."""
        while True:
            for message in self._heard:
                found = message.get("params", {})
                if message.get("method") == "textDocument/publishDiagnostics" and found["uri"] == self._uri(path):
                    return found["diagnostics"]
            self._heard.append(self._read())

    def complete(self, path: str, line: int, column: int) -> set[str]:
        """What is offered at a place, counted from 0."""
        found = self._at("completion", path, line, column)
        return {item["label"] for item in (found or {"items": []})["items"]}

    def hover(self, path: str, line: int, column: int) -> str:
        """What is shown at a place, counted from 0."""
        found = self._at("hover", path, line, column)
        return found["contents"]["value"] if found else ""

    def _uri(self, path: str) -> str:
        return (self._folder / path).as_uri()

    def _at(self, what: str, path: str, line: int, column: int) -> Any:
        place = {"textDocument": {"uri": self._uri(path)}, "position": {"line": line, "character": column}}
        return self._ask(f"textDocument/{what}", place)

    def _ask(self, method: str, params: Any) -> Any:
        self._id += 1
        number = self._id
        self._write({"id": number, "method": method, "params": params})
        while True:
            message = self._read()
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message["error"]
                return message["result"]
            self._heard.append(message)

    def _tell(self, method: str, params: Any) -> None:
        self._write({"method": method, "params": params})

    def _write(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._server.stdin
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._server.stdin.flush()

    def _read(self) -> dict[str, Any]:
        """The next message; requests of the server are answered on the way."""
        assert self._server.stdout
        length = 0
        while header := self._server.stdout.readline().strip():
            name, _, value = header.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the server has ended"
        message: dict[str, Any] = json.loads(self._server.stdout.read(length))
        if "method" in message and "id" in message:
            self._write({"id": message["id"], "result": self._reply(message)})
        return message

    def _reply(self, message: dict[str, Any]) -> Any:
        if message["method"] != "workspace/configuration":
            return None
        sections = (item.get("section", "") for item in message["params"]["items"])
        return [{k.partition(".")[2]: v for k, v in self._settings.items() if k.startswith(f"{s}.")} for s in sections]
