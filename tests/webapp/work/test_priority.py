import os
import subprocess
import sys

import pytest

from webapp.work import priority

_TOLD = "import os; from webapp.work.priority import give_way; give_way(); give_way(); print(os.nice(0))"


@pytest.mark.parametrize("before", [0, 15])
def test_a_process_that_gives_way_has_less_of_the_processors_and_never_more_than_before(before: int) -> None:
    command = ["nice", "-n", str(before), sys.executable, "-c", _TOLD]
    done = subprocess.run(command, capture_output=True, text=True, check=True, start_new_session=True)
    assert int(done.stdout) == min(max(priority.NICE, os.nice(0) + before), 19)
