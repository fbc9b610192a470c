"""How much of a file is too much. Figures with their sources."""

from dataclasses import dataclass

from django.conf import settings

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds of one upload; sizes in bytes, time in seconds.

    Sources: file and report size from reliability.md table C; unpacked size and members
    from its fact 6, with room for real slides; pixels above the 12 to 50 million of
    phones that matter and below what takes a worker's memory (81 million opened, measured).
    """

    file_bytes: int = 20 * MIB
    report_bytes: int = 100 * MIB
    unpacked_bytes: int = 200 * MIB
    members: int = 2000
    # Documents carry spreadsheets behind their charts; nothing honest goes deeper.
    nesting: int = 2
    pixels: int = 40_000_000
    # The child: CPU time, time on the clock of a busy server, address space, written bytes.
    cpu_seconds: int = 8
    wall_seconds: int = 25
    memory_bytes: int = 1024 * MIB
    output_bytes: int = 64 * MIB

    @classmethod
    def from_settings(cls) -> "Limits":
        """The limits of this site: the two figures that a site may change are settings."""
        return cls(
            file_bytes=settings.UPLOAD_FILE_MB * MIB,
            report_bytes=settings.UPLOAD_REPORT_MB * MIB,
        )
