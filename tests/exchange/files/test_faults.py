"""One shape of a fault for tables and documents, in words and between processes."""

import pickle

from accounts.errors import Refused
from exchange.files import Fault, FileRefused


def test_a_fault_of_a_table_names_row_and_column():
    assert str(Fault(9, "NIP BARU", "Salah.")) == "baris 9, kolom NIP BARU: Salah."
    assert str(Fault(9, "", "Salah.")) == "baris 9: Salah."
    assert str(Fault(0, "X", "Salah.")) == "X: Salah."
    assert str(Fault(0, "", "Salah.")) == "Salah."


def test_a_fault_of_a_document_names_its_path():
    fault = Fault.at("pillars[1].weight", "Salah.")
    assert (fault.place, str(fault)) == ("pillars[1].weight", "pillars[1].weight: Salah.")


def test_a_refusal_holds_every_fault_once_in_the_order_it_was_found():
    second, first = Fault(2, "B", "Salah."), Fault(1, "A", "Salah.")
    refusal = FileRefused([second, first, second])
    assert refusal.faults == (second, first)
    assert str(refusal) == "baris 2, kolom B: Salah.\nbaris 1, kolom A: Salah."
    assert isinstance(refusal, Refused)
    again = pickle.loads(pickle.dumps(refusal))  # noqa: S301
    assert again.faults == refusal.faults
