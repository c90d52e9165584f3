"""The browser door: pages, files and a WebSocket, over HTTP/1.1."""
