"""What changes accounts, and how they are entered: one verb each, keyword-only, audited."""

from accounts.operations.denials import note_denial, note_refused_request, note_sign_in, unreadable
from accounts.operations.identity import correct_nip
from accounts.operations.letters import deliver_letters, send_letter
from accounts.operations.links import (
    ask_for_reset,
    change_password,
    choose_password,
    invite,
    make_link,
    note_new_address,
)
from accounts.operations.lockouts import OLD_PASSWORDS, lift_lockouts, slow_down
from accounts.operations.own import (
    choose_language,
    choose_time_zone,
    hand_over_data,
    note_reading,
)
from accounts.operations.second_factor import (
    accept_code,
    remove_second_factor,
    renew_recovery_codes,
    reseal_second_factors,
    reset_second_factor,
    set_up_second_factor,
)
from accounts.operations.sessions import end_other_sessions, end_session
from accounts.operations.single_sign_on import recognize
from accounts.operations.throttling import Limit, forgive, take_turn

__all__ = [
    "OLD_PASSWORDS",
    "Limit",
    "accept_code",
    "ask_for_reset",
    "change_password",
    "choose_language",
    "choose_password",
    "choose_time_zone",
    "correct_nip",
    "deliver_letters",
    "end_other_sessions",
    "end_session",
    "forgive",
    "hand_over_data",
    "invite",
    "lift_lockouts",
    "make_link",
    "note_denial",
    "note_new_address",
    "note_reading",
    "note_refused_request",
    "note_sign_in",
    "recognize",
    "remove_second_factor",
    "renew_recovery_codes",
    "reseal_second_factors",
    "reset_second_factor",
    "send_letter",
    "set_up_second_factor",
    "slow_down",
    "take_turn",
    "unreadable",
]
