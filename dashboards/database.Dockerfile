# PostgreSQL 15 with ttr: the extension, and ttr-load beside it. The build context is the root of the repository.
FROM postgres:15-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends \
        make gcc libc6-dev libpq-dev libyajl-dev libunistring-dev zlib1g-dev libzstd-dev libxxhash-dev postgresql-server-dev-15
COPY . /source
RUN make -C /source install DESTDIR=/installed

FROM postgres:15-bookworm
RUN apt-get update && apt-get install -y --no-install-recommends libyajl2 libunistring2 libzstd1 && rm -rf /var/lib/apt/lists/*
COPY --from=build /installed/ /
COPY dashboards/database_init.sh /docker-entrypoint-initdb.d/
