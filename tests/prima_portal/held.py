"""What is held about people, column by column: where the export has it, or why it has not.

The left side is compared with the models, the right side with a real export.
"""

from collections.abc import Mapping

KEY = "-a key of ours, which says nothing of the person"
OWN = "-whose it is: the person's own, or it would not be in the export"
SECRET = "-a secret, or the digest of one"
OTHER = "-another person, whom the trail tells by office; the event is among the acts"

# Column → path of the key in the export; a reason begins with a dash.
HELD: Mapping[str, Mapping[str, str]] = {
    "accounts.User": {
        "id": KEY,
        "password": SECRET,
        "session_generation": "-a counter by which sessions end",
        **{
            name: f"account.{name}"
            for name in (
                *("last_login", "is_superuser", "username", "nip", "siasn_id", "name"),
                *("title_before", "title_after", "email", "employment_type", "legal_status"),
                *("rank", "language", "time_zone", "is_active", "is_staff", "date_joined"),
            )
        },
    },
    "accounts.FormerNip": {
        "id": KEY,
        "user": OWN,
        "nip": "former_nips.nip",
        "replaced_at": "former_nips.replaced_at",
    },
    "accounts.RoleGrant": {
        "id": KEY,
        "user": OWN,
        "role": "roles.role",
        "valid": "roles.from",
        "granted_by": "roles.granted_by",
        "reason": "roles.reason",
    },
    "accounts.PasswordLink": {
        "id": KEY,
        "user": OWN,
        "purpose": "password_links.purpose",
        "digest": SECRET,
        "state": SECRET,
        "expires_at": "password_links.expires_at",
    },
    "accounts.Letter": {
        "id": KEY,
        "addressee": OWN,
        "kind": "letters.kind",
        "data": "letters.about",
        "requested_at": "letters.requested_at",
        "attempts": "letters.attempts",
        "next_at": "letters.next_at",
    },
    "axes.AccessAttempt": {
        "id": KEY,
        "username": OWN,
        "attempt_time": "failed_sign_ins.at",
        "failures_since_start": "failed_sign_ins.times",
        **dict.fromkeys(
            ("user_agent", "ip_address", "http_accept", "path_info", "get_data", "post_data"),
            "-of whoever tried, who may be somebody else",
        ),
    },
    "usersessions.UserSession": {
        "id": KEY,
        "user": OWN,
        "session_key": SECRET,
        "data": "-never written",
        "created_at": "sessions.from",
        "ip": "sessions.ip",
        "last_seen_at": "sessions.last_used_at",
        "user_agent": "sessions.user_agent",
    },
    "mfa.Authenticator": {
        "id": KEY,
        "user": OWN,
        "type": "second_factor.is_on",
        "data": SECRET,
        "created_at": "second_factor.from",
        "last_used_at": "second_factor.last_used_at",
    },
    "organization.Posting": {
        "id": KEY,
        "user": OWN,
        "position": "postings.position",
        "kind": "postings.kind",
        "valid": "postings.from",
        "is_head": "postings.is_head",
    },
    "organization.HrMandate": {
        "id": KEY,
        "user": OWN,
        "unit": "personnel_mandates.unit",
        "valid": "personnel_mandates.from",
        "reason": "personnel_mandates.reason",
    },
    "organization.Unit": {
        "id": KEY,
        "name": "named_as_head.unit",
        "head_nip": "named_as_head.nip",
        **dict.fromkeys(("parent", "code", "kind", "is_active"), "-of the unit, not of a person"),
    },
    "organization.CorrectionRequest": {
        "id": KEY,
        "person": OWN,
        "decided_by": OTHER,
        **{
            name: f"correction_requests.{name}"
            for name in (
                *("unit", "item", "requested", "reference", "status", "received_at", "due_at"),
                *("decided_at", "answer", "reminders"),
            )
        },
    },
    "assessments.Assessment": {
        "id": KEY,
        "person": OWN,
        "cycle": "assessments.cycle",
        "unit": "assessments.unit",
        "position_title": "assessments.position",
        "status": "assessments.status",
        "submission": "assessments.valid_receipt",
        "extended_until": "assessments.extended_until",
        "named_reviewer": "assessments.named_reviewer",
        "started_at": "assessments.started_at",
        "status_changed_at": "assessments.status_changed_at",
        "reminded_at": "assessments.reminded_at",
    },
    "assessments.Answer": {
        "id": KEY,
        "assessment": OWN,
        "token": "-the browser's name for its last save",
        **{
            name: f"assessments.working_answers.{name}"
            for name in (
                *("indicator", "value", "not_applicable", "reason", "note", "evidence"),
                *("revision", "saved_at"),
            )
        },
    },
    "assessments.Evidence": {
        "id": KEY,
        "assessment": OWN,
        "uploaded_by": OWN,
        "key": "-where the bytes lie on disk; `path` says where they are in the archive",
        "indicator": "assessments.evidence_files.indicator",
        "name": "assessments.evidence_files.file_name",
        "media_type": "assessments.evidence_files.media_type",
        "size": "assessments.evidence_files.size_in_bytes",
        "sha256": "assessments.evidence_files.sha256",
        "uploaded_at": "assessments.evidence_files.uploaded_at",
        "scan_state": "assessments.evidence_files.scan_state",
        "submission": "assessments.evidence_files.receipt",
        "removed_at": "assessments.evidence_files.removed_at",
    },
    "assessments.Submission": {
        "id": KEY,
        "assessment": OWN,
        "sequence": "assessments.submissions.sequence",
        "number": "assessments.submissions.receipt",
        "submitted_at": "assessments.submissions.submitted_at",
        "answers": "assessments.submissions.answers",
        "answers_hash": "assessments.submissions.answers_hash",
        "last_revision": "-counts saves, so that a late page is recognised",
    },
    "assessments.SupervisorReport": {
        "id": KEY,
        "assessment": OWN,
        "resolved_by": OTHER,
        **{
            name: f"assessments.supervisor_reports.{name}"
            for name in (
                *("shown_supervisor", "message", "status", "reported_at", "resolved_at"),
                "resolution",
            )
        },
    },
    "assessments.Review": {
        "id": KEY,
        "submission": OWN,
        **{
            name: f"assessments.submissions.review.{name}"
            for name in ("reviewer", "status", "opened_at", "completed_at", "ratings", "note")
        },
    },
    "assessments.Score": {
        "id": KEY,
        "submission": OWN,
        "review": OWN,
        "numerators": "assessments.submissions.scores.trace",
        "denominators": "assessments.submissions.scores.trace",
        **{
            name: f"assessments.submissions.scores.{name}"
            for name in ("kind", "instrument", "method", "total", "band", "scored_at")
        },
    },
    "assessments.Reopening": {
        "id": KEY,
        "assessment": OWN,
        "proposed_by": OTHER,
        "decided_by": OTHER,
        "submission": "assessments.reopenings.receipt",
        **{
            name: f"assessments.reopenings.{name}"
            for name in ("reason", "until", "status", "proposed_at", "decided_at")
        },
    },
    "assessments.LegalHold": {
        "id": KEY,
        "person": OWN,
        "cycle": "legal_holds.cycle",
        "reason": "-the office's: an objection, a lawsuit, an audit may name others",
        "placed_at": "legal_holds.placed_at",
        "lifted_at": "legal_holds.lifted_at",
    },
    "assessments.Tombstone": {
        "id": KEY,
        "assessment_id": KEY,
        "person": OWN,
        "kind": "destroyed.kind",
        "cycle": "destroyed.cycle",
        "destruction_id": "destroyed.proof",
        "destroyed_at": "destroyed.destroyed_at",
    },
    "audit.Event": {
        "id": KEY,
        "actor_id": OWN,
        "actor_name": "acts_of_others.who",
        **{
            name: f"acts.{name}"
            for name in ("at", "verb", "subject_type", "subject_id", "data", "request_id")
        },
    },
}

NOT_USED = "nobody registers or connects anything here; no row is ever written"
OF_OFFICE = "an act of office; the event of it is among one's acts"
FOLLOWS = "of an instrument or a period; it leads to a person by who made it alone"

LEFT_OUT: Mapping[str, str] = {
    "account.EmailAddress": NOT_USED,
    "account.EmailConfirmation": NOT_USED,
    "admin.LogEntry": "a second note of what operators did; the event of it is among the acts",
    "assessments.Cycle": OF_OFFICE,
    "assessments.CycleUnit": FOLLOWS,
    "assessments.Rating": "the reviewer's working copy; its result is the review's `ratings`",
    "assessments.ReminderPlan": FOLLOWS,
    "assessments.ReminderRound": FOLLOWS,
    "assessments.ScoringJob": "a queue; the score that comes of it is there",
    "assessments.StaleUnit": FOLLOWS,
    "audit.Destruction": "counts and digests; the person's own are under `destroyed`",
    "axes.AccessFailureLog": "switched off in the settings",
    "axes.AccessLog": "switched off in the settings",
    "dashboards.UnitRelease": "of a unit; it leads to a person by nobody's name",
    "dashboards.UnitSnapshot": "of a unit; it leads to a person by nobody's name",
    "pghistory.MiddlewareEvents": "a view of the library over row history",
    "pillars.Band": FOLLOWS,
    "pillars.Indicator": FOLLOWS,
    "pillars.Instrument": OF_OFFICE,
    "pillars.Level": FOLLOWS,
    "pillars.Pillar": FOLLOWS,
    "pillars.ScalePoint": FOLLOWS,
    "pillars.Upload": OF_OFFICE,
    "sessions.Session": "the stored session under its key, which is a secret; what it is, `sessions` says",
}


def as_document() -> str:
    """The table as `docs/data.md` has it: what of each model is about a person, and where they find it."""
    lines = ["| model | about a person | not taken away |", "|---|---|---|"]
    for label, columns in HELD.items():
        about = ", ".join(f"`{name}`" for name, path in columns.items() if path[0] != "-")
        kept = ", ".join(
            f"`{name}`"
            for name, path in columns.items()
            if path[0] == "-" and path not in (KEY, OWN)
        )
        lines.append(f"| `{label}` | {about} | {kept or '–'} |")
    return "\n".join(lines)


# Columns that lead to a person without a foreign key.
NAMES_OF_PEOPLE = frozenset(
    {
        *("actor_id", "actor_name", "addressee", "username", "nip", "head_nip", "email"),
        *("ip", "ip_address", "user_agent", "session_key", "person_id", "user_id"),
    }
)
