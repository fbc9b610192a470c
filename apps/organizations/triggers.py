"""The lanes of posts are kept apart by the database, not only by the services."""

from apps.core.triggers import TRIGGERS, Trigger

LANE = (
    "CASE {row}role WHEN 'system_admin' THEN 'system' WHEN 'auditor' THEN 'audit' "
    "ELSE 'business' END"
)
CLASH = (
    "SELECT 1 FROM organizations_appointment other WHERE other.user_id = NEW.user_id "
    "AND other.id <> COALESCE(NEW.id, -1) "
    f"AND {LANE.format(row='other.')} <> {LANE.format(row='NEW.')} "
    "AND (other.ends_on IS NULL OR other.ends_on >= NEW.starts_on) "
    "AND (NEW.ends_on IS NULL OR NEW.ends_on >= other.starts_on)"
)
MESSAGE = "business, system and audit posts are never held together"

TRIGGERS.append(
    Trigger(
        table="organizations_appointment",
        names=("appointment_lanes", "appointment_lanes_update"),
        postgresql=f"""
            CREATE OR REPLACE FUNCTION appointment_lanes() RETURNS trigger AS $$
            BEGIN
                IF EXISTS ({CLASH}) THEN RAISE EXCEPTION '{MESSAGE}'
                    USING ERRCODE = 'integrity_constraint_violation'; END IF;
                RETURN NEW;
            END $$ LANGUAGE plpgsql;
            DROP TRIGGER IF EXISTS appointment_lanes ON organizations_appointment;
            CREATE TRIGGER appointment_lanes BEFORE INSERT ON organizations_appointment
                FOR EACH ROW EXECUTE FUNCTION appointment_lanes();
            DROP TRIGGER IF EXISTS appointment_lanes_update ON organizations_appointment;
            CREATE TRIGGER appointment_lanes_update BEFORE UPDATE ON organizations_appointment
                FOR EACH ROW EXECUTE FUNCTION appointment_lanes();
        """,
        sqlite=tuple(
            f"""CREATE TRIGGER IF NOT EXISTS {name} BEFORE {act} ON organizations_appointment
                WHEN EXISTS ({CLASH}) BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"""
            for name, act in (
                ("appointment_lanes", "INSERT"), ("appointment_lanes_update", "UPDATE")
            )
        ),
    )
)
