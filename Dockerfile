# The portal's image: web, worker and beat run from it with different commands (compose.yaml).
FROM python:3.11-slim-bookworm AS build
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.11-slim-bookworm
# pg_dump and pg_restore for the backup and restore commands.
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --uid 10001 prima
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY . .
# Building static files reads settings but no service; the values below never serve a request.
RUN SECRET_KEY=build-only-build-only-build-only-build-only-build-only ALLOWED_HOSTS=localhost \
    DATABASE_URL=postgres://build REDIS_URL=redis://build \
    python manage.py collectstatic --noinput \
    && install -d -o prima /var/lib/prima/evidence
USER prima
ENV EVIDENCE_DIR=/var/lib/prima/evidence
EXPOSE 8000
# Workers finish what they began: SIGTERM, then up to the stop grace period of the platform.
STOPSIGNAL SIGTERM
HEALTHCHECK CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/livez', timeout=3)"
CMD ["gunicorn", "prima_portal.wsgi:application", "--config", "deploy/gunicorn.py"]
