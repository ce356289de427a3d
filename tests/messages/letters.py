"""What the tests of the mail channel send, and with which settings."""

from datetime import UTC, datetime
from typing import Any

from tests.smtp_sink import SmtpSink
from tracker.messages.email import connected
from tracker.messages.transport import Envelope, Words

WORDS = Words(
    "Nhắc việc 05/05/2022: 12 việc quá hạn, 3 việc sắp đến hạn của Ủy ban nhân dân tỉnh " + "đ" * 80,
    "Kính gửi anh,\n.\n..dòng bắt đầu bằng chấm\n" + "Đẩy nhanh " * 200 + "\n",
    '<p title="x">Kính gửi ▲</p>',
)
AT = datetime(2022, 5, 5, 1, 0, tzinfo=UTC)
LAN, HAI = "lan@tinh.gov.vn", "hai@tinh.gov.vn"


def settings(port: int, **more: Any) -> dict[str, Any]:
    return {
        "SMTP_HOST": "127.0.0.1", "SMTP_PORT": port, "SMTP_SECURITY": "none", "SMTP_USER": "", "SMTP_PASSWORD": "",
        "SMTP_FROM": "Ba Rõ <baro@tinh.gov.vn>", "SMTP_BOUNCES": "", "SMTP_CA_FILE": "", "SMTP_TIMEOUT": 30,
        "SMTP_LETTERS_PER_CONNECTION": 100, "BASE_URL": "https://baro.tinh.gov.vn", "SECRET_KEY": "k" * 32, **more,
    }  # fmt: skip


def envelope(number: int = 1, address: str = LAN, **more: Any) -> Envelope:
    return Envelope(address, f"reminder_digest.{number}.20220505010000", AT, **more)


def send(smtp: SmtpSink, address: str = LAN, words: Words = WORDS, **more: Any) -> str:
    with connected(settings(smtp.port)) as server:
        return server.send(envelope(address=address, **more), words)
