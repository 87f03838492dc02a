# The site in one image: web, workers, beat and commands are told apart by what is started.
#
#   docker build -t stories-archive .
#   docker build -t stories-archive --build-arg LOCK=servers .    without the speech model
ARG PYTHON=3.11-slim-bookworm

FROM node:22-bookworm-slim AS frontend
WORKDIR /build
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY frontend/ ./
RUN npm run build

FROM python:${PYTHON} AS packages
ARG LOCK=scale
COPY requirements/${LOCK}.txt /build/lock.txt
# Wheels only: nothing is compiled, so that nothing that compiles has to be there. The lock names
# all there is to install, and leaves out on purpose what some would bring.
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps \
        --require-hashes --only-binary :all: -r /build/lock.txt \
    && /venv/bin/pip uninstall --yes --quiet pip setuptools

FROM python:${PYTHON}
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ffmpeg bubblewrap \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin archive \
    # A new volume takes its owner from the folder that it covers.
    && install -d -o archive -g archive -m 0700 /srv/data /srv/keys /srv/journal /srv/work
ENV PATH=/venv/bin:$PATH \
    HOME=/tmp \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=archive.settings.production \
    DATA_DIR=/srv/data \
    KEYS_DIR=/srv/keys \
    JOURNAL_PATH=/srv/journal/tombstones.jsonl \
    MEDIA_WORK_DIR=/srv/work
WORKDIR /app
COPY --from=packages /venv /venv
COPY manage.py gunicorn.conf.py ./
COPY archive/ archive/
COPY stories/ stories/
COPY media_pipeline/ media_pipeline/
COPY search/ search/
COPY templates/ templates/
COPY locale/ locale/
COPY --from=frontend /build/dist frontend/dist
# The values are for this one line: production insists on them. Nothing of them is kept.
RUN SECRET_KEY="$(head -c 48 /dev/urandom | base64 -w 0)" ALLOWED_HOSTS=localhost \
        SITE_ADDRESS=https://localhost DATA_DIR=/tmp/building \
        python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf /tmp/building \
    && chown -R archive:archive staticfiles \
    && python -m archive.languages compile \
    && python -m compileall -q archive stories media_pipeline search
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "archive.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--worker-tmp-dir", "/dev/shm"]
