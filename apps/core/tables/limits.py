"""How much of a table is too much. Figures with their sources."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds of one file; sizes in bytes, time in seconds.

    Sources: unpacked size, members, rows, columns and time are reliability.md, fact 6; the file
    is half of what its contents may be; the memory is issue 4's bound of a whole import.
    `rows` counts rows with data; `spare_rows` are titles, heads and explanations.
    """

    file_bytes: int = 10 * MIB
    unpacked_bytes: int = 20 * MIB
    members: int = 200
    rows: int = 5000
    spare_rows: int = 200
    columns: int = 60
    cpu_seconds: int = 25
    wall_seconds: int = 30
    memory_bytes: int = 300 * MIB
    output_bytes: int = 32 * MIB
