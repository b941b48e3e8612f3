"""What a person takes away: the archive, and the document in it."""

import io
import json
import zipfile

from prima_portal.personal_data import json_chunks, personal_data_of

PAGE = "/akun/data/"
FILE = "/akun/data/berkas/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""Of the second factor; in nothing that is taken away."""


def archive_of(client, user):
    client.force_login(user)
    response = client.post(FILE)
    assert response.status_code == 200
    assert response["Content-Disposition"] == 'attachment; filename="data-saya.zip"'
    assert response["Content-Type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(response.getvalue()))
    assert archive.testzip() is None
    return archive


def file_of(client, user):
    return json.loads(archive_of(client, user).read("data-saya.json"))


def document_of(user):
    return json.loads("".join(json_chunks(personal_data_of(user))))
