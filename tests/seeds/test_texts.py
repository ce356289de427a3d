import hashlib

import pytest

from seeds import FOLDER
from tests.seeds.conftest import TEXTS

SHA256 = {
    "chi-thi-thi-dua-2023-2025.txt": "54680bca00183aa8a2b567f179369588ff03f58cefbc7d50d1d7212d86b5e121",
    "ke-hoach-2023.txt": "65212ee0a92211a232a671ebf74313062bd1cf679ea7f045e6bddb21dfbcfc5f",
    "nghi-quyet-05-nq-tu.txt": "7fe62575ab72f5e975c916752e650ddd626476a6caf39d0ed34580d5c7c918c0",
    "thong-bao-01-tb-bcd.txt": "678e2d50546307f836aa0bd5a7430c6a4f361b8559efff707a86d5f9d215a0d7",
    "thong-bao-2022-02-18.txt": "86465a11c1ef4c456e8cf493aa44da190abd008bccf07d82a3c477de624e388d",
}


def test_the_five_texts_are_unchanged() -> None:
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (FOLDER / "documents").iterdir()}
    assert found == SHA256


@pytest.mark.parametrize("name", SHA256)
def test_a_text_is_the_one_handed_over(name: str) -> None:
    if not (TEXTS / name).exists():
        pytest.skip("the texts as handed over (../shared/seeds) are not here to compare with")
    assert (FOLDER / "documents" / name).read_bytes() == (TEXTS / name).read_bytes()
