# Pandian: GNU make. `make help` lists the targets.
CC ?= gcc
B ?= build
PKGS = libxml-2.0 sqlite3 harfbuzz harfbuzz-subset libdeflate xlsxwriter icu-i18n icu-uc libzip jansson libcrypto zlib
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wvla -Wundef -Wformat=2 -Wpointer-arith -Wimplicit-fallthrough
HARDEN = -fstack-protector-strong -fstack-clash-protection -fcf-protection -D_FORTIFY_SOURCE=2 -fPIE -fno-delete-null-pointer-checks
OPT ?= -O2 -g
CFLAGS_ALL = -std=c17 -D_GNU_SOURCE $(OPT) $(WARN) $(HARDEN) -ffp-contract=off -pthread -Ibatch -I$(B) $(shell pkg-config --cflags $(PKGS)) $(CFLAGS)
# libbid 001: call by value, global rounding mode fixed, global flags… see batch/base/decimal.c
BID = -l:libbidgcc000.a
LIBS = $(shell pkg-config --libs $(PKGS)) -lhpdf -lqrencode $(BID) -lm -lpthread
LDFLAGS_ALL = -Wl,--export-dynamic-symbol=deflateInit2_ -pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed $(LDFLAGS)

SRC := $(sort $(filter-out batch/main.c,$(shell find batch -name '*.c')))
OBJ := $(SRC:%.c=$(B)/%.o)
UNIT := $(patsubst %.c,$(B)/%,$(sort $(wildcard tests/unit/test_*.c)))

all: $(B)/pandian
$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<
$(B)/libpandian.a: $(OBJ)
	@rm -f $@; ar rcs $@ $(OBJ)
$(B)/pandian: $(B)/batch/main.o $(B)/libpandian.a
	$(CC) $(LDFLAGS_ALL) -pthread -o $@ $^ $(LIBS)
$(B)/tests/unit/%: tests/unit/%.c $(B)/libpandian.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -MMD -MP -Itests $(LDFLAGS_ALL) -o $@ $< $(B)/libpandian.a -lcmocka $(LIBS)
unit: $(UNIT)
	@for t in $(UNIT); do $$t || exit 1; done
clean:
	rm -rf $(B)
.PHONY: all unit clean
-include $(OBJ:.o=.d)
