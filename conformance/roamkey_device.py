"""A pytest plugin: the device suite of python-fido2 finds one security key, ours, behind TCP.

ROAMKEY_DEVICE names its port, ROAMKEY_CONTROL the control socket of `roamkey authenticator --presence control:PATH`. The
suite's own way to a robot that touches and unplugs the device (`--controller`) leads to that socket.
"""

import os
import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import fido2.hid
from fido2.hid.base import CtapHidConnection, HidDescriptor

FRAME = 64
power = {"on": True, "times": 0}


class Connection(CtapHidConnection):
    """Frames of 64 bytes over a stream, each behind its length."""

    def __init__(self, descriptor):
        self.socket = socket.create_connection(("127.0.0.1", int(os.environ["ROAMKEY_DEVICE"])))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stream = self.socket.makefile("rb")

    def read_packet(self):
        frame = self.stream.read(2 + FRAME)
        if len(frame) < 2 + FRAME:
            raise OSError("the device is gone")
        return frame[2:]

    def write_packet(self, data):
        self.socket.sendall(struct.pack(">H", len(data)) + data)

    def close(self):
        self.socket.close()


def list_descriptors():
    # Systems name a device anew when it comes back.
    path = f"roamkey{power['times']}"
    return [HidDescriptor(path, 0x1209, 1, FRAME, FRAME, "Roamkey", None)] if power["on"] else []


fido2.hid.list_descriptors = list_descriptors
fido2.hid.get_descriptor = lambda path: next(d for d in list_descriptors() if d.path == path)
fido2.hid.open_connection = Connection


def tell(command):
    with socket.socket(socket.AF_UNIX) as control:
        control.connect(os.environ["ROAMKEY_CONTROL"])
        control.sendall(command.encode() + b"\n")
        answer = control.makefile().readline().strip()
    if answer != "ok":
        raise RuntimeError(f"{command}: {answer}")


class Robot(BaseHTTPRequestHandler):
    def do_GET(self):
        match self.path.strip("/").split("/"):
            case [_, "touch", state]:
                tell(f"touch {state}")
            case [_, "power", "off"]:
                power["on"] = False
            case [_, "power", "on"]:
                tell("power-cycle")
                power.update(on=True, times=power["times"] + 1)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def pytest_configure(config):
    robot = ThreadingHTTPServer(("127.0.0.1", 0), Robot)
    threading.Thread(target=robot.serve_forever, daemon=True).start()
    config.option.controller = f"http://127.0.0.1:{robot.server_port}"
