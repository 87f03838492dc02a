"""python -m archive.languages refresh [LANGUAGE…] | compile"""

import sys

from archive.languages import catalogues

if __name__ == "__main__":
    match sys.argv[1:]:
        case ["refresh", *more]:
            for name in catalogues.refresh(*more):
                print(f"{name}: written")
        case ["compile"]:
            catalogues.compile_all()
        case _:
            sys.exit(__doc__)
