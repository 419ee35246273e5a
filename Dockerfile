# The image of web, worker, beat and migrate; docker-compose.yml tells how each is started.

FROM python:3.11-slim-bookworm AS packages
COPY requirements-uv.txt requirements.txt /
RUN pip install --no-cache-dir --require-hashes -r requirements-uv.txt \
    && python -m venv /opt/venv \
    && uv pip sync --no-cache --require-hashes --python /opt/venv/bin/python requirements.txt

FROM python:3.11-slim-bookworm
# What WeasyPrint needs to lay out PDF documents.
RUN apt-get update \
    && apt-get install --no-install-recommends -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=packages /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    FILES_DIR=/data/files STATIC_DIR=/srv/static
WORKDIR /srv/mapping
COPY . .
# Collecting touches neither database nor broker, but the settings want their addresses.
RUN mkdir -p /srv/static \
    && SECRET_KEY=unused DATABASE_URL=postgres://app@unused/mapping REDIS_URL=redis://unused \
       python manage.py collectstatic --no-input -v0 \
    && useradd --system --uid 10001 --home-dir /data mapping \
    && install -d -o mapping -g mapping /data /data/files
USER mapping
VOLUME /data/files
EXPOSE 8000
CMD ["gunicorn", "mapping.wsgi"]
