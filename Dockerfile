# syntax=docker/dockerfile:1
# The bot and what it needs, nothing to build with, and nobody's rights. docs/running/container.md says how to use it.
ARG BASE=python:3.13-slim-trixie

FROM ${BASE} AS build
WORKDIR /source
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot ./bot
COPY recommender ./recommender
COPY sources ./sources
COPY storage ./storage
RUN python -m venv --without-pip /opt/paperboy && \
    pip --python /opt/paperboy/bin/python install --no-cache-dir --constraint constraints.txt '.[embedding,postgres]'

FROM ${BASE}
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin paperboy && \
    install --directory --owner paperboy --group paperboy --mode 0700 /data
COPY --from=build /opt/paperboy /opt/paperboy
ENV PATH=/opt/paperboy/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    MPLCONFIGDIR=/tmp \
    DATA_DIR=/data \
    METRICS_HOST=0.0.0.0 \
    METRICS_PORT=9109 \
    WEBHOOK_HOST=0.0.0.0
# The database where it is a file, the folder `dumps`, and what can be made anew.
WORKDIR /data
VOLUME /data
USER 10001:10001
EXPOSE 8081 9109
# It needs up to 9.5 seconds to end in order; engines give it ten.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=2m --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as web; web.build_opener(web.ProxyHandler({})).open(f'http://127.0.0.1:{os.environ[\"METRICS_PORT\"]}/healthz', timeout=4)"]
ENTRYPOINT ["paperboy"]
CMD ["run"]
