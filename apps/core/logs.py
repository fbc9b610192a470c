import json
import logging


class JsonLine(logging.Formatter):
    """One JSON object a line; control characters are escaped, contents never logged."""

    def format(self, record: logging.LogRecord) -> str:
        """Level, logger, message and the fields that the caller named."""
        line = {
            "at": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
