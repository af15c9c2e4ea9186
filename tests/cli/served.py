"""A real HTTP server on loopback, which sends what a test has it send: whole, in parts, slowly, wrongly, without an end."""
import email.utils
import hashlib
import http.server
import socketserver
import ssl
import threading
import time


class Thing:
    """One address. The marks say how it is sent."""

    def __init__(self, body=b"", tag=True, modified=0, ranges=True, cut=0, cut_times=0, fail=0, status=503, location=None, endless=False,
                 slow=0.0, headers=(), huge=0, retry=None):
        self.body, self.tag, self.modified, self.ranges = body, tag, modified, ranges
        self.cut, self.cut_times = cut, cut_times      # bytes after which the connection ends, and how often
        self.fail, self.status = fail, status          # how often it answers with that status first
        self.location, self.endless, self.slow = location, endless, slow
        self.headers, self.huge, self.retry = headers, huge, retry
        self.asked = []                                # (status, what was asked with) of each request

    @property
    def etag(self):
        return '"' + hashlib.sha256(self.body).hexdigest()[:16] + '"'


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def head(self, thing, status, fields):
        thing.asked.append((status, {name.lower(): value for name, value in self.headers.items()}))
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        for name, value in thing.headers:
            self.send_header(name, value)
        for number in range(thing.huge):
            self.send_header(f"X-Filler-{number}", "x" * 1000)
        self.end_headers()

    def do_GET(self):  # pylint: disable=invalid-name
        thing = self.server.things.get(self.path)
        try:
            if thing is None:
                self.server.missed.append(self.path)
                self.send_error(404)
            else:
                self.answer(thing)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def answer(self, thing):
        fields = {}
        if thing.tag:
            fields["ETag"] = thing.etag
        if thing.modified:
            fields["Last-Modified"] = email.utils.formatdate(thing.modified, usegmt=True)
        if thing.location:
            self.head(thing, 302, {"Location": thing.location, "Content-Length": "0"})
        elif thing.fail > 0:
            thing.fail -= 1
            more = {"Retry-After": str(thing.retry)} if thing.retry is not None else {}
            self.head(thing, thing.status, {"Content-Length": "0", **more})
        elif self.headers.get("If-None-Match") == thing.etag and thing.tag:
            self.head(thing, 304, fields)
        elif thing.modified and not thing.tag and self.headers.get("If-Modified-Since") == fields["Last-Modified"]:
            self.head(thing, 304, fields)
        else:
            self.send_body(thing, fields)

    def send_body(self, thing, fields):
        body, status = thing.body, 200
        asked = self.headers.get("Range")
        same = self.headers.get("If-Range") in (None, fields.get("ETag"), fields.get("Last-Modified"))
        if asked and thing.ranges and same:
            start = int(asked.split("=")[1].split("-")[0])
            if start >= len(body):
                self.head(thing, 416, {"Content-Range": f"bytes */{len(body)}", "Content-Length": "0"})
                return
            fields["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
            body, status = body[start:], 206
        if thing.endless:
            self.head(thing, 200, fields)
            self.close_connection = True
            while True:
                self.wfile.write(b"x" * 65536)
        self.head(thing, status, fields | {"Content-Length": str(len(body))})
        if thing.cut_times > 0:
            thing.cut_times -= 1
            body = body[:thing.cut]
            self.close_connection = True
        if thing.slow:
            self.wfile.write(body[:10])
            self.wfile.flush()
            time.sleep(thing.slow)
            body = body[10:]
        self.wfile.write(body)


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass


def serve(certificate=None, key=None):
    """A server that runs, with .things by path, .missed paths and .base, its address."""
    server = Server(("127.0.0.1", 0), Handler)
    server.things, server.missed = {}, []
    scheme = "http"
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    server.base = f"{scheme}://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
