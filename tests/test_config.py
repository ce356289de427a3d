"""Every variable of the environment: what it may be, and the sentence when it is not."""

import stat
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tracker import config
from tracker.config import VARIABLES
from tracker.errors import ConfigError
from tracker.rules.channel_settings import NEEDED, OPTIONAL

SECRET = "s" * 32


def loaded(folder: Path, **given: str) -> dict[str, Any]:
    return config.load({"BARO_INSTANCE": str(folder), "SECRET_KEY": SECRET, **given})


def test_defaults(tmp_path: Path) -> None:
    assert loaded(tmp_path) == {
        "DEMO": False, "REHEARSAL_DAY": None, "INSTANCE": tmp_path,
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path}/baro.db", "SECRET_KEY": SECRET,
        "EVIDENCE": tmp_path / "evidence", "BASE_URL": "http://127.0.0.1:8000", "TIME_ZONE": "Asia/Ho_Chi_Minh",
        "LISTEN": "127.0.0.1:8000",
        "LETTER_ISSUER": "ỦY BAN NHÂN DÂN / TỈNH BÌNH ĐỊNH", "LETTER_SYMBOL": "UBND-KSTT", "LETTER_PLACE": "Bình Định",
        "LETTER_SIGNER": "TL. CHỦ TỊCH / CHÁNH VĂN PHÒNG",
        "WEB_WORKERS": 1, "TRUSTED_PROXIES": 0, "SESSION_COOKIE_SECURE": False,
        "SMTP_HOST": "", "SMTP_PORT": 587, "SMTP_SECURITY": "starttls", "SMTP_USER": "", "SMTP_PASSWORD": "",
        "SMTP_FROM": "Ba Rõ <baro@localhost>", "SMTP_BOUNCES": "", "SMTP_CA_FILE": "", "SMTP_TIMEOUT": 30,
        "SMTP_LETTERS_PER_CONNECTION": 100,
        **dict.fromkeys((*NEEDED, *OPTIONAL), ""),
    }  # fmt: skip


GOOD = [
    ("DATABASE_URL", "postgresql://u:p@db/baro", "SQLALCHEMY_DATABASE_URI", "postgresql+psycopg://u:p@db/baro"),
    ("DATABASE_URL", "postgres://u:p@db/baro", "SQLALCHEMY_DATABASE_URI", "postgresql+psycopg://u:p@db/baro"),
    ("DATABASE_URL", "postgresql+psycopg://db/baro", "SQLALCHEMY_DATABASE_URI", "postgresql+psycopg://db/baro"),
    (
        "DATABASE_URL",
        "postgresql://u:p@ss@db:5432/baro",
        "SQLALCHEMY_DATABASE_URI",
        "postgresql+psycopg://u:p@ss@db:5432/baro",
    ),
    (
        "DATABASE_URL",
        "postgresql:///baro?host=/run/pg",
        "SQLALCHEMY_DATABASE_URI",
        "postgresql+psycopg:///baro?host=/run/pg",
    ),
    ("DATABASE_URL", "sqlite:////tmp/x.db", "SQLALCHEMY_DATABASE_URI", "sqlite:////tmp/x.db"),
    ("DATABASE_URL", "sqlite:///x.db", "SQLALCHEMY_DATABASE_URI", f"sqlite:///{config.ROOT}/x.db"),
    ("SECRET_KEY", "k" * 32, "SECRET_KEY", "k" * 32),
    ("BASE_URL", "https://baro.tinh.gov.vn/", "BASE_URL", "https://baro.tinh.gov.vn"),
    ("BASE_URL", "https://baro.tinh.gov.vn", "SESSION_COOKIE_SECURE", True),
    ("TIME_ZONE", "Asia/Bangkok", "TIME_ZONE", "Asia/Bangkok"),
    ("BARO_EVIDENCE", "instance", "EVIDENCE", config.ROOT / "instance"),
    ("BARO_LISTEN", "0.0.0.0:80", "LISTEN", "0.0.0.0:80"),
    ("BARO_LISTEN", "[::]:8000", "LISTEN", "[::]:8000"),
    ("BARO_WEB_WORKERS", "64", "WEB_WORKERS", 64),
    ("BARO_TRUSTED_PROXIES", "5", "TRUSTED_PROXIES", 5),
    ("SMTP_HOST", "mail.tinh.gov.vn", "SMTP_HOST", "mail.tinh.gov.vn"),
    ("SMTP_PORT", "465", "SMTP_PORT", 465),
    ("SMTP_SECURITY", "tls", "SMTP_SECURITY", "tls"),
    ("SMTP_SECURITY", "none", "SMTP_SECURITY", "none"),
    ("SMTP_FROM", "Ba Rõ <baro@tinh.gov.vn>", "SMTP_FROM", "Ba Rõ <baro@tinh.gov.vn>"),
    ("BARO_LETTER_PLACE", "Gia Lai ", "LETTER_PLACE", "Gia Lai"),
    ("DEMO", "1", "DEMO", True),
    ("DEMO", "1", "REHEARSAL_DAY", date(2023, 11, 15)),
]


@pytest.mark.parametrize(("name", "text", "setting", "value"), GOOD)
def test_good_values_are_taken(tmp_path: Path, name: str, text: str, setting: str, value: Any) -> None:
    assert loaded(tmp_path, **{name: text})[setting] == value


URL = "DATABASE_URL: cần dạng sqlite:///đường/dẫn.db hoặc postgresql://người_dùng:mật_khẩu@máy/tên_csdl."
BAD = [
    ("DATABASE_URL", "mysql://u:p@db/baro", URL),
    ("DATABASE_URL", "postgresql://u:p@db", URL),
    ("DATABASE_URL", "sqlite://", URL),
    ("DATABASE_URL", "sqlite:///", "DATABASE_URL: sau sqlite:/// là tên một tập tin, không phải thư mục."),
    ("DATABASE_URL", "", URL),
    ("DATABASE_URL", "sqlite:///:memory:", URL),
    ("DATABASE_URL", "sqlite:///x.db?mode=ro", URL),
    ("DATABASE_URL", "postgresql://[", URL),
    ("DATABASE_URL", "postgresql://[::1/baro", URL),
    ("DATABASE_URL", "postgresql://db:port/baro", URL),
    ("DATABASE_URL", "sqlite:////tmp", "DATABASE_URL: sau sqlite:/// là tên một tập tin, không phải thư mục."),
    ("DATABASE_URL", "sqlite:////dev/null/x/y.db",
     "DATABASE_URL: không có thư mục /dev/null/x; hãy tạo trước hoặc sửa đường dẫn."),
    ("SECRET_KEY", " " * 40, "SECRET_KEY: cần ít nhất 32 ký tự ngẫu nhiên."),
    ("SECRET_KEY", "short", "SECRET_KEY: cần ít nhất 32 ký tự ngẫu nhiên."),
    ("BASE_URL", "baro.tinh.gov.vn", "BASE_URL='baro.tinh.gov.vn': cần dạng https://tên-miền, không có đường dẫn phía sau."),
    ("BASE_URL", "ftp://a.vn", "BASE_URL='ftp://a.vn': cần dạng https://tên-miền, không có đường dẫn phía sau."),
    *(
        ("BASE_URL", text, f"BASE_URL={text!r}: cần dạng https://tên-miền, không có đường dẫn phía sau.")
        for text in ("http://[::1", "http://a.vn:99999", "http://a b.vn", "https://u:p@a.vn", 'http://a"><', "http://a.vn\nx")
    ),
    ("BASE_URL", "https://a.vn/baro", "BASE_URL='https://a.vn/baro': chỉ gồm giao thức và tên miền, bỏ phần phía sau."),
    ("BASE_URL", "https://a.vn?x=1", "BASE_URL='https://a.vn?x=1': chỉ gồm giao thức và tên miền, bỏ phần phía sau."),
    ("TIME_ZONE", "Hanoi", "TIME_ZONE='Hanoi': không có múi giờ này, ví dụ đúng: Asia/Ho_Chi_Minh."),
    ("TIME_ZONE", "", "TIME_ZONE='': không có múi giờ này, ví dụ đúng: Asia/Ho_Chi_Minh."),
    ("TIME_ZONE", "../etc/passwd", "TIME_ZONE='../etc/passwd': không có múi giờ này, ví dụ đúng: Asia/Ho_Chi_Minh."),
    ("BARO_LISTEN", "8000", "BARO_LISTEN='8000': cần dạng địa_chỉ:cổng, ví dụ 127.0.0.1:8000."),
    ("BARO_LISTEN", "a b:80", "BARO_LISTEN='a b:80': cần dạng địa_chỉ:cổng, ví dụ 127.0.0.1:8000."),
    ("BARO_LISTEN", "::1:80", "BARO_LISTEN='::1:80': cần dạng địa_chỉ:cổng, ví dụ 127.0.0.1:8000."),
    ("BARO_LISTEN", "127.0.0.1:0", "BARO_LISTEN='0': cần một số nguyên từ 1 đến 65535."),
    ("BARO_LISTEN", "127.0.0.1:http", "BARO_LISTEN='http': cần một số nguyên từ 1 đến 65535."),
    ("BARO_WEB_WORKERS", "0", "BARO_WEB_WORKERS='0': cần một số nguyên từ 1 đến 64."),
    ("BARO_WEB_WORKERS", "65", "BARO_WEB_WORKERS='65': cần một số nguyên từ 1 đến 64."),
    ("BARO_WEB_WORKERS", "two", "BARO_WEB_WORKERS='two': cần một số nguyên từ 1 đến 64."),
    ("BARO_WEB_WORKERS", "２", "BARO_WEB_WORKERS='２': cần một số nguyên từ 1 đến 64."),
    ("BARO_WEB_WORKERS", "9" * 5000, f"BARO_WEB_WORKERS='{'9' * 80}': cần một số nguyên từ 1 đến 64."),
    ("BARO_TRUSTED_PROXIES", "-1", "BARO_TRUSTED_PROXIES='-1': cần một số nguyên từ 0 đến 5."),
    ("BARO_TRUSTED_PROXIES", "6", "BARO_TRUSTED_PROXIES='6': cần một số nguyên từ 0 đến 5."),
    ("BARO_INSTANCE", "/dev/null/x", "BARO_INSTANCE='/dev/null/x': không tạo được thư mục (Not a directory)."),
    ("BARO_INSTANCE", "", "BARO_INSTANCE: cần tên một thư mục; bỏ biến này thì dùng thư mục instance."),
    ("BARO_EVIDENCE", "/dev/null/x", "BARO_EVIDENCE='/dev/null/x': không tạo được thư mục (Not a directory)."),
    ("BARO_EVIDENCE", " ", "BARO_EVIDENCE: cần tên một thư mục; bỏ biến này thì dùng thư mục instance."),
    ("BARO_EVIDENCE", "static/js", "BARO_EVIDENCE='static/js': không đặt trong thư mục mà máy chủ web đưa ra ngoài."),
    *(
        ("SMTP_HOST", text, f"SMTP_HOST={text!r}: cần tên hoặc địa chỉ máy chủ thư, không kèm giao thức.")
        for text in ("smtp://mail.vn", "mail vn", "mail.vn\n")
    ),
    ("SMTP_PORT", "70000", "SMTP_PORT='70000': cần một số nguyên từ 1 đến 65535."),
    ("SMTP_SECURITY", "ssl", "SMTP_SECURITY='ssl': chỉ nhận starttls, tls hoặc none."),
    ("SMTP_USER", "baro", "SMTP_USER và SMTP_PASSWORD: cần cả hai hoặc không biến nào."),
    ("SMTP_PASSWORD", "x", "SMTP_USER và SMTP_PASSWORD: cần cả hai hoặc không biến nào."),
    ("SMTP_FROM", "Ba Rõ", "SMTP_FROM='Ba Rõ': cần một địa chỉ thư, ví dụ Ba Rõ <baro@tinh.gov.vn>."),
    *(
        ("SMTP_FROM", text, f"SMTP_FROM={text!r}: cần một địa chỉ thư, ví dụ Ba Rõ <baro@tinh.gov.vn>.")
        for text in ("@", "Ba Rõ <x>@", "a@b.vn\nBcc: x@y.vn", "Ba Rõ <bấ@rõ.vn>")
    ),
    ("SMTP_FROM", "bấ@ro.vn", "SMTP_FROM='bấ@ro.vn': cần một địa chỉ thư, ví dụ Ba Rõ <baro@tinh.gov.vn>."),
    *(
        ("SMTP_BOUNCES", text, f"SMTP_BOUNCES={text!r}: cần một địa chỉ thư, ví dụ tra-ve@tinh.gov.vn.")
        for text in ("tinh.gov.vn", "Ba Rõ <a@b.vn>", "a@b.vn\n", "a@b.vn>", " ")
    ),
    *(
        ("SMTP_CA_FILE", text, f"SMTP_CA_FILE={text!r}: không đọc được chứng thư nào (định dạng PEM) trong tập tin này.")
        for text in ("/dev/null", "/khong/co.pem", "README.md", "tests", "/dev/null/x")
    ),
    ("SMTP_TIMEOUT", "0", "SMTP_TIMEOUT='0': cần một số nguyên từ 1 đến 120."),
    ("SMTP_LETTERS_PER_CONNECTION", "0", "SMTP_LETTERS_PER_CONNECTION='0': cần một số nguyên từ 1 đến 10000."),
    *(
        (name, "1" * 40, f"Có {name} mà thiếu {', '.join(other for other in NEEDED if other != name)}: kênh Zalo cần đủ, "
         "hoặc bỏ tất cả để tắt.")
        for name in (*NEEDED, *OPTIONAL)
    ),
    *(
        (f"BARO_LETTER_{part}", text, f"BARO_LETTER_{part}={text[:80]!r}: cần một dòng chữ, nhiều nhất 200 ký tự.")
        for part in ("ISSUER", "SYMBOL", "PLACE", "SIGNER")
        for text in ("", "  ", "Bình\nĐịnh", "x" * 201)
    ),
    ("DEMO", "yes", "DEMO='yes': chỉ nhận 0 hoặc 1."),
    ("DEMO", "", "DEMO='': chỉ nhận 0 hoặc 1."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "sentence"), BAD)
def test_bad_values_refuse_with_a_sentence(tmp_path: Path, name: str, text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as refused:
        loaded(tmp_path, **{name: text})
    assert refused.value.sentence == sentence


@pytest.mark.parametrize("name", ["SMTP_USER", "SMTP_PASSWORD"])
def test_a_sign_in_that_smtp_cannot_carry(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=f"{name}: chỉ gồm chữ không dấu"):
        loaded(tmp_path, **{"SMTP_USER": "baro", "SMTP_PASSWORD": "x", name: "mật khẩu"})


def test_every_variable_is_tried_here() -> None:
    assert {variable.name for variable in VARIABLES} == {name for name, *_ in BAD}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("SMTP_HOTS", "Không có biến SMTP_HOTS. Có phải SMTP_HOST?"),
        ("BARO_PROXY_COUNT_XYZ", "Không có biến BARO_PROXY_COUNT_XYZ. Xem bảng cấu hình trong README."),
    ],
)
def test_unknown_variable_is_named(tmp_path: Path, name: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as refused:
        loaded(tmp_path, **{name: "x"})
    assert refused.value.sentence == sentence


def test_password_never_goes_in_the_clear(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="mật khẩu sẽ đi không mã hoá"):
        loaded(tmp_path, SMTP_USER="baro", SMTP_PASSWORD="x", SMTP_SECURITY="none")


def test_rehearsal_has_its_own_database_and_mails_nobody(tmp_path: Path) -> None:
    rehearsal = loaded(tmp_path, DEMO="1", SMTP_HOST="mail.tinh.gov.vn", BARO_EVIDENCE=str(tmp_path / "real"))
    assert rehearsal["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{tmp_path}/demo.db"
    assert rehearsal["SMTP_HOST"] == ""
    # What the rehearsal's database does not name is tidied away: never in the folder of the real one.
    assert rehearsal["EVIDENCE"] == tmp_path / "demo-evidence" and not (tmp_path / "real").exists()
    with pytest.raises(ConfigError) as refused:
        loaded(tmp_path, DEMO="1", DATABASE_URL="sqlite:////tmp/real.db")
    assert refused.value.sentence == "DEMO=1 dùng cơ sở dữ liệu riêng: hãy bỏ DATABASE_URL hoặc đặt DEMO=0."


def test_secret_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    first = config.load({"BARO_INSTANCE": str(folder)})["SECRET_KEY"]
    assert len(first) >= 48
    assert config.load({"BARO_INSTANCE": str(folder)})["SECRET_KEY"] == first
    assert config.load({"BARO_INSTANCE": str(tmp_path / "other")})["SECRET_KEY"] != first
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IMODE((folder / "evidence").stat().st_mode) == 0o700


def test_an_empty_secret_signs_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("")  # what a full disk leaves behind
    with pytest.raises(ConfigError, match="bị hỏng hoặc trống"):
        config.load({"BARO_INSTANCE": str(tmp_path)})


def test_a_folder_that_takes_nothing_has_its_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Không ghi hoặc đọc được /proc/1/secret_key"):
        config.load({"BARO_INSTANCE": "/proc/1"})


def test_the_secret_leaves_no_draft_behind(tmp_path: Path) -> None:
    config.load({"BARO_INSTANCE": str(tmp_path)})
    assert sorted(file.name for file in tmp_path.iterdir()) == ["evidence", "secret_key"]
