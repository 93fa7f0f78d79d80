/*
 * Decimals: scaled integers and decimal128 against known values.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/decimal.h"

static struct decimal dec(const char *text)
{
	struct decimal d = { { 0, 0 } };

	if (!decimal_from_text(text, strlen(text), &d))
		fail_msg("'%s' is not read", text);
	return d;
}

static void assert_text(struct decimal d, const char *expected)
{
	char out[64];
	size_t length = decimal_to_text(d, out);

	assert_string_equal(out, expected);
	assert_int_equal(length, strlen(expected));
}

#define THIRD "0.3333333333333333333333333333333333"

static void parse_scaled(void **state)
{
	static const struct { const char *text; int scale; int64_t value; } good[] = {
		{ "0", 0, 0 }, { "-0.00", 2, 0 }, { "12.5", 2, 1250 }, { "+12.50", 1, 125 }, { "-7", 3, -7000 },
		{ "007.10", 2, 710 }, { "9223372036854775807", 0, INT64_MAX }, { "-9223372036854775807", 0, -INT64_MAX },
		{ "9.223372036854775807", 18, INT64_MAX }, { "1.000000000000000000000000", 0, 1 },
	};
	static const struct { const char *text; int scale;
	} bad[] = {
		{ "", 2 },
		{ "-", 2 },
		{ "+", 0 },
		{ ".", 2 },
		{ ".5", 2 },
		{ "5.", 2 },
		{ "1e3", 2 },
		{ "1,000", 0 },
		{ " 1", 0 },
		{ "1 ", 0 },
		{ "1.2.3", 3 },
		{ "1.25", 1 },
		{ "9223372036854775808", 0 },
		{ "-9223372036854775808", 0 },
		{ "10", 18 },
		{ "92233720368547758.08", 2 },
		{ "--1", 0 },
		{ "NaN", 0 },
		{ "0x10", 0 },
		{ "１", 0 },
		{ "99999999999999999999999999999999999999999999", 0 },
	};
	int64_t value;
	size_t k;

	(void)state;
	for (k = 0; k < sizeof good / sizeof good[0]; k++) {
		assert_true(decimal_parse(good[k].text, strlen(good[k].text), good[k].scale, &value));
		assert_int_equal(value, good[k].value);
	}
	for (k = 0; k < sizeof bad / sizeof bad[0]; k++)
		if (decimal_parse(bad[k].text, strlen(bad[k].text), bad[k].scale, &value))
			fail_msg("'%s' was read", bad[k].text);
	assert_true(decimal_parse("12.345", 4, 1, &value)); /* no NUL needed */
	assert_int_equal(value, 123);
}

static void rescale_and_round(void **state)
{
	int64_t value;

	(void)state;
	assert_true(decimal_rescale(125, 1, 3, &value));
	assert_int_equal(value, 12500);
	assert_true(decimal_rescale(-12500, 3, 1, &value));
	assert_int_equal(value, -125);
	assert_false(decimal_rescale(12501, 3, 1, &value));
	assert_false(decimal_rescale(INT64_MAX, 0, 1, &value));
	assert_false(decimal_rescale(DECIMAL_NONE, 2, 2, &value));
	assert_true(decimal_round(125, 2, 1, &value));
	assert_int_equal(value, 13);
	assert_true(decimal_round(-125, 2, 1, &value));
	assert_int_equal(value, -13);
	assert_true(decimal_round(124, 2, 1, &value));
	assert_int_equal(value, 12);
	assert_true(decimal_round(-149, 2, 0, &value));
	assert_int_equal(value, -1);
	assert_true(decimal_round(INT64_MAX, 18, 0, &value));
	assert_int_equal(value, 9);
	assert_true(decimal_round(INT64_MAX, 1, 0, &value));
	assert_int_equal(value, INT64_MAX / 10 + 1);
	assert_false(decimal_round(DECIMAL_NONE, 2, 0, &value));
	assert_int_equal(decimal_pow10(0), 1);
	assert_int_equal(decimal_pow10(18), 1000000000000000000);
}

static void assert_format(int64_t value, int scale, int places, const char *expected)
{
	char out[48];
	size_t length = decimal_format(value, scale, places, out);

	assert_string_equal(out, expected);
	assert_int_equal(length, strlen(expected));
}

static void format_scaled(void **state)
{
	(void)state;
	assert_format(-1250, 2, -1, "-12.5");
	assert_format(1200, 2, -1, "12");
	assert_format(0, 4, -1, "0");
	assert_format(5, 3, -1, "0.005");
	assert_format(-5, 18, -1, "-0.000000000000000005");
	assert_format(1250, 2, 2, "12.50");
	assert_format(1250, 2, 4, "12.5000");
	assert_format(1250, 2, 0, "13");
	assert_format(-1250, 2, 0, "-13");
	assert_format(-4, 2, 1, "0.0");
	assert_format(-5, 2, 1, "-0.1");
	assert_format(99999, 3, 2, "100.00");
	assert_format(7, 0, 18, "7.000000000000000000");
	assert_format(INT64_MAX, 0, 18, "9223372036854775807.000000000000000000");
	assert_format(-INT64_MAX, 18, -1, "-9.223372036854775807");
	assert_format(DECIMAL_NONE, 2, 2, "");
}

/* What is written is read again, over scales and signs. */
static void format_parse_there_and_back(void **state)
{
	uint64_t random = 1;
	int k, scale;

	(void)state;
	for (k = 0; k < 20000; k++) {
		int64_t value, again;
		char out[48], text[64];
		size_t length;

		random = random * 6364136223846793005U + 1442695040888963407U;
		value = (int64_t)random >> (random >> 58);
		scale = (int)(random >> 40 & 0xff) % 19;
		if (value == DECIMAL_NONE)
			continue;
		length = decimal_format(value, scale, -1, out);
		assert_true(decimal_parse(out, length, scale, &again));
		assert_int_equal(again, value);
		/* both worlds write the same */
		decimal_to_text(decimal_from_scaled(value, scale), text);
		assert_string_equal(text, out);
		assert_true(decimal_to_scaled(decimal_from_scaled(value, scale), scale, &again));
		assert_int_equal(again, value);
	}
}

static void arithmetic(void **state)
{
	(void)state;
	assert_text(decimal_add(dec("0.1"), dec("0.2")), "0.3");
	assert_text(decimal_sub(dec("0.3"), dec("0.1")), "0.2");
	assert_text(decimal_mul(dec("1.10"), dec("1.10")), "1.21");
	assert_text(decimal_div(dec("1"), dec("3")), THIRD);
	assert_text(decimal_div(dec("2"), dec("3")), "0.6666666666666666666666666666666667");
	assert_text(decimal_div(dec("1"), dec("8")), "0.125");
	assert_text(decimal_div(dec("-10"), dec("4")), "-2.5");
	/* half-even in the 34th digit */
	assert_text(
		decimal_add(dec("1000000000000000000000000000000000"), dec("0.5")), "1000000000000000000000000000000000");
	assert_text(
		decimal_add(dec("1000000000000000000000000000000001"), dec("0.5")), "1000000000000000000000000000000002");
	assert_text(decimal_neg(dec("2.5")), "-2.5");
	assert_text(decimal_neg(dec("0")), "0");
	assert_text(decimal_abs(dec("-2.5")), "2.5");
	assert_text(decimal_sqrt(dec("2")), "1.414213562373095048801688724209698");
	assert_text(decimal_sqrt(dec("6.25")), "2.5");
	assert_text(decimal_exp(dec("1")), "2.718281828459045235360287471352662");
	assert_text(decimal_exp(dec("0")), "1");
	assert_text(decimal_log(dec("2")), "0.6931471805599453094172321214581766");
	assert_text(decimal_log(dec("1")), "0");
}

static void not_finite(void **state)
{
	int64_t value;

	(void)state;
	assert_false(decimal_is_finite(decimal_mul(dec("9e6144"), dec("10"))));
	assert_false(decimal_is_finite(decimal_add(dec("9.9e6144"), dec("9.9e6144"))));
	assert_false(decimal_is_finite(decimal_div(dec("1"), dec("0"))));
	assert_false(decimal_is_finite(decimal_div(dec("0"), dec("0"))));
	assert_false(decimal_is_finite(decimal_sqrt(dec("-1"))));
	assert_false(decimal_is_finite(decimal_log(dec("0"))));
	assert_false(decimal_is_finite(decimal_log(dec("-1"))));
	assert_false(decimal_is_finite(decimal_exp(dec("1e10"))));
	assert_false(decimal_is_finite(decimal_from_scaled(DECIMAL_NONE, 2)));
	assert_false(decimal_to_scaled(decimal_div(dec("1"), dec("0")), 2, &value));
	assert_false(decimal_to_int(decimal_div(dec("1"), dec("0")), &value));
	assert_false(decimal_is_integer(decimal_div(dec("1"), dec("0"))));
	assert_false(decimal_is_zero(decimal_sqrt(dec("-1"))));
	assert_text(decimal_div(dec("-1"), dec("0")), "-Infinity");
	assert_text(decimal_sqrt(dec("-1")), "NaN");
	assert_false(decimal_is_finite(decimal_round_to(decimal_sqrt(dec("-1")), 2, DECIMAL_HALF_UP)));
}

static void powers(void **state)
{
	static const struct { const char *base, *exponent, *result;
	} known[] = {
		{ "2", "10", "1024" },
		{ "-2", "3", "-8" },
		{ "-2", "4", "16" },
		{ "0", "0", "1" },
		{ "7", "0", "1" },
		{ "0", "5", "0" },
		{ "1.1", "2", "1.21" },
		{ "2", "-3", "0.125" },
		{ "10", "-2", "0.01" },
		{ "10", "34", "10000000000000000000000000000000000" },
		{ "2", "112", "5192296858534827628530496329220096" },
		{ "5", "-112", "5.192296858534827628530496329220096E-79" },
		{ "1.05", "10", "1.62889462677744140625" },
		{ "1.0375", "12", "1.555454331372473453086582594551146" },
		{ "3", "-5", "0.004115226337448559670781893004115226" },
		{ "7", "7000", "4.856015896898185296022621995585753E+5915" },
		{ "4", "0.5", "2" },
		{ "6.25", "0.5", "2.5" },
		{ "8", "1.5", "22.62741699796952078082701958735517" },
		{ "100", "3.0", "1000000" },
		{ "0.10", "-6144", "1E+6144" },
		{ "-1", "9007199254740993", "-1" },
		{ "1", "1e30", "1" },
	};
	size_t k;

	(void)state;
	for (k = 0; k < sizeof known / sizeof known[0]; k++)
		assert_text(decimal_pow(dec(known[k].base), dec(known[k].exponent)), known[k].result);
	assert_false(decimal_is_finite(decimal_pow(dec("0"), dec("-1"))));
	assert_false(decimal_is_finite(decimal_pow(dec("-8"), dec("0.3"))));
	assert_false(decimal_is_finite(decimal_pow(dec("-4"), dec("0.5"))));
	assert_false(decimal_is_finite(decimal_pow(dec("10"), dec("6145"))));
	assert_false(decimal_is_finite(decimal_pow(dec("3"), dec("999999999999"))));
	assert_true(decimal_is_zero(decimal_pow(dec("3"), dec("-999999999999"))));
	assert_true(decimal_is_zero(decimal_pow(dec("10"), dec("-9223372036854775807"))));
}

static void text_read(void **state)
{
	static const struct { const char *text, *shown;
	} good[] = {
		{ "0", "0" },
		{ "-0", "0" },
		{ "-0.00", "0" },
		{ "1.0", "1" },
		{ "100", "100" },
		{ "1e2", "100" },
		{ "1.50E+3", "1500" },
		{ "2.5e-3", "0.0025" },
		{ ".5", "0.5" },
		{ "-.25", "-0.25" },
		{ "+7", "7" },
		{ "0e99999999999999999999", "0" },
		{ "000000000000000000000000000000000000000000000000012", "12" },
		{ "0.00000000000000000000000000000000000000000000000000001", "1E-53" },
		{ "1e34", "10000000000000000000000000000000000" },
		{ "1e35", "1E+35" },
		{ "1.5e-34", "0.00000000000000000000000000000000015" },
		{ "1e-35", "1E-35" },
		/* 35 digits and more are rounded half-even, looking at every digit */
		{ "12345678901234567890123456789012345", "12345678901234567890123456789012340" },
		{ "12345678901234567890123456789012355", "12345678901234567890123456789012360" },
		{ "123456789012345678901234567890123450000000000000000000000000000000001",
			"1.234567890123456789012345678901235E+68" },
		{ "0.99999999999999999999999999999999999", "1" },
		{ "1234567890123456789012345678901234e-60", "0.000000000000000000000000001234567890123456789012345678901234" },
		{ "-1234567890123456789012345678901234e-61", "-1.234567890123456789012345678901234E-28" },
		{ "9.999999999999999999999999999999999e6144", "9.999999999999999999999999999999999E+6144" },
		{ "1e6144", "1E+6144" },
		{ "1e-6176", "1E-6176" },
		{ "1e-6177", "0" },
		{ "6e-6177", "1E-6176" },
		{ "1e-99999999", "0" },
	};
	static const char *const bad[] = {
		"",
		"-",
		".",
		"5.",
		"1e",
		"1e+",
		"e5",
		"1e5.5",
		"inf",
		"Infinity",
		"NaN",
		"0x1",
		"1 ",
		" 1",
		"1_000",
		"1,5",
		"--1",
		"1e6145",
		"1e99999999999999999999999",
		"9.9999999999999999999999999999999999e6144",
		"1.2.3",
	};
	struct decimal d;
	size_t k;

	(void)state;
	for (k = 0; k < sizeof good / sizeof good[0]; k++)
		assert_text(dec(good[k].text), good[k].shown);
	for (k = 0; k < sizeof bad / sizeof bad[0]; k++)
		if (decimal_from_text(bad[k], strlen(bad[k]), &d))
			fail_msg("'%s' was read", bad[k]);
}

/* Every text written fits 64 bytes and reads back as the same number. */
static void text_there_and_back(void **state)
{
	uint64_t random = 7;
	int k;

	(void)state;
	for (k = 0; k < 20000; k++) {
		char text[80], out[64];
		size_t length;
		struct decimal d;

		random = random * 6364136223846793005U + 1442695040888963407U;
		snprintf(text, sizeof text, "%s%llu%016llue%d", (random >> 63) != 0 ? "-" : "",
			(unsigned long long)(random >> 5), (unsigned long long)(random >> 12), (int)(random >> 30 & 127) - 80);
		d = decimal_normalise(dec(text));
		memset(out, 'x', sizeof out);
		length = decimal_to_text(d, out);
		assert_true(length < sizeof out);
		assert_int_equal(strlen(out), length);
		assert_int_equal(decimal_compare(dec(out), d), 0);
	}
}

static void rounding(void **state)
{
	static const char *const values[] = { "2.5", "-2.5", "3.5", "-3.5", "2.51", "-2.51", "2.49", "-2.49", "2",
		"-2.000" };
	static const char *const expected[][10] = {
		[DECIMAL_HALF_EVEN] = { "2", "-2", "4", "-4", "3", "-3", "2", "-2", "2", "-2" },
		[DECIMAL_HALF_UP] = { "3", "-3", "4", "-4", "3", "-3", "2", "-2", "2", "-2" },
		[DECIMAL_HALF_DOWN] = { "2", "-2", "3", "-3", "3", "-3", "2", "-2", "2", "-2" },
		[DECIMAL_UP] = { "3", "-3", "4", "-4", "3", "-3", "3", "-3", "2", "-2" },
		[DECIMAL_DOWN] = { "2", "-2", "3", "-3", "2", "-2", "2", "-2", "2", "-2" },
		[DECIMAL_FLOOR] = { "2", "-3", "3", "-4", "2", "-3", "2", "-3", "2", "-2" },
		[DECIMAL_CEILING] = { "3", "-2", "4", "-3", "3", "-2", "3", "-2", "2", "-2" },
	};
	int mode, k;
	int64_t value;

	(void)state;
	for (mode = DECIMAL_HALF_EVEN; mode <= DECIMAL_CEILING; mode++)
		for (k = 0; k < 10; k++)
			assert_text(decimal_round_to(dec(values[k]), 0, (enum decimal_rounding)mode), expected[mode][k]);
	assert_text(decimal_round_to(dec("1.125"), 2, DECIMAL_HALF_EVEN), "1.12");
	assert_text(decimal_round_to(dec("1.135"), 2, DECIMAL_HALF_EVEN), "1.14");
	assert_text(decimal_round_to(dec("1250"), -2, DECIMAL_HALF_UP), "1300");
	assert_text(decimal_round_to(dec("49"), -2, DECIMAL_HALF_UP), "0");
	assert_text(decimal_round_to(dec("1"), -40, DECIMAL_UP), "1E+40");
	assert_text(decimal_round_to(dec("5"), 6176, DECIMAL_UP), "5");
	assert_text(decimal_round_to(dec("5"), -6111, DECIMAL_HALF_UP), "0");
	assert_text(decimal_round_to(dec("9999999999999999999999999999999999"), -1, DECIMAL_HALF_UP),
		"10000000000000000000000000000000000");
	assert_text(decimal_round_to(dec("0.5"), 0, DECIMAL_HALF_EVEN), "0");
	assert_text(decimal_round_to(dec("-0.4"), 0, DECIMAL_HALF_UP), "0");
	assert_text(decimal_round_to(dec(THIRD), 5, DECIMAL_CEILING), "0.33334");
	assert_true(decimal_to_scaled_rounded(dec("87.345"), 2, &value));
	assert_int_equal(value, 8735);
	assert_true(decimal_to_scaled_rounded(dec("-87.345"), 2, &value));
	assert_int_equal(value, -8735);
	assert_true(decimal_to_scaled_rounded(dec(THIRD), 18, &value));
	assert_int_equal(value, 333333333333333333);
	assert_false(decimal_to_scaled_rounded(dec("1e18"), 2, &value));
}

static void integers(void **state)
{
	int64_t value;

	(void)state;
	assert_true(decimal_is_integer(dec("3.000")));
	assert_true(decimal_is_integer(dec("1e40")));
	assert_true(decimal_is_integer(dec("0.0")));
	assert_false(decimal_is_integer(dec("3.001")));
	assert_false(decimal_is_integer(dec("1e-40")));
	assert_true(decimal_to_int(dec("-12.00"), &value));
	assert_int_equal(value, -12);
	assert_true(decimal_to_int(dec("9223372036854775807"), &value));
	assert_int_equal(value, INT64_MAX);
	assert_true(decimal_to_int(dec("-9223372036854775808"), &value));
	assert_int_equal(value, INT64_MIN);
	assert_false(decimal_to_int(dec("9223372036854775808"), &value));
	assert_false(decimal_to_int(dec("-9223372036854775809"), &value));
	assert_false(decimal_to_int(dec("0.5"), &value));
	assert_false(decimal_to_int(dec("1e6000"), &value));
	assert_text(decimal_from_int(INT64_MIN), "-9223372036854775808");
	assert_true(decimal_to_scaled(dec("12.50"), 1, &value));
	assert_int_equal(value, 125);
	assert_false(decimal_to_scaled(dec("12.55"), 1, &value));
	assert_false(decimal_to_scaled(dec("1e20"), 0, &value));
	assert_false(decimal_to_scaled(dec("-9223372036854775808"), 0, &value)); /* that is DECIMAL_NONE */
}

static void comparing(void **state)
{
	(void)state;
	assert_int_equal(decimal_compare(dec("1.0"), dec("1")), 0);
	assert_int_equal(decimal_compare(dec("0"), dec("-0")), 0);
	assert_int_equal(decimal_compare(dec("-1"), dec("0.5")), -1);
	assert_int_equal(decimal_compare(dec("1e10"), dec("9999999999")), 1);
	assert_true(decimal_is_zero(dec("-0.000")));
	assert_false(decimal_is_zero(dec("1e-6176")));
	/* equal numbers are equal words once normalised */
	assert_int_equal(decimal_normalise(dec("1.500")).w[0], 15);
	assert_int_equal(decimal_normalise(dec("1500e-3")).w[1], decimal_normalise(dec("1.5")).w[1]);
	assert_int_equal(decimal_normalise(dec("-0.0")).w[1], decimal_normalise(dec("0e5")).w[1]);
	assert_true(decimal_to_double(dec("0.1")) == 0.1);
	assert_true(decimal_to_double(dec("-12345.678")) == -12345.678);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parse_scaled), cmocka_unit_test(rescale_and_round), cmocka_unit_test(format_scaled),
		cmocka_unit_test(format_parse_there_and_back), cmocka_unit_test(arithmetic), cmocka_unit_test(not_finite),
		cmocka_unit_test(powers), cmocka_unit_test(text_read), cmocka_unit_test(text_there_and_back),
		cmocka_unit_test(rounding), cmocka_unit_test(integers), cmocka_unit_test(comparing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
