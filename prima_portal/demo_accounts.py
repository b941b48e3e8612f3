"""The named cast of the demo, with the password that exists only while DEBUG is on."""

from dataclasses import dataclass

DEMO_PASSWORD = "prima-untuk-semua"  # noqa: S105  # nosec B105  # printed on purpose; set only while DEBUG is on


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account that `make demo` prints: how to sign in, and what to see there."""

    nip: str
    name: str
    role: str


DEMO_ACCOUNTS = (
    DemoAccount("199203142019032001", "Ani Lestari", "pegawai: mengisi penilaian mandiri"),
    DemoAccount("198005212005011002", "Budi Santosa", "atasan: meninjau dan melihat unitnya"),
    DemoAccount("197906112004012003", "Citra Kirana", "atasan unit lain"),
    DemoAccount("198811092014022004", "Dewi Anggraini", "pengelola instrumen dan periode"),
    DemoAccount("198507072010011005", "Eko Prasetyo", "auditor"),
    DemoAccount(
        "199001012015011006", "Fajar Nugraha", "pegawai yang pindah unit di tengah periode"
    ),
    DemoAccount("197204151998031007", "Gunawan Wibisono", "kepala dinas"),
    DemoAccount("198306302008012008", "Hesti Rahmawati", "pengelola kepegawaian"),
    DemoAccount("197510101999032009", "Ratna Puspita", "kepala sekolah dengan 60 guru"),
    DemoAccount("operator", "Operator Portal", "operator (admin)"),
)
