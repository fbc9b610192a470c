"""Template tags of our own components: badges, marks and icons."""

from functools import cache

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.core.badges import Badge

register = template.Library()


@cache
def _sprite() -> str:
    # A to-do list shows some forty marks and the hashed name never changes in a process.
    return static("core/sprite.svg")


@register.simple_tag
def mark(symbol: str, cls: str = "") -> SafeString:
    """The shape of a state; hidden from screen readers because a word stands beside it."""
    return format_html(
        '<svg class="fz-mark {}" aria-hidden="true"><use href="{}#{}"/></svg>',
        cls,
        _sprite(),
        symbol,
    )


@register.simple_tag
def badge(state: Badge | None, extra: str = "") -> SafeString | str:
    """Colour, shape and word of a state; nothing for a row without a state."""
    if state is None or state == "":
        return ""
    return format_html(
        '<span class="fz-badge {}{}">{}{}</span>',
        state.cls,
        f" {extra}" if extra else "",
        mark(state.mark),
        state.word,
    )


@register.simple_tag
def icon(symbol: str, size: str = "") -> SafeString:
    """A line icon of the closed set; `size` is "", "s" (20 px) or "xs" (16 px)."""
    return format_html(
        '<svg class="fz-ico{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" fz-ico--{size}" if size else "",
        _sprite(),
        symbol,
    )


@register.simple_tag
def wordmark() -> SafeString:
    """The nine squares of 方阵."""
    return format_html('<svg aria-hidden="true"><use href="{}#b-fz"/></svg>', _sprite())


@register.simple_tag
def house() -> dict[str, str | int]:
    """What the pages before the login say about this site, read from the settings."""
    return {
        "name": settings.SITE_NAME,
        "login_tries": settings.LOGIN_TRIES,
        "lock_minutes": settings.LOGIN_LOCK_MINUTES,
    }
