"""Structured logs: one JSON object a line, with school and request, without pupil data."""

from collections.abc import MutableMapping
from typing import Any

import structlog

Event = MutableMapping[str, Any]
LOGGING_CONFIG = "config.logs.apply"

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure_logs(form: str, level: str) -> dict[str, Any]:
    """Return the logging configuration.

    Args:
        form: ``json`` for machines, ``console`` for people.
        level: Lowest level that is written.
    """
    renderer: Any = (
        structlog.dev.ConsoleRenderer(colors=False)
        if form == "console"
        else structlog.processors.JSONRenderer()
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [*_SHARED, without_words_of_errors],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    only_the_kind_of_error,
                    renderer,
                ],
            }
        },
        "handlers": {"standard": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["standard"], "level": level},
        "loggers": {
            # Faults only; how each request was answered is logged by core.telemetry.
            "django.request": {"level": "ERROR"},
            "django.server": {"level": "WARNING"},
            # At DEBUG it writes request bodies down, and KMS is sent keysets.
            "botocore": {"level": "WARNING"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
        },
    }


def without_words_of_errors(_logger: Any, _name: str, event: Event) -> Event:
    """Take from a library's line what it quotes of an error, and the path that was asked for.

    Celery, for one, puts the error's own message in the line, and a path may hold a link's token.
    """
    record = event["_record"]
    request, data = getattr(record, "request", None), getattr(record, "data", None)
    if event.get("exc_info"):
        event["event"] = "failed"
    elif request is not None:
        event["event"] = event["event"].removesuffix(f": {request.path}")
    if match := getattr(request, "resolver_match", None):
        event["route"] = match.route
    if isinstance(data, dict) and "name" in data:
        event["task"] = data["name"]
    return event


def only_the_kind_of_error(_logger: Any, _name: str, event: Event) -> Event:
    """Keep an error's class and place; its message may quote what somebody wrote."""
    info = event.pop("exc_info", None)
    event.pop("exc_text", None)
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = type(error).__qualname__
        trace, frames = error.__traceback__, []
        while trace is not None:
            frames.append(f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}")
            trace = trace.tb_next
        event["trace"] = frames[-12:]
    return event


def apply(config: dict[str, Any]) -> None:
    """Apply the configuration to the standard library's logging and to structlog."""
    from logging.config import dictConfig  # noqa: PLC0415 - Django calls this at start-up

    dictConfig(config)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            _exception_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _exception_info(_logger: Any, _name: str, event: Event) -> Event:
    import sys  # noqa: PLC0415 - only where an error is logged

    if event.get("exc_info") is True:
        event["exc_info"] = sys.exc_info()
    return event
