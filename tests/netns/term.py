"""
term - a program on a terminal of its own: keys in, screen text out.

Keeps: everything the program has written, the lines that this makes on a screen without an end,
and how much of them has been looked at. Waits for text, never for a time.
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

from lab import Failure, slow

TOKEN = re.compile(r"\x1b\[([0-9;?]*)([a-zA-Z@])|\x1b\][^\x07]*\x07|\x1b[=>78]|\x1b[()].|[^\x1b]", re.S)


class Screen:
    """Lines, from the first one on, and a cursor: as much of a terminal as libedit needs."""

    def __init__(self):
        self.lines, self.row, self.column, self.rest = [[]], 0, 0, ""

    def feed(self, data):
        data = self.rest + data
        at = 0
        while at < len(data):
            m = TOKEN.match(data, at)
            if not m:
                break  # a sequence that has not come whole
            self.one(m.group(0), m.group(1), m.group(2))
            at = m.end()
        self.rest = data[at:]

    def one(self, text, args, verb):
        n = int(args) if args and args.isdigit() else 1
        line = self.lines[self.row]
        if verb == "C":
            self.column += n
        elif verb == "D":
            self.column = max(0, self.column - n)
        elif verb == "G":
            self.column = n - 1
        elif verb == "A":
            self.row = max(0, self.row - n)
        elif verb == "K":
            del line[self.column:]
        elif verb == "J":
            del line[self.column:]
            del self.lines[self.row + 1:]
        elif verb == "P":
            del line[self.column:self.column + n]
        elif verb == "@":
            line[self.column:self.column] = [" "] * n
        elif verb == "H":
            self.lines.append([])
            self.row, self.column = len(self.lines) - 1, 0
        elif text == "\r":
            self.column = 0
        elif text == "\b":
            self.column = max(0, self.column - 1)
        elif text == "\n":
            self.row += 1
            if self.row == len(self.lines):
                self.lines.append([])
        elif text >= " ":
            line.extend(" " * (self.column - len(line)))
            line[self.column:self.column + 1] = [text]
            self.column += 1

    def text(self):
        line = self.lines[self.row]  # a blank may be a step of the cursor
        line.extend(" " * (self.column - len(line)))
        return "\n".join("".join(line) for line in self.lines)


class Term:
    """argv on a terminal of rows by columns, in namespace ns."""

    def __init__(self, ns, argv, env=None, rows=40, columns=100):
        self.raw, self.seen, self.screen = "", 0, Screen()
        env = dict(os.environ, TERM="xterm", **(env or {}))
        env.pop("LINES", None)
        env.pop("COLUMNS", None)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                os.execvpe("nsenter", ns.argv(argv), env)
            finally:
                os._exit(127)
        self.resize(rows, columns)

    def resize(self, rows, columns):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, wait):
        """What has come; False: the program has ended."""
        if not select.select([self.fd], [], [], wait)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False
        text = data.decode(errors="replace")
        self.raw += text
        self.screen.feed(text)
        return bool(data)

    def wait(self, pattern, limit=10.0):
        """Waits until the pattern is in what was not looked at; gives the text up to its end."""
        end = time.monotonic() + limit * slow()
        while True:
            text = self.screen.text()
            m = re.compile(pattern, re.M).search(text, self.seen)
            if m:
                found, self.seen = text[self.seen:m.end()], m.end()
                return found
            if not self.read(0.1) or time.monotonic() > end:
                raise Failure("no %r on the terminal; there is: %r" %
                              (pattern, text[self.seen:][-500:]))

    def send(self, keys):
        os.write(self.fd, keys.encode())

    def ask(self, keys, pattern, limit=10.0):
        self.send(keys)
        return self.wait(pattern, limit)

    def end(self, limit=10.0):
        """Waits for the program to end; its exit status."""
        end = time.monotonic() + limit * slow()
        while self.read(0.05) and time.monotonic() < end:
            pass
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                os.close(self.fd)
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.02)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        raise Failure("the program on the terminal does not end")
