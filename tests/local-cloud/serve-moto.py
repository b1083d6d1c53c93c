"""moto that can be taken back to a moment: a process stands still there, and another, forked off it, goes on.

POST /barter/remember keeps the moment; POST /barter/rewind goes back to the last one kept, as often as it is asked, and
POST /barter/forget goes back there and keeps it no longer, so that the last one is the one before. at a time, so that no other is under way when a process is forked. It ends when whoever started it has.

GET /barter/fingerprint answers a hash of all that it knows, but for the content of objects: of that it knows the ETag.
"""

import collections
import datetime
import decimal
import enum
import gc
import hashlib
import os
import select
import signal
import sys

from moto.core.base_backend import BackendDict
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

REMEMBER, REWIND, FORGET = "/barter/remember", "/barter/rewind", "/barter/forget"
GO_BACK = {REWIND: 77, FORGET: 78}
"""By what code a process tells the one that stands still what to do."""


class Handler(MotoRequestHandler):
    timeout = 30
    """Seconds for which a connection may say nothing."""

    def log(self, type, message, *args):
        """Nobody reads it."""


class Server:
    def __init__(self):
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.order = None
        self.kept = 0
        self.child = None

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        if path == "/barter/fingerprint":
            return Response(fingerprint())(environ, start_response)
        if path != REMEMBER and path not in GO_BACK:
            return self.moto(environ, start_response)
        if path in GO_BACK and self.kept == 0:
            return Response("No moment was kept.", 409)(environ, start_response)
        # Done when the answer is out and the connection closed: no process may inherit it.
        self.order = path
        return Response("")(environ, start_response)

    def obey(self):
        order, self.order = self.order, None
        if order in GO_BACK:
            os._exit(GO_BACK[order])
        if order == REMEMBER:
            self.stand_still()

    def stand_still(self):
        """Returns in the process that goes on: one forked off, or this one when its moment is forgotten."""
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


def fingerprint():
    digest = hashlib.sha256()
    places = {}
    # What has been seen stays, so that nothing new gets its place.
    seen = []

    def walk(value):
        if value is None or isinstance(value, (bool, int, float, str, bytes, bytearray)):
            digest.update(repr(value).encode())
            return
        if id(value) in places:
            digest.update(b"@%d" % places[id(value)])
            return
        places[id(value)] = len(seen)
        seen.append(value)
        digest.update(type(value).__name__.encode())
        if isinstance(value, dict):
            for key, each in value.items():
                walk(key)
                walk(each)
        if isinstance(value, (list, tuple, collections.deque)):
            for each in value:
                walk(each)
        elif isinstance(value, (set, frozenset)):
            digest.update(repr(sorted(map(repr, value))).encode())
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
    app = Server()
    signal.signal(signal.SIGTERM, app.end)
    server = make_server("127.0.0.1", 0, app, threaded=False, request_handler=Handler)
    server.timeout = 5
    server.handle_timeout = lambda: is_abandoned() and app.end()
    print(server.server_address[1], flush=True)
    # What is there by now stays: no process need copy it to look whether it is in use.
    gc.freeze()
    while True:
        server.handle_request()
        app.obey()


main()
