"""Models of organizations, one file a subject."""

from apps.organizations.models.appointments import Appointment, Portfolio
from apps.organizations.models.organizations import Organization
from apps.organizations.models.users import Reach, User

__all__ = ["Appointment", "Organization", "Portfolio", "Reach", "User"]
