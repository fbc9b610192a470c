"""What the reading child answers, and how much it may read. Imports nothing of the app."""

DONE, UNREADABLE, TOO_MUCH, TOO_MANY_ROWS, TOO_MANY_COLUMNS = 0, 3, 4, 5, 6
LOCKED, MACROS, OTHER_OFFICE, BINARY, ENCODING, NO_TABLE = 7, 8, 9, 10, 11, 12

# Longer texts are cut: no field of a table is so long, and one long text may be shared by all.
LONGEST_TEXT = 2000
MOST_CHARACTERS = 8_000_000


class Stop(Exception):
    """Reading ends with an exit code."""


class Budget:
    """How much of one file may still be read."""

    def __init__(self, unpacked: int, members: int, rows: int, columns: int):
        self.unpacked, self.members, self.rows, self.columns = unpacked, members, rows, columns
        self.characters = MOST_CHARACTERS

    def bytes(self, count: int) -> None:
        """So much came out of the archive."""
        self.unpacked -= count
        if self.unpacked < 0:
            raise Stop(TOO_MUCH)

    def row(self) -> None:
        """One more row with something in it."""
        self.rows -= 1
        if self.rows < 0:
            raise Stop(TOO_MANY_ROWS)

    def text(self, found: str) -> str:
        """A text for the answer, cut."""
        found = found[:LONGEST_TEXT]
        self.characters -= len(found)
        if self.characters < 0:
            raise Stop(TOO_MUCH)
        return found
