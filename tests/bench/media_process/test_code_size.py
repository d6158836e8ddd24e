from pathlib import Path

from bench.media_process.code_size import lines_of_code


def test_docstrings_comments_and_blank_lines_are_no_code(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        '"""A module.\n\nWith a docstring of three lines."""\n\n'
        '# why\nNAME = """two\nlines"""\n"""Its docstring."""\n\n\n'
        "def double(\n    number: int,  # of things\n) -> int:\n"
        '    """Twice."""\n    return 2 * number\n'
    )
    assert lines_of_code([module]) == 2 + 3 + 1
