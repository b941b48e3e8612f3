"""Fill the Indonesian catalogue: messages are written in Indonesian, so each is its own translation.

Left empty they would be looked up in the catalogues of Django and its apps, where a word like "Total" may be an
English message with another translation.
"""

import sys
from pathlib import Path

from babel.messages.pofile import read_po, write_po


def main(path: Path) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file)
    for message in catalogue:
        if message.id:  # the header has the empty id
            # Indonesian has one form for every number, and the source gives it last.
            message.string = (message.id[-1],) if message.pluralizable else message.id
    with path.open("wb") as file:
        write_po(file, catalogue, width=None, ignore_obsolete=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
