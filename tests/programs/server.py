"""A server that does not say what it allows, and redirects there."""
import contextlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/to":
            self.send_response(302)
            self.send_header("Location", "/405")
            self.send_header("Content-Length", "0")
        else:
            self.send_response(405 if self.path == "/405" else 200)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", "2")
        self.end_headers()
        if self.path != "/to":
            self.wfile.write(b"ok")

    def log_message(self, *arguments):
        pass


@contextlib.contextmanager
def serving():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
