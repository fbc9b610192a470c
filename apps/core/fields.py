from django.db import models


class TreePath(models.CharField):
    """A materialised path whose comparisons go byte by byte on every engine.

    The scope of a subtree is the range `path >= p AND path < p || '~'`. A linguistic
    collation may sort "~" before letters and let the range leak, so the column is
    C on PostgreSQL and BINARY on SQLite.
    """

    def db_parameters(self, connection):
        """Add the collation of the engine at hand."""
        parameters = super().db_parameters(connection)
        parameters["collation"] = "C" if connection.vendor == "postgresql" else "BINARY"
        return parameters


def subtree_end(path: str) -> str:
    """The first value after every path below `path`."""
    return f"{path}~"
