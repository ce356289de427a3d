"""The words on screen that are made, not looked up."""

import pytest
from flask import Flask

from tracker import words

NAMES = {"KH2023": "KH 2023", "CT": "CT thi đua"}


@pytest.mark.parametrize(
    ("code", "said"),
    [("2.đ", "2.đ"), ("III.5.-2", "III.5, gạch đầu dòng 2"), ("2.-2.+2", "2, gạch đầu dòng 2, ý 2"), ("MD.2", "mở đầu, đoạn 2")],
)  # fmt: skip
def test_a_clause_as_one_says_it(code: str, said: str, app: Flask) -> None:
    with app.test_request_context():
        assert words.clause_label(code) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nêu ở KH2023:III.1.-1; để chưa rõ", "nêu ở KH 2023, III.1, gạch đầu dòng 1; để chưa rõ"),
        ("hai tên (CT và XY1)", "hai tên (CT thi đua và XY1)"),
        ("Chỉ thị 01/CT-BTTTT", "Chỉ thị 01/CT-BTTTT"),
        ("nhưng III.5.-3 liệt kê", "nhưng III.5, gạch đầu dòng 3 liệt kê"),
        (None, ""),
    ],
)
def test_a_remark_names_documents_as_people_do(text: str | None, said: str, app: Flask) -> None:
    with app.test_request_context():
        assert words.plain(text, NAMES) == said
