"""The desk's machine asserts in rooms that are no test files: what fails there is told as in those."""

import pytest

pytest.register_assert_rewrite("tests.intake.desk_machine", "tests.intake.desk_soundness")
