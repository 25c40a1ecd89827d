# ttr: a PostgreSQL extension (extension/, sql/), and ttr-load, which brings exports in (loader/).
#
#   make            build everything into build/
#   make deps       install the Debian packages that are missing (root or sudo)
#   make install    the extension where pg_config says, ttr-load into $(PREFIX)/bin
#   make demo       a private server with the sample export loaded; make demo-stop ends it
#   make check      all tests, on a private server of their own; or some: make check FILES=test/schema/sla.sql
#   make check SANITIZE=1  the tests in SQL, the extension under AddressSanitizer and UndefinedBehaviorSanitizer in the server
#   make check-long the tests that take many minutes, on a private server of their own; KILLS=10000 kills more often than 500 times
#   make bench      comparisons with other tools, on a private server of their own
#   make fuzz       looks for inputs on which the reading side or a kernel fails, with clang: SECONDS=600 for each target
#   make dist       the release archive, META.json stamped with the version
#   make clean

PG_CONFIG ?= pg_config
PREFIX    ?= /usr/local
KILLS     ?= 500
EXTVERSION   := $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" ttr.control)
# sql/ttr.sql is the script of the first release. Those of later ones, sql/ttr--A--B.sql, lead from there to this version.
FIRSTVERSION := $(or $(shell ls sql | sed -n 's/^ttr--\(.*\)--.*\.sql$$/\1/p' | sort -V | head -n 1),$(EXTVERSION))

export PG_CONFIG PG_MAJOR EXTVERSION FIRSTVERSION

# What a fresh Debian needs to build and run, and what it needs besides to test and to measure. MAJOR stands for the PostgreSQL
# that the release carries, 15 in Debian 12; another one: make deps PG_MAJOR=17. What ends in ? only some releases carry.
BUILD_DEPS := gcc libc6-dev libpq-dev libyajl-dev libunistring-dev zlib1g-dev libzstd-dev libxxhash-dev \
              postgresql-MAJOR postgresql-server-dev-MAJOR
CHECK_DEPS := postgresql-MAJOR-pgtap bats libcmocka-dev perl python3-pandas clang-format-14? tzdata-legacy? jq git gzip \
              zstd curl python3-yaml default-jre-headless libpostgresql-jdbc-java libjunixsocket-java libjunixsocket-jni \
              chromium nodejs $(if $(shell command -v npm),,npm)
FUZZ_DEPS  := clang libclang-rt-dev
BENCH_DEPS := $(CHECK_DEPS) postgresql-MAJOR-tdigest time

# Objects with sanitizers lie apart from those without.
BUILT_EXTENSION := build/extension$(if $(SANITIZE),-sanitized)

all: extension loader

extension: $(BUILT_EXTENSION)/ttr--$(FIRSTVERSION).sql
	$(MAKE) -C $(BUILT_EXTENSION) -f $(CURDIR)/extension/Makefile

$(BUILT_EXTENSION)/ttr--$(FIRSTVERSION).sql: sql/ttr.sql ttr.control
	mkdir -p $(@D)
	rm -f $(@D)/ttr--*.sql
	cp $< $@

loader:
	$(MAKE) -C loader

install: all
	$(MAKE) -C $(BUILT_EXTENSION) -f $(CURDIR)/extension/Makefile install
	$(MAKE) -C loader install PREFIX='$(PREFIX)'

test-programs: loader
	$(MAKE) -C test

# Asks for rights only when something is missing.
deps:
	@./deps.sh $(BUILD_DEPS) $(CHECK_DEPS)

# What a build needs alone.
deps-build:
	@./deps.sh $(BUILD_DEPS)

demo: deps-build
	$(MAKE) all
	@test/demo start

demo-stop:
	@test/demo stop

check:
	@./deps.sh $(BUILD_DEPS) $(CHECK_DEPS)
	$(MAKE) -j$(shell nproc) all test-programs
	@test/check $(or $(FILES),$(if $(SANITIZE),$(shell find test/extension test/schema -name "*.sql")))

check-long:
	@./deps.sh $(BUILD_DEPS) $(CHECK_DEPS)
	$(MAKE) -j$(shell nproc) all test-programs
	@KILLS='$(KILLS)' test/check test/long/*.bats

bench:
	@./deps.sh $(BUILD_DEPS) $(BENCH_DEPS)
	$(MAKE) -j$(shell nproc) all test-programs
	@bench/run

SECONDS ?= 600
fuzz:
	@./deps.sh $(BUILD_DEPS) $(FUZZ_DEPS)
	$(MAKE) -j$(shell nproc) -C test fuzzers
	@test/fuzz/run $(SECONDS)

dist:
	mkdir -p build
	rm -rf build/ttr-$(EXTVERSION)
	git archive --prefix=ttr-$(EXTVERSION)/ HEAD | tar -x -C build
	sed -i 's/@version@/$(EXTVERSION)/' build/ttr-$(EXTVERSION)/META.json
	tar -C build -czf build/ttr-$(EXTVERSION).tar.gz ttr-$(EXTVERSION)
	rm -rf build/ttr-$(EXTVERSION)

clean: demo-stop
	rm -rf build

.PHONY: all extension loader install test-programs deps deps-build demo demo-stop check check-long bench fuzz dist clean
