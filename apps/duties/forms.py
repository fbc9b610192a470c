from django import forms

from apps.core.errors import Invalid
from apps.core.forms import HouseForm
from apps.duties.models import Parameter
from apps.duties.services import parameters


class ParameterForm(HouseForm, forms.ModelForm):
    """The site's value; what the verb would refuse is said at the field."""

    class Meta:
        model = Parameter
        fields = ("value",)
        widgets = {"value": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})}
        error_messages = {"value": {"max_length": parameters.TOO_LONG}}

    def clean_value(self) -> str:
        """The value as the verb keeps it."""
        try:
            return parameters.checked(self.cleaned_data["value"])
        except Invalid as refusal:
            raise forms.ValidationError(refusal.message)
