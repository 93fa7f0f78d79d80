# Pandian: GNU make, one file. `make help` lists the targets.
#
# B=build         folder of everything built (objects, programs, test results); make clean removes build*
# WERROR=1        warnings are errors (CI)          SAN=1     with AddressSanitizer and UndefinedBehaviorSanitizer
# V=1             show the commands                 SETUP=no  do not look for missing packages
# CC=clang-14     another compiler                  ARGS=…    options of `make run`
ifeq ($(origin CC),default)
CC = gcc
endif
B ?= build
OPT ?= -O2 -g
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 5
TCK ?= ../shared/tck
VERSION := $(shell sed -n 's/^.define PLAN_VERSION "\(.*\)"/\1/p' batch/run/plan.h)

PKGS = libxml-2.0 sqlite3 harfbuzz harfbuzz-subset libdeflate xlsxwriter icu-i18n icu-uc jansson libcrypto \
	libqrencode zlib
# Asked once and not before an object is compiled: on a fresh machine pkg-config comes with the set-up.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags $(PKGS)))$(PKG_CFLAGS)
PKG_LIBS = $(eval PKG_LIBS := $$(shell pkg-config --libs $(PKGS)))$(PKG_LIBS)
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wvla -Wundef \
	-Wformat=2 -Wpointer-arith -Wimplicit-fallthrough $(if $(WERROR),-Werror)
HARDEN = -fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE -fno-delete-null-pointer-checks \
	$(if $(SAN),$(SAN_FLAGS),-D_FORTIFY_SOURCE=2)
SAN_FLAGS = -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
COMPILE = $(CC) -std=c17 -D_GNU_SOURCE $(OPT) $(WARN) $(HARDEN) -ffp-contract=off -pthread -Ibatch -Itests -I$(B) \
	$(PKG_CFLAGS) $(CPPFLAGS) $(CFLAGS)
# libbidgcc000: arguments by value, rounding mode and flags as arguments (see batch/base/decimal.c); static only.
LIBS = $(PKG_LIBS) -lhpdf -l:libbidgcc000.a -lm -lpthread
# Exported so that libxlsxwriter takes its temporary files and its archive from batch/output/xlsx_zip.c.
XLSX_ZIP = lxw_tmpfile zipOpen zipOpenNewFileInZip4_64 zipWriteInFileInZip zipCloseFileInZip zipClose
LINK = $(CC) $(OPT) -pie -pthread $(if $(SAN),$(SAN_FLAGS)) $(XLSX_ZIP:%=-Wl,--export-dynamic-symbol=%) \
	-Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed $(LDFLAGS)
Q = $(if $(V),,@)

SRC := $(sort $(filter-out batch/main.c,$(shell find batch -name '*.c')))
OBJ := $(SRC:%.c=$(B)/%.o)
UNIT := $(patsubst %.c,$(B)/%,$(sort $(wildcard tests/unit/test_*.c)))
BENCH := $(patsubst %.c,$(B)/%,$(sort $(wildcard tests/bench/*.c)))
FUZZ := $(patsubst %.c,$(B)/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
GENERATE = $(B)/tests/sample/generate
AGAIN = +@$(MAKE) --no-print-directory

help: ## list the targets
	@echo "Pandian $(VERSION). Targets:"
	@sed -n 's/^\([a-z][a-z-]*\):[^#]*## \(.*\)/  \1\t\2/p' Makefile | expand -t 14
all: $(B)/pandian ## build the program: build/pandian
setup: ## install what is missing to build, run and test (Debian)
	@sh tests/setup.sh $(if $(SETUP),--$(SETUP)) build test
run: ## build, then run the review of this folder (ARGS="--period 2026Q3")
	@sh tests/setup.sh $(if $(SETUP),--$(SETUP)) build
	$(AGAIN) $(B)/pandian
	$(B)/pandian run $(ARGS)
sample: $(GENERATE) ## make the sample exports of inputs/sample anew
	$(GENERATE) --out inputs/sample
demo: ## set up, build, review three quarters of an invented contact centre
	@sh tests/setup.sh $(if $(SETUP),--$(SETUP)) build
	$(AGAIN) $(B)/pandian
	@sh tests/demo.sh $(B)/pandian
test: ## set up, build, run all tests; the last line has the totals
	@sh tests/setup.sh $(if $(SETUP),--$(SETUP)) build test
	$(AGAIN) programs
	@sh tests/run.sh $(B)
unit: ## run the unit tests only
	$(AGAIN) $(UNIT)
	@sh tests/run.sh $(B) unit
tck: $(B)/tests/tck/tck ## run the DMN conformance cases of TCK=../shared/tck (ARGS="--verbose")
	@$(B)/tests/tck/tck $(filter --verbose,$(ARGS)) $(TCK) $(filter-out --verbose,$(ARGS))
bench: ## set up, build, measure beside the peers (minutes)
	@sh tests/setup.sh $(if $(SETUP),--$(SETUP)) build bench
	$(AGAIN) $(B)/pandian $(GENERATE) $(BENCH)
	@B='$(abspath $(B))' bash tests/bench/run.sh
check: ## lint, then all tests under ASan and UBSan
	@sh tests/setup.sh $(if $(SETUP),--$(SETUP)) build test
	$(AGAIN) lint
	$(AGAIN) B=build-asan SAN=1 OPT="-O1 -g" programs
	@SEEDS=$${SEEDS:-100} PLAIN=$(CURDIR)/build-lint/pandian sh tests/run.sh build-asan
fuzz: ## run the fuzz targets of tests/fuzz, FUZZ_SECONDS=5 each (clang)
	@sh tests/setup.sh $(if $(SETUP),--$(SETUP)) build fuzz
	@sh tests/fuzz/run.sh $(FUZZ_SECONDS) "$(MAKE)"
lint: ## the laws of the house: layers, homes of libraries, names, banned calls, warnings
	@sh tests/setup.sh $(if $(SETUP),--$(SETUP)) build test
	$(AGAIN) B=build-lint WERROR=1 programs
	@python3 tests/lint/lint.py --objects build-lint/batch \
		--compile '$(subst ','\'',$(COMPILE))'
fmt: ## clang-format what changed since HEAD (FILES="…": these files as a whole)
	@sh tests/setup.sh $(if $(SETUP),--$(SETUP)) fmt
	@$(if $(FILES),clang-format -i --style=file $(FILES),git clang-format --quiet --style=file --extensions c,h HEAD || true)
schemas: $(B)/pandian ## print the XML schemas from the program's own shapes
	@sh tests/schemas.sh $(B)/pandian .
install: $(B)/pandian ## install program, man page and rule pack (DESTDIR, PREFIX)
	@sh tests/install.sh $(B)/pandian '$(DESTDIR)$(PREFIX)'
dist: ## pack the sources: build/pandian-VERSION.tar.gz, the same bytes for the same commit
	@mkdir -p $(B)
	@git archive --format=tar --prefix=pandian-$(VERSION)/ HEAD | gzip -9n > $(B)/pandian-$(VERSION).tar.gz
	@cd $(B) && sha256sum pandian-$(VERSION).tar.gz
clean: ## remove what was built; never inputs/ nor outputs/
	rm -rf build build-asan build-lint build-fuzz $(filter-out . .. /,$(B))

programs: $(B)/pandian $(UNIT) $(GENERATE) $(B)/tests/tck/tck
$(B)/%.o: %.c $(B)/.flags
	@mkdir -p $(@D)
	$(if $(V),,@echo "  cc    $<")
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $< || { echo "make: $< does not compile: no program can be linked" >&2; exit 1; }
# q, not r: two folders may have a file of the same name.
$(B)/libpandian.a: $(OBJ)
	$(if $(V),,@echo "  ar    $@")
	$(Q)rm -f $@ && ar qcs $@.new $(OBJ) && mv $@.new $@
$(B)/pandian: $(B)/batch/main.o $(B)/libpandian.a
	$(if $(V),,@echo "  link  $@")
	$(Q)$(LINK) -o $@ $^ $(LIBS)
$(B)/tests/unit/%: $(B)/tests/unit/%.o $(B)/libpandian.a
	$(if $(V),,@echo "  link  $@")
	$(Q)$(LINK) -o $@ $^ -lcmocka $(LIBS)
$(B)/tests/bench/%: $(B)/tests/bench/%.o $(B)/libpandian.a
	$(if $(V),,@echo "  link  $@")
	$(Q)$(LINK) -o $@ $^ $(LIBS)
$(B)/tests/tck/%: $(B)/tests/tck/%.o $(B)/libpandian.a
	$(if $(V),,@echo "  link  $@")
	$(Q)$(LINK) -o $@ $^ $(LIBS)
$(B)/tests/fuzz/%: $(B)/tests/fuzz/%.o $(B)/libpandian.a
	$(if $(V),,@echo "  link  $@")
	$(Q)$(LINK) -fsanitize=fuzzer -o $@ $^ $(LIBS)
fuzzers: $(FUZZ)
$(GENERATE): $(B)/tests/sample/generate.o
	$(if $(V),,@echo "  link  $@")
	$(Q)$(LINK) -o $@ $^
# Objects are made again when compiler or flags change. The warnings' severity does not count.
$(B)/.flags: FORCE
	@mkdir -p $(B)
	@command -v pkg-config >/dev/null && pkg-config --exists $(PKGS) || { echo "make: libraries are missing; on Debian: make setup (elsewhere it prints their names)" >&2; exit 1; }
	@echo '$(subst ','\'',$(filter-out -Werror,$(COMPILE)))' | cmp -s - $@ || echo '$(subst ','\'',$(filter-out -Werror,$(COMPILE)))' > $@
FORCE:
.PHONY: help all setup run sample demo test unit tck bench check fuzz lint fmt schemas install dist clean programs fuzzers FORCE
.SECONDARY:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
-include $(shell find $(B)/batch $(B)/tests -name '*.d' 2>/dev/null)
