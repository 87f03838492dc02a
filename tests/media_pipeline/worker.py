"""A worker process for tests, on the test's own database and folders.

Run as `python -m tests.media_pipeline.worker JSON`: {"database", "stores", "work", "keys", "lease",
"id"}. Which servers it uses, it knows from the environment as the test does.
"""

import json
import os
import shutil
import sys

import django


def main(given: dict) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "archive.settings.test"
    from archive.settings import test

    shutil.rmtree(test.TEST_ROOM)  # its own room is of no use here
    test.DATABASES["default"]["NAME"] = given["database"]
    for name, place in given["stores"].items():
        test.STORAGES[name]["OPTIONS"].update(place)
    test.MEDIA_WORK_DIR = given["work"]
    test.KEYS_DIR = given["keys"]
    test.MEDIA_LEASE_SECONDS = given["lease"]
    django.setup()
    from media_pipeline import tasks

    tasks.run_asset.call(given["id"])


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
