"""One CSV file of an export."""

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.mis.csv_file import UnreadableError, lines_of
from schools.mis.problems import Weight


@pytest.fixture
def write(tmp_path):
    def write(content: bytes | str):
        path = tmp_path / "users.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def rows(path, *needed):
    return [(line.number, line.cells, line.reason) for line in lines_of(path, needed=needed)]


def why_not(path, *needed):
    with pytest.raises(UnreadableError) as caught:
        rows(path, *needed)
    assert caught.value.problem.weight is Weight.FATAL
    return str(caught.value)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_utf_8_with_and_without_a_byte_order_mark(write, mark, end):
    path = write(mark + b"a,b" + end + "Zoë,Łukasz".encode() + end)
    assert rows(path, "a") == [(2, {"a": "Zoë", "b": "Łukasz"}, "")]


def test_lines_are_counted_as_a_text_editor_counts_them(write):
    path = write('a,b\n"1\n\n1",x\n\n,,\n2,y\n')
    assert [line.number for line in lines_of(path, needed=("a",))] == [2, 7]


def test_columns_may_come_in_any_order_and_with_metadata(write):
    path = write("b,a,metadata.c\n1,2,3\n")
    assert rows(path, "a", "b") == [(2, {"b": "1", "a": "2", "metadata.c": "3"}, "")]


def test_cells_are_trimmed_and_composed(write):
    path = write("a\n  Zoe\u0308   Ann\u00a0\n")
    assert rows(path, "a") == [(2, {"a": "Zoë Ann"}, "")]


def test_a_list_in_one_cell(write):
    path = write('a,b\n"{UPN:1},{MIS:2}",\n')
    (line,) = lines_of(path, needed=("a",))
    assert line.each("a") == ["{UPN:1}", "{MIS:2}"]
    assert line.each("b") == []
    assert line.each("none") == []


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"a\nfine\nZo\xeb\n", 3, "not UTF-8"),
        ("a\nfine\n".encode("utf-16"), 1, "not UTF-8"),
        ('a\n"open\n', 2, "not CSV"),
        ('a\n"x"y\n', 2, "not CSV"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(write, content, line, words):
    path = write(content)
    assert f"users.csv:{line}:" in why_not(path, "a")
    assert words in why_not(path, "a")


def test_a_file_that_is_not_there(tmp_path):
    assert "cannot be opened" in why_not(tmp_path / "users.csv")


def test_missing_headers_are_named_and_a_persons_cells_are_not(write):
    path = write("Elsie,Davies\nNia,Evans\n")
    reason = why_not(path, "sourcedId", "role")
    assert "sourcedId, role" in reason
    assert "Elsie" not in reason


def test_headers_are_case_sensitive(write):
    assert "other capitals than: sourcedId" in why_not(write("sourcedID\n1\n"), "sourcedId")


def test_a_header_twice(write):
    assert "twice: a" in why_not(write("a,a\n1,2\n"), "a")


def test_an_empty_file(write):
    assert "header is missing: a" in why_not(write(""), "a")


@pytest.mark.parametrize("row", ["1", "1,2,3"])
def test_a_row_with_another_number_of_cells(write, row):
    ((number, _, reason),) = rows(write(f"a,b\n{row}\n"), "a")
    assert number == 2
    assert reason.endswith("the header has 2")


def test_t41_a_control_character(write):
    ((_, _, reason),) = rows(write("a,b\nx\x00y,1\n"), "a")
    assert reason == "has a control character"


cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20)


@given(table=st.lists(st.tuples(cells, cells), max_size=8))
def test_whatever_was_written_is_read_again(table, tmp_path_factory):
    text = io.StringIO()
    csv.writer(text).writerows([("a", "b"), *table])
    path = tmp_path_factory.mktemp("csv") / "users.csv"
    path.write_bytes(text.getvalue().encode())
    read = [(line["a"], line["b"]) for line in lines_of(path, needed=("a", "b"))]
    trimmed = [
        tuple(unicodedata.normalize("NFC", " ".join(cell.split())) for cell in row) for row in table
    ]
    assert read == [row for row in trimmed if any(row)]


@given(content=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_with_one_problem(content, tmp_path_factory):
    path = tmp_path_factory.mktemp("csv") / "users.csv"
    path.write_bytes(b"a,b\n" + content)
    try:
        lines = list(lines_of(path, needed=("a",)))
    except UnreadableError as error:
        lines, refused_at = [], error.problem.line
    else:
        refused_at = None
    assert refused_at is None or refused_at >= 1
    assert all(line.reason or "\x00" not in line["a"] for line in lines)
