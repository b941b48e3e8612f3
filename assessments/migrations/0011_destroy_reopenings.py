"""A result that was opened again goes with its assessment, and keeps it until then."""

from django.db import migrations

FUNCTIONS = r"""
CREATE OR REPLACE FUNCTION assessments_touched_at(assessment bigint) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT greatest(
        cycle.closes_at, held.extended_until, held.started_at, held.status_changed_at,
        (SELECT max(pgh_created_at) FROM assessments_assessmenthistory WHERE pgh_obj_id = $1),
        (SELECT max(saved_at) FROM assessments_answer WHERE assessment_id = $1),
        (SELECT max(greatest(uploaded_at, removed_at)) FROM assessments_evidence WHERE assessment_id = $1),
        (SELECT max(greatest(reported_at, resolved_at)) FROM assessments_supervisorreport
            WHERE assessment_id = $1),
        (SELECT max(greatest(proposed_at, decided_at)) FROM assessments_reopening WHERE assessment_id = $1),
        (SELECT max(greatest(submission.submitted_at, score.scored_at, review.opened_at, review.completed_at,
                rating.saved_at))
            FROM assessments_submission submission
            LEFT JOIN assessments_score score ON score.submission_id = submission.id
            LEFT JOIN assessments_review review ON review.submission_id = submission.id
            LEFT JOIN assessments_rating rating ON rating.review_id = review.id
            WHERE submission.assessment_id = $1)
    )
    FROM assessments_assessment held JOIN assessments_cycle cycle ON cycle.id = held.cycle_id
    WHERE held.id = $1
$$;

CREATE OR REPLACE FUNCTION assessments_destroy(
    kind text, cycle bigint, most integer, actor bigint, actor_name text
) RETURNS TABLE (destruction bigint, subjects integer, files text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    ids bigint[];
    code text;
    own constant text := 'assessment_id = ANY ($1)';
    handed_in constant text := 'submission_id IN (SELECT id FROM assessments_submission WHERE assessment_id = ANY ($1))';
    rated constant text := 'review_id IN (SELECT id FROM assessments_review WHERE ' || handed_in || ')';
    draft constant text := own || ' AND submission_id IS NULL';
    past constant text := 'pgh_obj_id IN (SELECT id FROM %s WHERE %s)';
    parts text[] := ARRAY[
        ['assessments_answerhistory', 'pgh_id', format(past, 'assessments_answer', own)],
        ['assessments_answer', 'id', own]
    ];
BEGIN
    IF kind NOT IN ('DRAFTS', 'ASSESSMENTS') THEN
        RAISE EXCEPTION 'nothing of an assessment is kept as %', kind USING ERRCODE = 'restrict_violation';
    END IF;
    PERFORM pg_advisory_xact_lock_shared(1213156420);
    PERFORM pg_advisory_xact_lock(1145394004, cycle::integer);
    SELECT array_agg(due) INTO ids FROM assessments_due(kind, cycle, most) due;
    SELECT period.code INTO code FROM assessments_cycle period WHERE period.id = cycle;
    IF ids IS NULL THEN
        RETURN;
    END IF;
    IF kind = 'DRAFTS' THEN
        SELECT array_agg(key) INTO files FROM assessments_evidence
        WHERE assessment_id = ANY (ids) AND submission_id IS NULL;
        parts := parts || ARRAY[['assessments_evidence', 'id', draft]];
    ELSE
        SELECT array_agg(key) INTO files FROM assessments_evidence WHERE assessment_id = ANY (ids);
        parts := parts || ARRAY[
            ['assessments_evidence', 'id', own],
            ['assessments_ratinghistory', 'pgh_id', format(past, 'assessments_rating', rated)],
            ['assessments_rating', 'id', rated],
            ['assessments_scorehistory', 'pgh_id', format(past, 'assessments_score', handed_in)],
            ['assessments_score', 'id', handed_in],
            ['assessments_scoringjob', 'id', handed_in],
            ['assessments_reviewhistory', 'pgh_id', format(past, 'assessments_review', handed_in)],
            ['assessments_review', 'id', handed_in],
            ['assessments_supervisorreporthistory', 'pgh_id', format(past, 'assessments_supervisorreport', own)],
            ['assessments_supervisorreport', 'id', own],
            ['assessments_reopening', 'id', own],
            ['assessments_submissionhistory', 'pgh_id', format(past, 'assessments_submission', own)],
            ['assessments_submission', 'id', own],
            ['assessments_assessmenthistory', 'pgh_id', 'pgh_obj_id = ANY ($1)']
        ];
    END IF;
    destruction := audit_destroy_assessments(kind, code, parts, ids, actor, actor_name);
    subjects := cardinality(ids);
    RETURN NEXT;
END $$;

CREATE TRIGGER retention_keeps BEFORE DELETE ON assessments_reopening FOR EACH ROW
    EXECUTE FUNCTION audit_keep_for_its_time('ASSESSMENTS', 'proposed_at');
"""


class Migration(migrations.Migration):
    """Replaces two functions of 0007; back is a restore."""

    dependencies = [("assessments", "0010_reopening")]

    operations = [
        migrations.RunSQL(FUNCTIONS, "DROP TRIGGER retention_keeps ON assessments_reopening;")
    ]
