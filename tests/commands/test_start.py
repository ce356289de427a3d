"""`flask prepare` and `flask start`: one command from nothing to a served page, a second one that changes nothing."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.databases import environment
from tracker.config import ROOT
from tracker.models import Base, Document, Task, User


def flask(*words: str, env: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)


def content(url: str) -> dict[str, list[Any]]:
    """Every row of every table, so that "changes nothing" is looked at and not assumed."""
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        found = {
            t.name: sorted(map(repr, connection.execute(sa.select(t))))
            for t in Base.metadata.sorted_tables
            if t.name != "job_run"
        }
    engine.dispose()
    return found


def passwords(printed: str) -> dict[str, str]:
    return dict(re.findall(r"^  (\S+@\S+)\s+(\S+)", printed, re.MULTILINE))


@pytest.mark.parametrize("empty_database_url", ["sqlite", "postgresql"], indirect=True)
def test_prepare_once_and_again(empty_database_url: str, tmp_path: Path) -> None:
    env = environment(empty_database_url, tmp_path)
    first = flask("prepare", env=env)
    assert first.returncode == 0, first.stderr
    given = passwords(first.stdout)
    assert set(given) == {
        f"{who}@baro.example" for who in ("quan-tri", "van-phong", "chuyen-vien", "thuong-truc", "lanh-dao")
    }
    assert len(set(given.values())) == 5
    assert min(map(len, given.values())) >= 20
    before = content(empty_database_url)
    assert len(before[Document.__tablename__]) == 5
    assert len(before[Task.__tablename__]) == 207
    assert not any(word in row for row in before[User.__tablename__] for word in given.values())
    second = flask("prepare", env=env)
    assert second.returncode == 0, second.stderr
    assert passwords(second.stdout) == {}
    assert content(empty_database_url) == before
    secret = tmp_path / "secret_key"
    assert oct(secret.stat().st_mode & 0o777) == "0o600"


def test_two_installations_have_no_secret_in_common(tmp_path: Path) -> None:
    printed = []
    for name in ("one", "two"):
        folder = tmp_path / name
        printed.append(passwords(flask("prepare", env=environment(f"sqlite:///{folder}/baro.db", folder)).stdout))
    assert not set(printed[0].values()) & set(printed[1].values())
    assert (tmp_path / "one/secret_key").read_text() != (tmp_path / "two/secret_key").read_text()


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def opened(url: str) -> tuple[int, str]:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.status, answer.read().decode()
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer")


def test_start_serves_pages_with_the_clock_beside_and_stops_cleanly(tmp_path: Path) -> None:
    port = free_port()
    env = environment(f"sqlite:///{tmp_path}/baro.db", tmp_path, BARO_LISTEN=f"127.0.0.1:{port}")
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "start"]
    running = subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        status, page = opened(f"http://127.0.0.1:{port}/dang-nhap")
        assert status == 200
        assert "Đăng nhập" in page
        assert "dien-tap" not in page
        assert opened(f"http://127.0.0.1:{port}/healthz")[0] == 200
        # Longer than gunicorn allows by itself, and its refusal speaks English: what is pasted into a search still gets a page.
        assert opened(f"http://127.0.0.1:{port}/dang-nhap?next=/nhiem-vu?q={'a' * 7000}")[0] == 200
        modes = {file.name: oct(file.stat().st_mode & 0o777) for file in tmp_path.iterdir()}
        assert modes.pop("evidence", "0o700") == "0o700"  # a folder, opened by its owner only
        assert modes == dict.fromkeys(modes, "0o600") and {"baro.db", "secret_key"} <= set(modes)
        engine = sa.create_engine(f"sqlite:///{tmp_path}/baro.db")
        for _ in range(200):
            with engine.connect() as connection:
                if connection.execute(
                    sa.text("SELECT count(*) FROM job_run WHERE finished_at IS NOT NULL")
                ).scalar_one():
                    break
            time.sleep(0.1)
        else:
            raise AssertionError("the worker never beat")
        running.send_signal(signal.SIGTERM)
        printed = running.communicate(timeout=60)[0]
        assert running.returncode == 0, printed
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5)


def test_a_refused_configuration_is_one_sentence(tmp_path: Path) -> None:
    env = environment(f"sqlite:///{tmp_path}/baro.db", tmp_path, SMTP_HSOT="mail.example")
    refused = flask("prepare", env=env)
    assert refused.returncode != 0
    assert "Không có biến SMTP_HSOT. Có phải SMTP_HOST?" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_full_disk_is_one_sentence_and_no_harm(tmp_path: Path) -> None:
    env = environment(f"sqlite:///{tmp_path}/baro.db", tmp_path)
    small = [
        "bash",
        "-c",
        'ulimit -f 400; exec "$@"',
        "bash",
        sys.executable,
        "-m",
        "flask",
        "--app",
        "wsgi",
        "prepare",
    ]
    stopped = subprocess.run(small, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
    assert stopped.returncode == 1
    assert "Cơ sở dữ liệu không làm được việc này (" in stopped.stderr and "Traceback" not in stopped.stderr
    again = flask("prepare", env=env)
    assert (again.returncode, len(passwords(again.stdout))) == (0, 5), again.stderr


def test_a_taken_port_is_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        refused = flask("start", env=environment(f"sqlite:///{tmp_path}/baro.db", tmp_path, BARO_LISTEN=listen))
    assert refused.returncode != 0
    assert f"Không mở được {listen}" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("command", ["prepare", "stats"])
def test_a_database_that_does_not_answer_is_one_sentence(tmp_path: Path, command: str) -> None:
    answer = flask(command, env=environment("postgresql://nobody:secret@127.0.0.1:1/none", tmp_path))
    assert answer.returncode == 1
    assert answer.stderr.strip() == "Cơ sở dữ liệu không trả lời; hãy xem lại DATABASE_URL và máy chủ cơ sở dữ liệu."
