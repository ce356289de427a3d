"""The variables of the Zalo channel: all or none, https unless it stays on this machine, and no rehearsal reaches Zalo."""

from pathlib import Path

import pytest

from tests.test_config import loaded
from tracker.errors import ConfigError
from tracker.rules.channel_settings import NEEDED, OPTIONAL

ALL = {
    "ZALO_APP_ID": "2074138120372622546", "ZALO_APP_SECRET": "bi-mat-cua-ung-dung", "ZALO_OA_ID": "2893352839501541173",
    "ZALO_TEMPLATE_REMINDER": "7895417",
}  # fmt: skip
AT_HOME = "http://127.0.0.1:8011"


def test_without_variables_the_channel_is_off(tmp_path: Path) -> None:
    found = loaded(tmp_path)
    assert {name: found[name] for name in (*NEEDED, *OPTIONAL)} == dict.fromkeys((*NEEDED, *OPTIONAL), "")


def test_what_is_needed_is_enough(tmp_path: Path) -> None:
    found = loaded(tmp_path, **ALL)
    assert {name: found[name] for name in NEEDED} == ALL and found["ZALO_API_URL"] == ""


@pytest.mark.parametrize(
    ("address", "kept"), [("https://zalo.tinh.gov.vn/", "https://zalo.tinh.gov.vn"), (AT_HOME, AT_HOME), ("http://localhost:1", "http://localhost:1")]
)  # fmt: skip
def test_another_address(tmp_path: Path, address: str, kept: str) -> None:
    assert loaded(tmp_path, **ALL, ZALO_API_URL=address)["ZALO_API_URL"] == kept


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ZALO_APP_SECRET": ""}, "Có ZALO_APP_ID mà thiếu ZALO_APP_SECRET"),
        ({"ZALO_APP_ID": "", "ZALO_OA_ID": ""}, "mà thiếu ZALO_APP_ID, ZALO_OA_ID"),
        ({"ZALO_APP_ID": "abc"}, "ZALO_APP_ID='abc': cần mã gồm các chữ số"),
        ({"ZALO_TEMPLATE_REMINDER": "٧٨٩"}, "ZALO_TEMPLATE_REMINDER="),
        ({"ZALO_APP_SECRET": "có dấu"}, "ZALO_APP_SECRET: cần khoá bí mật"),
        ({"ZALO_OA_SECRET": "a b"}, "ZALO_OA_SECRET: cần khoá bí mật"),
        ({"ZALO_KEY": "ngắn"}, "ZALO_KEY: cần ít nhất 32 ký tự"),
        ({"ZALO_API_URL": "http://zalo.example"}, "ZALO_API_URL: chỉ máy này"),
        ({"ZALO_API_URL": "http://127.0.0.1.example"}, "ZALO_API_URL: chỉ máy này"),
        ({"ZALO_API_URL": "http://127.0.0.1@zalo.example"}, "cần dạng https://tên-miền"),
        ({"ZALO_API_URL": "ftp://127.0.0.1"}, "cần dạng https://tên-miền"),
        ({"ZALO_API_URL": "https://"}, "cần dạng https://tên-miền"),
        ({"ZALO_API_URL": "https://[x"}, "cần dạng https://tên-miền"),
        ({"ZALO_API_URL": "https://a:b"}, "cần dạng https://tên-miền"),
        ({"ZALO_API_URL": "https://a.vn/v3"}, "bỏ phần phía sau"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_a_sentence(tmp_path: Path, changes: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        loaded(tmp_path, **{**ALL, **changes})
    assert said in refused.value.sentence and ALL["ZALO_APP_SECRET"] not in refused.value.sentence


def test_misspelled_variable_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Có phải ZALO_APP_ID"):
        loaded(tmp_path, ZALO_APPID="1")


@pytest.mark.parametrize("address", ["", "https://zalo.tinh.gov.vn"])
def test_rehearsal_never_reaches_zalo(tmp_path: Path, address: str) -> None:
    found = loaded(tmp_path, **ALL, DEMO="1", ZALO_API_URL=address, ZALO_OA_SECRET="khoa")
    assert not any(found[name] for name in (*NEEDED, *OPTIONAL))


def test_rehearsal_may_speak_to_a_stand_in_on_this_machine(tmp_path: Path) -> None:
    found = loaded(tmp_path, **ALL, DEMO="1", ZALO_API_URL=AT_HOME)
    assert (found["ZALO_APP_ID"], found["ZALO_API_URL"]) == (ALL["ZALO_APP_ID"], AT_HOME)
