"""moto that can be taken back to a moment: a process stands still there, and another, forked off it, goes on.

POST /barter/remember keeps the moment; POST /barter/rewind goes back to the last one kept, as often as it is asked, and
POST /barter/forget goes back there and keeps it no longer, so that the last one is the one before. One request is answered
at a time, so that no other is under way when a process is forked. It ends when whoever started it has.

GET /barter/fingerprint answers a hash of all that it knows, but for the content of objects: of that it knows the ETag.
GET /barter/likeness answers one that is the same where nothing differs but seconds, what was drawn by chance, in which order
items of a partition were written, and how often within a minute one decision was noted.
"""

import collections
import datetime
import decimal
import enum
import functools
import gc
import hashlib
import io
import os
import re
import select
import signal
import socket
import sys

from moto.core.base_backend import BackendDict
from moto.dynamodb.models.dynamo_type import Item
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Response

REMEMBER, REWIND, FORGET = "/barter/remember", "/barter/rewind", "/barter/forget"
FINGERPRINT, LIKENESS = "/barter/fingerprint", "/barter/likeness"
GO_BACK = {REWIND: 77, FORGET: 78}
"""By what code a process tells the one that stands still what to do."""


class Connection(MotoRequestHandler):
    """Stays open from one request to the next."""

    protocol_version = "HTTP/1.1"
    timeout = 30
    """Seconds that the rest of a request may take."""

    def __init__(self, connection, server):
        self.request, self.client_address, self.server = connection, ("127.0.0.1", 0), server
        self.setup()

    def run_wsgi(self):
        environ = self.make_environ()
        sent = environ["wsgi.input"]
        length = int(self.headers.get("content-length") or 0)
        environ["wsgi.input"] = io.BytesIO(
            sent.read() if environ.get("wsgi.input_terminated") else sent.read(length)
        )
        answer, status, headers = run_wsgi_app(self.server, environ, buffered=True)
        body = b"".join(answer)
        # Of an object that is asked for by HEAD alone, its own length is told.
        if "content-length" not in headers:
            headers["content-length"] = str(len(body))
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers.items())]
        head = "\r\n".join([*lines, "", ""]).encode("latin1")
        self.wfile.write(head if self.command == "HEAD" else head + body)

    def log(self, type, message, *args):
        """Nobody reads it."""

    def close(self):
        self.finish()
        self.connection.close()


class Server:
    ssl_context, multithread, multiprocess = None, False, False
    """What a connection asks of it."""

    def __init__(self):
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.moto.get_backend_for_host = functools.cache(self.moto.get_backend_for_host)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.server_address = self.listener.getsockname()
        self.connections = {}
        self.order = None
        self.kept = 0
        self.child = None

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        if path == FINGERPRINT:
            return Response(fingerprint(Sameness()))(environ, start_response)
        if path == LIKENESS:
            return Response(fingerprint(Likeness()))(environ, start_response)
        if path != REMEMBER and path not in GO_BACK:
            return self.moto(environ, start_response)
        if path in GO_BACK and self.kept == 0:
            return Response("No moment was kept.", 409)(environ, start_response)
        # Done when the answer is out and all connections are closed: no process may inherit one.
        self.order = path
        return Response("")(environ, start_response)

    def serve(self):
        """Answers what comes next."""
        readable, _, _ = select.select([self.listener, *self.connections], [], [], 5)
        if not readable and is_abandoned():
            self.end()
        for each in readable:
            if each is self.listener:
                accepted, _ = self.listener.accept()
                self.connections[accepted] = Connection(accepted, self)
                continue
            connection = self.connections[each]
            try:
                connection.handle_one_request()
            except ConnectionError:
                connection.close_connection = True
            if connection.close_connection:
                self.connections.pop(each)
                connection.close()
            if self.order is not None:
                self.obey()
                return

    def obey(self):
        order, self.order = self.order, None
        for connection in self.connections.values():
            connection.close()
        self.connections.clear()
        if order in GO_BACK:
            os._exit(GO_BACK[order])
        self.stand_still()

    def stand_still(self):
        """Returns in the process that goes on: one forked off, or this one when its moment is forgotten."""
        # What is there by now stays: no process need copy it to look whether it is in use.
        gc.freeze()
        while True:
            self.child = os.fork()
            if self.child == 0:
                self.child = None
                self.kept += 1
                return
            code = os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])
            if code == GO_BACK[FORGET]:
                self.child = None
                return
            if code != GO_BACK[REWIND]:
                os._exit(0 if code == 0 else 1)

    def end(self, *_):
        if self.child is not None:
            os.kill(self.child, signal.SIGTERM)
        os._exit(0)


class Sameness:
    """What differs in anything is not the same."""

    def of(self, value):
        return value

    def entries(self, values):
        return values.items()


class Likeness:
    """Of times it leaves the minute, and who is known by a drawn name goes by its place among such names."""

    DECISIONS = "decisions#"
    """Partitions in which a function that is called again notes again what it decides."""

    SECONDS = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d):\d\d(?:\.\d+)?")
    # A UUID; a signature by ECDSA.
    DRAWN = re.compile(
        r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\bME[A-Za-z0-9+/]{90,94}={0,2}"
    )

    def __init__(self):
        self.places = {}

    def of(self, value):
        if isinstance(value, float):
            return 0.0
        if not isinstance(value, str):
            return value
        return self.DRAWN.sub(self.place, self.SECONDS.sub(r"\1", value))

    def entries(self, values):
        items = [each for each in values.items() if isinstance(each[1], Item)]
        if len(items) < len(values) or not items:
            return values.items()
        told = {}
        for key, item in items:
            text = self.SECONDS.sub(r"\1", f"{item.range_key} {item.to_json()}")
            noted = str(item.hash_key.value).startswith(self.DECISIONS)
            told.setdefault(text if noted else (text, key), (text, key, item))
        # As DynamoDB has them: by their keys.
        told = sorted(told.values(), key=lambda each: self.DRAWN.sub("", each[0]))
        return [(key, item) for _, key, item in told]

    def place(self, drawn):
        return "drawn %d" % self.places.setdefault(drawn.group(), len(self.places))


def fingerprint(view):
    digest = hashlib.sha256()
    places = {}
    # What has been seen stays, so that nothing new gets its place.
    seen = []

    def walk(value):
        if value is None or isinstance(value, (bool, int, float, str, bytes, bytearray)):
            digest.update(repr(view.of(value)).encode())
            return
        if id(value) in places:
            digest.update(b"@%d" % places[id(value)])
            return
        places[id(value)] = len(seen)
        seen.append(value)
        digest.update(type(value).__name__.encode())
        if isinstance(value, dict):
            for key, each in view.entries(value):
                walk(key)
                walk(each)
        if isinstance(value, (list, tuple, collections.deque)):
            for each in value:
                walk(each)
        elif isinstance(value, (set, frozenset)):
            digest.update(repr(sorted(map(repr, value))).encode())
        elif isinstance(value, datetime.datetime):
            digest.update(repr(view.of(value.timestamp())).encode())
        elif isinstance(value, (datetime.date, datetime.timedelta, decimal.Decimal, enum.Enum)):
            digest.update(repr(value).encode())
        elif type(value).__module__.startswith("moto."):
            for name, each in vars(value).items() if hasattr(value, "__dict__") else ():
                # How often an object was looked at.
                if name != "_tick":
                    walk(name)
                    walk(each)

    for backends in BackendDict._instances:
        walk(backends.service_name)
        walk(backends)
    return digest.hexdigest()


def is_abandoned():
    readable, _, _ = select.select([sys.stdin], [], [], 0)
    return bool(readable) and os.read(sys.stdin.fileno(), 1) == b""


def main():
    server = Server()
    signal.signal(signal.SIGTERM, server.end)
    print(server.server_address[1], flush=True)
    while True:
        server.serve()


main()
