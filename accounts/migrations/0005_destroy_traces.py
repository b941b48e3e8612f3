"""Sessions that ended, letters that never left, links that ran out, and failed sign-ins go by schedule."""

from django.db import migrations

FUNCTIONS = r"""
CREATE FUNCTION accounts_trace_parts() RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    since constant text := format('%L', audit_kept_since('TRACES'));
BEGIN
    RETURN ARRAY[
        ['usersessions_usersession', 'id', 'last_seen_at < ' || since],
        ['django_session', 'session_key', 'expire_date < ' || since],
        ['axes_accessattemptexpiration', 'access_attempt_id',
            'access_attempt_id IN (SELECT id FROM axes_accessattempt WHERE attempt_time < ' || since || ')'],
        ['axes_accessattempt', 'id', 'attempt_time < ' || since],
        ['accounts_throttle', 'id', 'since < ' || since],
        ['accounts_passwordlink', 'id', 'expires_at < ' || since],
        ['accounts_letter', 'id', 'requested_at < ' || since]
    ];
END $$;

CREATE FUNCTION accounts_due_traces() RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    part text[];
    counted bigint;
    total bigint := 0;
BEGIN
    FOREACH part SLICE 1 IN ARRAY accounts_trace_parts() LOOP
        EXECUTE format('SELECT count(*) FROM %I WHERE %s', part[1], part[3]) INTO counted;
        total := total + counted;
    END LOOP;
    RETURN total;
END $$;

CREATE FUNCTION accounts_destroy_traces(actor bigint, actor_name text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1145394004, 0);
    RETURN audit_destroy('TRACES', '', 0, accounts_trace_parts(), '{}', actor, actor_name);
END $$;

REVOKE ALL ON FUNCTION accounts_destroy_traces(bigint, text) FROM PUBLIC;
"""
NO_FUNCTIONS = """
DROP FUNCTION accounts_destroy_traces(bigint, text);
DROP FUNCTION accounts_due_traces();
DROP FUNCTION accounts_trace_parts();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_links_letters_and_limits"),
        ("audit", "0003_retention"),
        ("axes", "0010_accessattemptexpiration"),
        ("sessions", "0001_initial"),
        ("usersessions", "0001_initial"),
    ]

    operations = [migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS)]
