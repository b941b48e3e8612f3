"""Database triggers that freeze a published instrument, through the ORM and raw SQL alike."""

import pgtrigger


def frozen_with_instrument(instrument_id: str) -> pgtrigger.Trigger:
    """Refuse any write to a part of an instrument that is not a draft.

    `instrument_id` is a SQL expression over `part`, the row concerned. The row of the instrument is
    locked, so that publishing waits for edits under way and edits wait for publishing.
    """
    check = f"""
        SELECT status INTO found FROM pillars_instrument
        WHERE id = ({instrument_id}) FOR SHARE;
        IF found IS DISTINCT FROM 'DRAFT' THEN
            RAISE EXCEPTION 'a published instrument never changes; make a new version'
                USING ERRCODE = 'restrict_violation';
        END IF;
    """  # nosec B608  # names of the code alone
    return pgtrigger.Trigger(
        name="frozen",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("found", "text"), ("part", "record")],
        func=f"""
            IF TG_OP <> 'INSERT' THEN
                part := OLD;
                {check}
            END IF;
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            part := NEW;
            {check}
            RETURN NEW;
        """,
    )


PUBLISHED_IS_FROZEN = pgtrigger.Trigger(
    name="published_is_frozen",
    when=pgtrigger.Before,
    operation=pgtrigger.Update | pgtrigger.Delete,
    condition=pgtrigger.Q(old__status__in=["PUBLISHED", "RETIRED"]),
    func="""
        IF TG_OP = 'UPDATE' AND OLD.status = 'PUBLISHED' AND NEW.status = 'RETIRED'
            AND to_jsonb(OLD) - 'status' = to_jsonb(NEW) - 'status'
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'a published instrument never changes; make a new version'
            USING ERRCODE = 'restrict_violation';
    """,
)
