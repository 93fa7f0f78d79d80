/*
 * test_hash.c - known answers of SHA-256 and CRC-32.
 */
#include "base/hash.h"

#include "base/fs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define OF_ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define OF_NOTHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static void known_answers(void **state)
{
	(void)state;
	char hex[HASH_HEX];
	hash_bytes("abc", 3, hex);
	assert_string_equal(hex, OF_ABC);
	hash_bytes(NULL, 0, hex);
	assert_string_equal(hex, OF_NOTHING);
	assert_true(hash_crc32("123456789", 9) == 0xCBF43926u);
	assert_true(hash_crc32("", 0) == 0);
}

static void pieces_equal_the_whole(void **state)
{
	(void)state;
	char hex[HASH_HEX];
	struct hash *hash = hash_new();
	hash_add(hash, "a", 1);
	hash_add(hash, "", 0);
	hash_add(hash, "bc", 2);
	hash_end(hash, hex);
	assert_string_equal(hex, OF_ABC);
}

static void texts_do_not_run_together(void **state)
{
	(void)state;
	char first[HASH_HEX], second[HASH_HEX];
	struct hash *hash = hash_new();
	hash_add_text(hash, "ab");
	hash_add_text(hash, "c");
	hash_end(hash, first);
	hash = hash_new();
	hash_add_text(hash, "a");
	hash_add_text(hash, "bc");
	hash_end(hash, second);
	assert_string_not_equal(first, second);
}

static void files_hash_like_their_bytes(void **state)
{
	(void)state;
	char folder[] = "/tmp/test_hash.XXXXXX", hex[HASH_HEX], expected[HASH_HEX];
	assert_non_null(mkdtemp(folder));
	struct err err = {0};
	char *path = fs_join(folder, "f");
	assert_int_equal(hash_file(path, hex, &err), -1);
	assert_int_equal(err.status, STATUS_NO_INPUT);
	assert_int_equal(hash_file(folder, hex, &(struct err){0}), -1);
	struct str bytes = {0};
	for (int i = 0; i < 100000; i++)
		str_add_int(&bytes, i);
	err = (struct err){0};
	assert_int_equal(fs_write_new(path, bytes.text, bytes.length, false, &err), 0);
	hash_bytes(bytes.text, bytes.length, expected);
	assert_int_equal(hash_file(path, hex, &err), 0);
	assert_string_equal(hex, expected);
	assert_int_equal(fs_remove_tree(folder, &err), 0);
	str_release(&bytes);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_answers),
		cmocka_unit_test(pieces_equal_the_whole),
		cmocka_unit_test(texts_do_not_run_together),
		cmocka_unit_test(files_hash_like_their_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
