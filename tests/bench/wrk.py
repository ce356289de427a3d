"""Load from outside: Debian's wrk with keep-alive, one thread, prepared requests."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("replay.lua")


@dataclass(frozen=True)
class Asked:
    """One prepared request."""

    path: str
    cookie: str = ""
    body: str = ""

    def line(self) -> str:
        return "\t".join(("POST" if self.body else "GET", self.path, self.cookie, self.body))


@dataclass(frozen=True)
class Measured:
    """What wrk saw; `refused` are answers of 400 and above, `failed` are connections that broke."""

    requests: int
    seconds: float
    p50_ms: float
    p95_ms: float
    refused: int
    failed: int

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


def require() -> None:
    """End with the cure in one line when wrk is missing; on Debian as root, install it."""
    if shutil.which("wrk"):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Debian's wrk ...", file=sys.stderr)
        quiet = {
            "stdout": subprocess.DEVNULL,
            "check": False,
            "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        }
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "wrk"]):
            subprocess.run(command, **quiet)
    if not shutil.which("wrk"):
        sys.exit("The load comes from wrk. Type: sudo apt-get install -y wrk")


def load(address: str, asked: Sequence[Asked], connections: int, seconds: float, folder: Path) -> Measured:
    """Send the requests in turn for so many seconds over so many kept connections. Raises RuntimeError with wrk's words."""
    prepared = folder / "requests.tsv"
    prepared.write_text("".join(one.line() + "\n" for one in asked), encoding="utf-8")
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{seconds:.0f}s",
        "--timeout",
        "30s",
        "-s",
        str(SCRIPT),
        address,
        "--",
        str(prepared),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    line = next((line for line in done.stdout.splitlines() if line.startswith("JSON ")), None)
    if done.returncode or line is None:
        raise RuntimeError(f"wrk: {done.stderr or done.stdout}")
    return Measured(**json.loads(line.removeprefix("JSON ")))
