# syntax=docker/dockerfile:1
# One image per function: docker build --build-arg FUNCTION=webhook . (scripts/build-images builds them all, for amd64 and arm64).
# Two are no functions: `--target broker` with FUNCTION=broker, the single box's broker for platforms that have none (OpenFaaS), and
# `--target migrate` with FUNCTION=migrate, the job that brings the database to this version.

# Pin it by digest for a release: --build-arg PYTHON_IMAGE=docker.io/library/python:3.11-slim-bookworm@sha256:...
ARG PYTHON_IMAGE=docker.io/library/python:3.11-slim-bookworm

# On the machine that builds, whatever the image is for: wheels are chosen, not built, and bytecode is the same everywhere.
FROM --platform=$BUILDPLATFORM ${PYTHON_IMAGE} AS tree
ARG FUNCTION
ARG TARGETARCH
WORKDIR /build
COPY pyproject.toml uv.lock ./
COPY scripts/ scripts/
COPY functions/ functions/
RUN scripts/image-tree "$FUNCTION" /packages packages
COPY LICENSE ./
COPY shared/ shared/
COPY local/ local/
COPY knative/ knative/
COPY models/ models/
RUN scripts/image-tree "$FUNCTION" /code code

# Nothing is run here, so an image for another processor needs no emulation.
FROM ${PYTHON_IMAGE} AS image
# PYTHONTZPATH: time zones come from the locked tzdata, not from what the base image has. USER, HOME: whoever asks for a name (yoyo does)
# or for a home (what looks for models does) finds none for that number anywhere else. MALLOC_ARENA_MAX: one heap for all threads
# (shared/voice/memory.py).
ENV PATH=/usr/local/bin:/usr/bin:/bin \
    PYTHONPATH=/app:/app/packages \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONNOUSERSITE=1 \
    PYTHONTZPATH="" \
    PYDANTIC_DISABLE_PLUGINS=1 \
    MALLOC_ARENA_MAX=1 \
    USER=jotline \
    HOME=/tmp
WORKDIR /app
COPY --from=tree /packages/ /
COPY --from=tree /code/ /
# By number: Kubernetes cannot see that a name is not root's. It owns nothing here and needs to write nowhere.
USER 65532:65532
EXPOSE 8080
# An array: the server is process 1 itself and gets the SIGTERM.
ENTRYPOINT ["python3", "-m", "shared.runtime.server"]

FROM image AS broker
ENV APP=local.http_broker:app

FROM image AS migrate
ENTRYPOINT ["python3", "-m", "local.migrate"]

FROM image AS function
ARG FUNCTION
ENV FUNCTION_SOURCE=/app/functions/${FUNCTION}/main.py \
    FUNCTION_TARGET=handle
