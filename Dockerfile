# Nothing from apt is needed, neither to build nor to run: all packages have wheels. There is no HEALTHCHECK, since
# Docker only looks at it: a bot that cannot go on ends, and is started again.
# The digest is that of the tag's last build, for all platforms: docs/deploy.md says how to look it up.
FROM python:3.13.9-slim-bookworm@sha256:b685a4fa58bb19d1814d78a1ec0f0208f351452724f78b20212c984d6e124a34 AS build
COPY requirements.lock /
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r /requirements.lock

FROM python:3.13.9-slim-bookworm@sha256:b685a4fa58bb19d1814d78a1ec0f0208f351452724f78b20212c984d6e124a34
RUN useradd --uid 10001 --no-create-home assistant && install -d -m 700 -o assistant /app/data
COPY --from=build /venv /venv
COPY app.py /app/
COPY assistant /app/assistant
COPY cogs /app/cogs
COPY voicewire /app/voicewire
WORKDIR /app
# By its number, so that Kubernetes can see that it is not root.
USER 10001
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 TTS_CACHE_FOLDER=/app/data/speech
# The SQLite file and the recordings.
VOLUME /app/data
CMD ["python", "app.py"]
