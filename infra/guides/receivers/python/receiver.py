"""A system that erases when the desk says so. DESK=https://privacy.example.com PORT=8080 python receiver.py"""
import json, os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from genuine import desk, genuine

people = set(os.environ.get("PEOPLE", "").split(","))  # in place of your database

def erase(email):
    if email not in people:
        return {"outcome": "not_found"}
    people.remove(email)
    return {"outcome": "done", "records": 1}

class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            genuine({k.lower(): v for k, v in self.headers.items()}, body)
        except Exception:
            return self.answer(401)
        try:
            address = json.loads(body)["data"]["address"]
            desk(address, erase(desk(address)["person"]["email"]))
            self.answer(204)
        except Exception:
            self.answer(500)  # the desk tells us again

    def answer(self, status):
        self.send_response(status)
        self.end_headers()

ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Receiver).serve_forever()
