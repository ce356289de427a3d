"""Every environment variable, read and checked here and nowhere else. An unknown or malformed value refuses to start."""

import os
import re
import secrets
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from tracker.errors import ConfigError
from tracker.rules import channel_settings

ROOT = Path(__file__).resolve().parent.parent
REHEARSAL_DAY = date(2023, 11, 15)
OUR_PREFIXES = ("SMTP_", "BARO_", "ZALO_")
SECRET_LENGTH = 32
MACHINE = re.compile(r"[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\]")  # a name, an IPv4 address, or an IPv6 address in brackets


@dataclass(frozen=True)
class Variable:
    name: str
    default: str
    meaning: str


VARIABLES = (
    Variable(
        "DATABASE_URL",
        "sqlite:///instance/baro.db",
        "Database: sqlite:///path or postgresql://user:password@host/name.",
    ),
    Variable("SECRET_KEY", "", "Signs sessions; 32 characters or more. Empty: kept in instance/secret_key (0600)."),
    Variable(
        "BASE_URL",
        "",
        "Address people use; links in mails start with it; https makes cookies secure. Empty: http:// and BARO_LISTEN.",
    ),
    Variable("TIME_ZONE", "Asia/Ho_Chi_Minh", "Zone in which days begin and end."),
    Variable("BARO_LISTEN", "127.0.0.1:8000", "Address and port the web server listens on."),
    Variable("BARO_WEB_WORKERS", "1", "Web processes (1-64). SQLite is happy with 1 or 2."),
    Variable("BARO_INSTANCE", "instance", "Folder of the embedded database and the secret."),
    Variable(
        "BARO_EVIDENCE",
        "",
        "Folder of the files agencies hand in; the same for every machine. Empty: evidence in the instance folder.",
    ),
    Variable(
        "BARO_TRUSTED_PROXIES",
        "0",
        "How many reverse proxies stand in front (0-5); their X-Forwarded headers are believed.",
    ),
    Variable("SMTP_HOST", "", "Mail server. Empty: messages stay readable in the message log and wait."),
    Variable("SMTP_PORT", "587", "Port of the mail server."),
    Variable("SMTP_SECURITY", "starttls", "starttls, tls or none."),
    Variable("SMTP_USER", "", "User of the mail server, when it asks for one."),
    Variable("SMTP_PASSWORD", "", "Password of that user."),
    Variable("SMTP_FROM", "Ba Rõ <baro@localhost>", "Sender of the mails."),
    Variable("SMTP_BOUNCES", "", "Address to which mail servers return what they cannot deliver. Empty: SMTP_FROM's."),
    Variable(
        "SMTP_CA_FILE",
        "",
        "Certificates (PEM) that vouch for the mail server beside the system's, of a CA of one's own.",
    ),
    Variable("SMTP_TIMEOUT", "30", "Seconds to wait for each answer of the mail server (1-120)."),
    Variable("SMTP_LETTERS_PER_CONNECTION", "100", "After so many mails a new connection is opened (1-10000)."),
    Variable(
        "BARO_LETTER_ISSUER",
        "ỦY BAN NHÂN DÂN / TỈNH BÌNH ĐỊNH",
        "Who issues the letters, as in their head; / between lines.",
    ),
    Variable("BARO_LETTER_SYMBOL", "UBND-KSTT", "Behind the number of a letter; its last part is who files it."),
    Variable("BARO_LETTER_PLACE", "Bình Định", "Where letters are dated."),
    Variable("BARO_LETTER_SIGNER", "TL. CHỦ TỊCH / CHÁNH VĂN PHÒNG", "As what they are signed; / between lines."),
    Variable("ZALO_APP_ID", "", "Id of the Zalo app that sends reminders. Empty: nothing is ever sent by Zalo."),
    Variable("ZALO_APP_SECRET", "", "Secret key of that app."),
    Variable("ZALO_OA_ID", "", "Id of the Official Account in whose name they come."),
    Variable("ZALO_OA_SECRET", "", "Secret key of its webhook. Empty: events of Zalo are not taken."),
    Variable("ZALO_TEMPLATE_REMINDER", "", "Id of the approved message template of the reminders."),
    Variable("ZALO_KEY", "", "Encrypts Zalo's tokens in the database; 32 characters or more. Empty: SECRET_KEY does."),
    Variable("ZALO_API_URL", "", "Another address than Zalo's own, such as a stand-in on this machine."),
    Variable(
        "DEMO",
        "0",
        "1: rehearsal world in its own database, with one sign-in button per role. Never with DATABASE_URL.",
    ),
)


def load(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return Flask's configuration read from the environment. Raises ConfigError with a sentence naming the variable."""
    given = os.environ if environ is None else environ
    _refuse_unknown(given)
    value = {v.name: given.get(v.name, v.default) for v in VARIABLES}
    instance = _folder("BARO_INSTANCE", value["BARO_INSTANCE"])
    demo = _flag("DEMO", value["DEMO"])
    if demo and given.get("DATABASE_URL"):
        raise ConfigError("DEMO=1 dùng cơ sở dữ liệu riêng: hãy bỏ DATABASE_URL hoặc đặt DEMO=0.")
    listen = _listen(value["BARO_LISTEN"])
    base = _base_url(value["BASE_URL"] or f"http://{listen}")
    return {
        "DEMO": demo,
        "REHEARSAL_DAY": REHEARSAL_DAY if demo else None,
        "INSTANCE": instance,
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{instance}/demo.db"
        if demo
        else _database(value["DATABASE_URL"], instance),
        "SECRET_KEY": _secret(value["SECRET_KEY"], instance),
        "EVIDENCE": _evidence(value["BARO_EVIDENCE"], instance, demo),
        "BASE_URL": base,
        "TIME_ZONE": _zone(value["TIME_ZONE"]),
        "LISTEN": listen,
        "WEB_WORKERS": _number("BARO_WEB_WORKERS", value["BARO_WEB_WORKERS"], 1, 64),
        "TRUSTED_PROXIES": _number("BARO_TRUSTED_PROXIES", value["BARO_TRUSTED_PROXIES"], 0, 5),
        "SESSION_COOKIE_SECURE": base.startswith("https://"),
        **_channels(value, demo),
    }


def _refuse_unknown(given: Mapping[str, str]) -> None:
    known = [v.name for v in VARIABLES]
    for name in given:
        if name.startswith(OUR_PREFIXES) and name not in known:
            near = get_close_matches(name, known, 1)
            raise ConfigError(
                f"Không có biến {name}." + (f" Có phải {near[0]}?" if near else " Xem bảng cấu hình trong README.")
            )


def _flag(name: str, text: str) -> bool:
    if text not in {"0", "1"}:
        raise ConfigError(f"{name}={text!r}: chỉ nhận 0 hoặc 1.")
    return text == "1"


def _number(name: str, text: str, low: int, high: int) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or not low <= int(text) <= high:
        raise ConfigError(f"{name}={text[:80]!r}: cần một số nguyên từ {low} đến {high}.")
    return int(text)


def _folder(name: str, text: str) -> Path:
    if not text.strip():
        raise ConfigError(f"{name}: cần tên một thư mục; bỏ biến này thì dùng thư mục instance.")
    path = Path(text) if Path(text).is_absolute() else ROOT / text
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{name}={text!r}: không tạo được thư mục ({error.strerror}).") from error
    return path


def _evidence(text: str, instance: Path, demo: bool) -> Path:
    """A rehearsal has a folder of its own: what its database does not name would be tidied away."""
    folder = str(instance / "demo-evidence") if demo else text or str(instance / "evidence")
    if any((ROOT / folder).resolve().is_relative_to(ROOT / served) for served in ("static", "templates")):
        raise ConfigError(f"BARO_EVIDENCE={text!r}: không đặt trong thư mục mà máy chủ web đưa ra ngoài.")
    return _folder("BARO_EVIDENCE", folder)


def _database(text: str, instance: Path) -> str:
    if text == "sqlite:///instance/baro.db":
        return f"sqlite:///{instance}/baro.db"
    if text.startswith("sqlite:///") and not re.search(r"[?:]", text.removeprefix("sqlite:///")):
        return f"sqlite:///{_database_file(ROOT / text.removeprefix('sqlite:///'))}"
    for scheme in ("postgresql+psycopg://", "postgresql://", "postgres://"):
        if text.startswith(scheme) and _names_a_database(text):
            return "postgresql+psycopg://" + text.removeprefix(scheme)
    raise ConfigError(
        "DATABASE_URL: cần dạng sqlite:///đường/dẫn.db hoặc postgresql://người_dùng:mật_khẩu@máy/tên_csdl."
    )


def _database_file(path: Path) -> Path:
    """The address itself is not repeated in a sentence: of the other kind it holds a password."""
    if path.is_dir() or path == ROOT:
        raise ConfigError("DATABASE_URL: sau sqlite:/// là tên một tập tin, không phải thư mục.")
    if not path.parent.is_dir():
        raise ConfigError(f"DATABASE_URL: không có thư mục {path.parent}; hãy tạo trước hoặc sửa đường dẫn.")
    return path


def _names_a_database(text: str) -> bool:
    try:
        return bool(make_url(text).database)
    except (ArgumentError, ValueError):
        return False


def _secret(text: str, instance: Path) -> str:
    if text:
        if len(text.strip()) < SECRET_LENGTH:
            raise ConfigError("SECRET_KEY: cần ít nhất 32 ký tự ngẫu nhiên.")
        return text
    path = instance / "secret_key"
    try:
        if not path.exists():
            _write_secret(path)
        kept = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "không phải chữ"
        raise ConfigError(f"Không ghi hoặc đọc được {path} ({said}); hãy kiểm tra quyền và chỗ trống.") from error
    if len(kept) < SECRET_LENGTH:
        raise ConfigError(
            f"{path} bị hỏng hoặc trống; hãy xoá tập tin này để tạo lại (mọi người sẽ phải đăng nhập lại)."
        )
    return kept


def _write_secret(path: Path) -> None:
    """Write the file whole or not at all: whoever reads it at the same moment must not find it empty."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):  # another process was quicker: its secret is everybody's
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _base_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    machine = parts.netloc.removesuffix(f":{port}")
    if parts.scheme not in {"http", "https"} or not MACHINE.fullmatch(machine) or not text.isprintable():
        raise ConfigError(f"BASE_URL={text!r}: cần dạng https://tên-miền, không có đường dẫn phía sau.")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ConfigError(f"BASE_URL={text!r}: chỉ gồm giao thức và tên miền, bỏ phần phía sau.")
    return f"{parts.scheme}://{parts.netloc}"


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigError(f"TIME_ZONE={text!r}: không có múi giờ này, ví dụ đúng: Asia/Ho_Chi_Minh.") from error
    return text


def _listen(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not MACHINE.fullmatch(host):
        raise ConfigError(f"BARO_LISTEN={text!r}: cần dạng địa_chỉ:cổng, ví dụ 127.0.0.1:8000.")
    _number("BARO_LISTEN", port, 1, 65535)
    return text


def _channels(value: Mapping[str, str], demo: bool) -> dict[str, Any]:
    try:
        channel_settings.check_mail(value)
        return {**_smtp(value, demo), **channel_settings.letter(value), **channel_settings.zalo(value, demo)}
    except channel_settings.Misconfigured as error:
        raise ConfigError(str(error)) from error


def _smtp(value: Mapping[str, str], demo: bool) -> dict[str, Any]:
    return {
        # A rehearsal never mails anybody, whatever is configured.
        "SMTP_HOST": "" if demo else value["SMTP_HOST"],
        "SMTP_PORT": _number("SMTP_PORT", value["SMTP_PORT"], 1, 65535),
        "SMTP_SECURITY": value["SMTP_SECURITY"],
        "SMTP_USER": value["SMTP_USER"],
        "SMTP_PASSWORD": value["SMTP_PASSWORD"],
        "SMTP_FROM": value["SMTP_FROM"],
        "SMTP_BOUNCES": value["SMTP_BOUNCES"],
        "SMTP_CA_FILE": _authorities(value["SMTP_CA_FILE"]),
        "SMTP_TIMEOUT": _number("SMTP_TIMEOUT", value["SMTP_TIMEOUT"], 1, 120),
        "SMTP_LETTERS_PER_CONNECTION": _number(
            "SMTP_LETTERS_PER_CONNECTION", value["SMTP_LETTERS_PER_CONNECTION"], 1, 10000
        ),
    }


def _authorities(text: str) -> str:
    """Return the full path of the file, so that a worker started elsewhere finds it too."""
    if not text:
        return ""
    path = ROOT / text
    try:
        ssl.create_default_context(cafile=path)
    except (OSError, ValueError) as error:  # no such file, no certificate in it
        raise ConfigError(
            f"SMTP_CA_FILE={text!r}: không đọc được chứng thư nào (định dạng PEM) trong tập tin này."
        ) from error
    return str(path)
