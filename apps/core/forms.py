"""The base of every form of ours: no mark of secrecy comes in, refusals are laid on fields."""

from collections.abc import Callable

from django import forms
from django.core.exceptions import ValidationError

from apps.core.errors import Refused
from apps.core.files.names import CLASSIFIED, has_secret_mark


def no_secret_mark(value) -> None:
    """ValidationError when what was typed carries 绝密★, 机密★ or 秘密★.

    A text field may give a list of words; anything else that it gives is no text.
    """
    texts = value if isinstance(value, list) else [value]
    if any(has_secret_mark(text) for text in texts if isinstance(text, str)):
        raise ValidationError(CLASSIFIED, code="classified")


class HouseForm:
    """Mixin in front of forms.Form or ModelForm: every text field refuses marks of secrecy."""

    fields: dict[str, forms.Field]
    add_error: Callable[[str | None, str], None]

    def full_clean(self):
        """Put the shared check on the text fields, whichever the form has by now."""
        for field in self.fields.values():
            if isinstance(field, forms.CharField) and no_secret_mark not in field.validators:
                field.validators.append(no_secret_mark)
        super().full_clean()


class TakesRefusals(HouseForm):
    """A form onto which a refusal of the domain is laid, field by field where it names any."""

    def take(self, refusal: Refused) -> None:
        """Show each sentence at its field; sentences without a field at the top."""
        fields = getattr(refusal, "fields", {})
        if not fields:
            self.add_error(None, refusal.message)
        for name, sentence in fields.items():
            if name in self.fields:
                self.add_error(name, sentence)
            else:
                self.add_error(None, sentence)
