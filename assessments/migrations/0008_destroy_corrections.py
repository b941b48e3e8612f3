"""Answered requests to correct data go by schedule; those of a person who is held stay."""

from django.db import migrations

FUNCTIONS = r"""
CREATE FUNCTION organization_correction_parts() RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    due constant text := format('status <> ''RECEIVED'' AND decided_at < %L AND NOT EXISTS ('
        'SELECT FROM assessments_legalhold hold WHERE hold.lifted_at IS NULL AND hold.person_id = %s.person_id)',
        audit_kept_since('CORRECTIONS'), 'organization_correctionrequest');
BEGIN
    RETURN ARRAY[
        ['organization_correctionrequesthistory', 'pgh_id',
            'pgh_obj_id IN (SELECT id FROM organization_correctionrequest WHERE ' || due || ')'],
        ['organization_correctionrequest', 'id', due]
    ];
END $$;

CREATE FUNCTION organization_due_corrections() RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    parts text[] := organization_correction_parts();
    counted bigint;
BEGIN
    EXECUTE format('SELECT count(*) FROM %I WHERE %s', parts[2][1], parts[2][3]) INTO counted;
    RETURN counted;
END $$;

CREATE FUNCTION organization_destroy_corrections(actor bigint, actor_name text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(1213156420);
    PERFORM pg_advisory_xact_lock(1145394004, -1);
    RETURN audit_destroy('CORRECTIONS', '', 0, organization_correction_parts(), '{}', actor, actor_name);
END $$;

CREATE TRIGGER retention_keeps BEFORE DELETE ON organization_correctionrequest FOR EACH ROW
    EXECUTE FUNCTION audit_keep_for_its_time('CORRECTIONS', 'received_at');
CREATE TRIGGER retention_keeps BEFORE DELETE ON organization_correctionrequesthistory FOR EACH ROW
    EXECUTE FUNCTION audit_keep_for_its_time('CORRECTIONS', 'pgh_created_at');

REVOKE ALL ON FUNCTION organization_destroy_corrections(bigint, text) FROM PUBLIC;
"""
NO_FUNCTIONS = """
DROP TRIGGER retention_keeps ON organization_correctionrequesthistory;
DROP TRIGGER retention_keeps ON organization_correctionrequest;
DROP FUNCTION organization_destroy_corrections(bigint, text);
DROP FUNCTION organization_due_corrections();
DROP FUNCTION organization_correction_parts();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0007_retention"),
        ("organization", "0003_correction_requests"),
        ("audit", "0004_correction_requests"),
    ]

    operations = [migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS)]
