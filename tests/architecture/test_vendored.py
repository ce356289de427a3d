"""What others wrote and we serve is what they published: every file is in the manifest with its hash."""

import hashlib

from tests.architecture.code import ROOT, said

STATIC = ROOT / "static"


def _manifest() -> dict[str, str]:
    lines = (STATIC / "vendor/MANIFEST.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    assert rows and all(len(row) == 5 for row in rows), "A line is: SHA-256, file, name, version, licence."
    return {path: digest for digest, path, *_ in rows}


def _present() -> dict[str, str]:
    files = [path for folder in ("vendor", "fonts") for path in (STATIC / folder).rglob("*") if path.is_file()]
    return {
        path.relative_to(STATIC).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.name != "MANIFEST.txt"
    }


def test_vendored_files_are_as_published() -> None:
    listed, present = _manifest(), _present()
    wrong = [
        f"static/{path}: listed {listed.get(path, 'not at all')}, found {present.get(path, 'no file')}"
        for path in sorted(listed.keys() | present.keys())
        if listed.get(path) != present.get(path)
    ]
    assert not wrong, said(wrong, "Take the published file again and write its hash in static/vendor/MANIFEST.txt.")
