"""A hold also keeps the lines of answers' history that a destruction has left for the next run."""

from django.db import migrations

FUNCTIONS = r"""
CREATE OR REPLACE FUNCTION assessments_destroy_history(
    cycle bigint, after bigint, most integer, actor bigint, actor_name text
) RETURNS TABLE (last bigint, destruction bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    ids bigint[];
    code text;
    begun timestamptz;
    held bigint[];
BEGIN
    PERFORM pg_advisory_xact_lock_shared(1213156420);
    PERFORM pg_advisory_xact_lock(1145394004, cycle::integer);
    IF EXISTS (SELECT FROM assessments_legalhold hold WHERE hold.lifted_at IS NULL AND hold.cycle_id = $1) THEN
        RETURN NEXT;
        RETURN;
    END IF;
    SELECT array_agg(tombstone.assessment_id) INTO held FROM assessments_tombstone tombstone
    JOIN assessments_legalhold hold ON hold.lifted_at IS NULL AND hold.person_id = tombstone.person_id
    WHERE tombstone.cycle_id = $1;
    SELECT period.code, period.created_at INTO code, begun FROM assessments_cycle period WHERE period.id = cycle;
    SELECT max(window_.pgh_id), array_agg(window_.pgh_id) FILTER (WHERE EXISTS (
        SELECT FROM assessments_tombstone tombstone
        WHERE tombstone.assessment_id = window_.assessment_id AND tombstone.cycle_id = $1
            AND tombstone.assessment_id <> ALL (coalesce(held, '{}'))
    )) INTO last, ids
    FROM (
        SELECT line.pgh_id, line.assessment_id FROM assessments_answerhistory line
        WHERE line.pgh_id > after AND line.pgh_created_at >= begun - interval '1 day'
            AND line.pgh_created_at < audit_kept_since('DRAFTS')
        ORDER BY line.pgh_id LIMIT most
    ) window_;
    -- While somebody's lines are held the pass is not over: a later run goes through them again.
    IF ids IS NOT NULL OR (last IS NULL AND held IS NULL) THEN
        destruction := audit_destroy(
            'HISTORY', code, 0, ARRAY[['assessments_answerhistory', 'pgh_id', 'pgh_id = ANY ($1)']],
            coalesce(ids, '{}'), actor, actor_name
        );
    END IF;
    RETURN NEXT;
END $$;
"""


class Migration(migrations.Migration):
    """Replaces a function of 0007; back is a restore."""

    dependencies = [("assessments", "0012_status_in_plain_words")]

    operations = [migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop)]
