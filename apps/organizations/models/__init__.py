"""Models of organizations, one file a subject."""

from apps.organizations.models.appointments import Appointment, Partnership, Portfolio
from apps.organizations.models.corrections import Correction
from apps.organizations.models.logins import LoginSession, PasswordHash, PasswordReset
from apps.organizations.models.names import OrganizationName
from apps.organizations.models.organizations import Organization
from apps.organizations.models.proposals import AppointmentProposal
from apps.organizations.models.rosters import Roster
from apps.organizations.models.users import Reach, User

__all__ = [
    "Appointment",
    "AppointmentProposal",
    "Correction",
    "LoginSession",
    "Organization",
    "OrganizationName",
    "Partnership",
    "PasswordHash",
    "PasswordReset",
    "Portfolio",
    "Reach",
    "Roster",
    "User",
]
