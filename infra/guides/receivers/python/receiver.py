"""A system that erases, and sends what it holds, when the desk says so. DESK=https://privacy.example.com PORT=8080 python receiver.py"""
import json, os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from genuine import desk, genuine
from send import send

people = set(os.environ.get("PEOPLE", "").split(","))  # in place of your database

def carry_out(task, address, email):
    if email not in people:
        return {"outcome": "not_found"}
    if task == "erasure":
        people.remove(email)
    elif task == "access":
        send(address, {"email": email})
    else:
        return {"outcome": "failed", "ground": "this system cannot do that"}
    return {"outcome": "done", "records": 1}

class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            genuine({k.lower(): v for k, v in self.headers.items()}, body)
        except Exception:
            return self.answer(401)
        try:
            data = json.loads(body)["data"]
            person = desk(data["address"])["person"]
            desk(data["address"], carry_out(data["task"], data["address"], person["email"]))
            self.answer(204)
        except Exception:
            self.answer(500)  # the desk tells us again

    def answer(self, status):
        self.send_response(status)
        self.end_headers()

ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Receiver).serve_forever()
