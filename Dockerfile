# The portal's image: web, worker and beat run from it with different commands (compose.yaml).
FROM python:3.11-slim-trixie AS build
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
# The catalogues as they are compiled, which the repository does not hold.
RUN apt-get update && apt-get install -y --no-install-recommends gettext
COPY locale /locale
RUN for one in /locale/*/LC_MESSAGES/django; do msgfmt --output-file "$one.mo" "$one.po" || exit 1; done

FROM python:3.11-slim-trixie
# pg_dump and pg_restore for the backup and restore commands: of the same version as the database of compose.yaml,
# since an older one refuses a newer server.
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --uid 10001 prima
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY . .
COPY --from=build /locale locale
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
# By a name that the portal answers to: it refuses every other Host.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
    CMD ["python", "deploy/healthcheck.py"]
CMD ["gunicorn", "prima_portal.wsgi:application", "--config", "deploy/gunicorn.py"]
