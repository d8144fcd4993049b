"""A security key for programs on libfido2: `roamkey authenticator` on a unix socket, found through ../hidraw.c.

ROAMKEY_HIDRAW names the socket, ROAMKEY_SHIM the compiled hidraw.c, ROAMKEY_CONTROL the control socket.
"""

import os
import socket
import subprocess

import pytest

DEVICE = "/dev/hidraw99"
PIN = "a1b2c3d4"


class Key:
    """The security key, and programs that talk to it."""

    device = DEVICE
    pin = PIN

    def __init__(self, folder):
        self.folder = folder

    def run(self, *command, typed="", environment=None, meanwhile=None):
        """Runs a program that finds the key. It has no terminal: what it asks for comes from `typed`."""
        shim = {"LD_PRELOAD": os.environ["ROAMKEY_SHIM"], "HOME": str(self.folder)}
        pipes = {stream: subprocess.PIPE for stream in ("stdin", "stdout", "stderr")}
        environment = os.environ | shim | (environment or {})
        program = subprocess.Popen(
            command, cwd=self.folder, env=environment, start_new_session=True, text=True, **pipes
        )
        with program:
            # Time that is put forward before the person is asked is no wait: until it ends, again and again.
            while meanwhile and program.poll() is None:
                self.control(meanwhile)
            stdout, stderr = program.communicate(typed, timeout=60)
        return subprocess.CompletedProcess(command, program.returncode, stdout, stderr)

    def ok(self, *command, **rest):
        """Runs a program that has to succeed, and returns what it prints."""
        done = self.run(*command, **rest)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    def fails(self, *command, **rest):
        """Runs a program that has to fail, and returns what it says."""
        done = self.run(*command, **rest)
        assert done.returncode != 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def token(self, *arguments, **rest):
        return self.ok("fido2-token", *arguments, DEVICE, **rest)

    def set_pin(self):
        self.token("-S", typed=f"{PIN}\n{PIN}\n")

    def file(self, name, *lines):
        path = self.folder / name
        path.write_text("".join(f"{line}\n" for line in lines))
        return str(path)

    @staticmethod
    def control(command):
        """Plays the person, or pulls the plug."""
        with socket.socket(socket.AF_UNIX) as control:
            control.connect(os.environ["ROAMKEY_CONTROL"])
            control.sendall(command.encode() + b"\n")
            assert control.makefile().readline() == "ok\n", command


@pytest.fixture
def key(tmp_path):
    """A key as it comes from the factory."""
    key = Key(tmp_path)
    key.control("touch on")
    key.control("power-cycle")
    key.token("-R")
    return key
