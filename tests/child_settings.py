"""The settings of a process that a test starts: on that test's own database, stores and queues.

`tests.processes.environment()` says which, in TEST_PLACES.
"""

import json
import os
import shutil
from pathlib import Path

from archive.settings import test
from archive.settings.test import *  # noqa: F403

shutil.rmtree(test.TEST_ROOM)  # its own room is of no use here
_places = json.loads(os.environ["TEST_PLACES"])
DATABASES = test.DATABASES
DATABASES["default"]["NAME"] = _places["database"]
STORAGES = test.STORAGES
for _name, _options in _places["stores"].items():
    STORAGES[_name]["OPTIONS"].update(_options)
globals().update(_places["settings"])
globals().update({name: Path(folder) for name, folder in _places["folders"].items()})
