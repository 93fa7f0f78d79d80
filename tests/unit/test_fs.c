/*
 * test_fs.c - files and folders: what is written, refused, listed, locked and removed.
 */
#include "base/fs.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64];

static int set_up(void **state)
{
	(void)state;
	memcpy(folder, "/tmp/test_fs.XXXXXX", sizeof "/tmp/test_fs.XXXXXX");
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
	(void)state;
	struct err err = {0};
	return fs_remove_tree(folder, &err);
}

/* folder/name, freed at the next but one call */
static const char *in_folder(const char *name)
{
	static char paths[8][512];
	static unsigned turn;
	char *path = paths[turn++ % 8];
	snprintf(path, sizeof paths[0], "%s/%s", folder, name);
	return path;
}

static void put(const char *name, const char *text)
{
	struct err err = {0};
	assert_int_equal(fs_write_new(in_folder(name), text, strlen(text), false, &err), 0);
}

static void assert_holds(const char *name, const char *expected)
{
	struct err err = {0};
	struct str text = {0};
	assert_int_equal(fs_read(in_folder(name), 0, &text, &err), 0);
	assert_string_equal(str_text(&text), expected);
	str_release(&text);
}

static unsigned mode_of(const char *name)
{
	struct stat st;
	assert_int_equal(stat(in_folder(name), &st), 0);
	return st.st_mode & 07777;
}

static size_t entries(void)
{
	struct err err = {0};
	struct fs_list visible, hidden;
	assert_int_equal(fs_glob(folder, "*", &visible, &err), 0);
	assert_int_equal(fs_glob(folder, ".*", &hidden, &err), 0);
	size_t count = visible.count + hidden.count;
	fs_list_release(&visible);
	fs_list_release(&hidden);
	return count;
}

/* --- reading --- */

static void whole_files_are_read(void **state)
{
	(void)state;
	struct err err = {0};
	struct str text = {0};
	put("a", "中\n");
	put("empty", "");
	str_add(&text, "before ");
	assert_int_equal(fs_read(in_folder("a"), 4, &text, &err), 0);
	assert_string_equal(text.text, "before 中\n");
	assert_int_equal(fs_read(in_folder("empty"), 0, &text, &err), 0);
	assert_string_equal(text.text, "before 中\n");
	/* the size of a file of /proc is not known before */
	str_clear(&text);
	assert_int_equal(fs_read("/proc/self/status", 0, &text, &err), 0);
	assert_non_null(strstr(text.text, "Name:"));
	str_clear(&text);
	assert_int_equal(fs_read("/proc/self/status", 10, &text, &err), -1);
	assert_int_equal(text.length, 0);
	str_release(&text);
}

static void what_cannot_be_read_is_told(void **state)
{
	(void)state;
	struct str text = {0};
	struct err err = {0};
	uint64_t size;
	str_add(&text, "kept");
	assert_int_equal(fs_read(in_folder("absent"), 0, &text, &err), -1);
	assert_int_equal(err.status, STATUS_NO_INPUT);
	assert_non_null(strstr(err.text, "/absent: cannot open: No such file"));
	err = (struct err){0};
	put("a", "12345");
	assert_int_equal(fs_read(in_folder("a"), 4, &text, &err), -1);
	assert_non_null(strstr(err.text, "5 bytes"));
	assert_string_equal(text.text, "kept");
	err = (struct err){0};
	assert_int_equal(fs_open_read(folder, &size, &err), -1);
	assert_int_equal(err.status, STATUS_NO_INPUT);
	assert_non_null(strstr(err.text, "is a folder"));
	/* a FIFO without a writer must not hold the program up */
	err = (struct err){0};
	assert_int_equal(mkfifo(in_folder("fifo"), 0600), 0);
	alarm(5);
	assert_int_equal(fs_open_read(in_folder("fifo"), &size, &err), -1);
	alarm(0);
	assert_non_null(strstr(err.text, "not a regular file"));
	err = (struct err){0};
	assert_int_equal(fs_open_read("/dev/zero", &size, &err), -1);
	str_release(&text);
}

/* --- writing --- */

static void modes_do_not_depend_on_the_umask(void **state)
{
	(void)state;
	static const mode_t masks[] = { 0, 022, 0777 };
	struct err err = {0};
	for (size_t i = 0; i < sizeof masks / sizeof masks[0]; i++) {
		mode_t before = umask(masks[i]);
		int written = fs_write_new(in_folder("new"), "x", 1, true, &err);
		int replaced = fs_replace(in_folder("replaced"), "x", 1, &err);
		int made = fs_make_dirs(in_folder("d/e"), &err);
		int lock = fs_lock(in_folder("lock"), &err);
		umask(before);
		assert_int_equal(written, 0);
		assert_int_equal(replaced, 0);
		assert_int_equal(made, 0);
		assert_true(lock >= 0);
		close(lock);
		assert_int_equal(mode_of("new"), 0600);
		assert_int_equal(mode_of("replaced"), 0600);
		assert_int_equal(mode_of("lock"), 0600);
		assert_int_equal(mode_of("d"), 0700);
		assert_int_equal(mode_of("d/e"), 0700);
		assert_int_equal(unlink(in_folder("new")), 0);
		assert_int_equal(unlink(in_folder("lock")), 0);
		assert_int_equal(fs_remove_tree(in_folder("d"), &err), 0);
	}
}

static void new_files_never_overwrite(void **state)
{
	(void)state;
	struct err err = {0};
	put("a", "first");
	assert_int_equal(fs_write_new(in_folder("a"), "second", 6, false, &err), -1);
	assert_int_equal(err.status, STATUS_CANT_CREATE);
	assert_holds("a", "first");
	/* nor write where a link points to */
	assert_int_equal(symlink(in_folder("target"), in_folder("link")), 0);
	err = (struct err){0};
	assert_int_equal(fs_write_new(in_folder("link"), "x", 1, false, &err), -1);
	assert_false(fs_exists(in_folder("target")));
	err = (struct err){0};
	assert_int_equal(fs_write_new(in_folder("absent/a"), "x", 1, false, &err), -1);
	assert_int_equal(err.status, STATUS_CANT_CREATE);
}

static void replacing_is_whole(void **state)
{
	(void)state;
	struct err err = {0};
	put("a", "a much longer first text");
	assert_int_equal(chmod(in_folder("a"), 0644), 0);
	assert_int_equal(fs_replace(in_folder("a"), "second", 6, &err), 0);
	assert_holds("a", "second");
	assert_int_equal(mode_of("a"), 0600);
	assert_int_equal(entries(), 1);
	assert_int_equal(fs_make_dirs(in_folder("d"), &err), 0);
	assert_int_equal(fs_replace(in_folder("d"), "x", 1, &err), -1);
	assert_int_equal(err.status, STATUS_CANT_CREATE);
	assert_int_equal(entries(), 1);  /* nothing left behind */
}

/* Runs `action` in a child that may write only 1,000 bytes to a file: as on a full disk, writes then fail. */
static int on_a_full_disk(int (*action)(struct err *err))
{
	pid_t child = fork();
	if (child == 0) {
		struct rlimit limit = { 1000, 1000 };
		struct err err = {0};
		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &limit);
		int result = action(&err);
		_exit(result == -1 ? err.status : 0);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static const char large[5000];

static int write_large(struct err *err)
{
	return fs_write_new(in_folder("new"), large, sizeof large, false, err);
}

static int replace_large(struct err *err)
{
	return fs_replace(in_folder("old"), large, sizeof large, err);
}

static void a_full_disk_is_told(void **state)
{
	(void)state;
	put("old", "old");
	assert_int_equal(on_a_full_disk(write_large), STATUS_IO);
	assert_false(fs_exists(in_folder("new")));
	assert_int_equal(on_a_full_disk(replace_large), STATUS_IO);
	assert_holds("old", "old");
	assert_int_equal(entries(), 1);
}

/* --- folders --- */

static void folders_are_made_once(void **state)
{
	(void)state;
	struct err err = {0};
	assert_int_equal(fs_make_dirs(in_folder("a//b/c/"), &err), 0);
	assert_true(fs_is_dir(in_folder("a/b/c")));
	assert_int_equal(fs_make_dirs(in_folder("a/b/c"), &err), 0);
	assert_int_equal(fs_sync_dir(in_folder("a/b"), &err), 0);
	put("file", "x");
	assert_int_equal(fs_sync_file(in_folder("file"), &err), 0);
	assert_false(fs_is_dir(in_folder("file")));
	assert_int_equal(fs_make_dirs(in_folder("file/d"), &err), -1);
	assert_int_equal(err.status, STATUS_CANT_CREATE);
	err = (struct err){0};
	assert_int_equal(fs_sync_dir(in_folder("file"), &err), -1);
	assert_int_equal(err.status, STATUS_IO);
}

static void removing_never_follows_links(void **state)
{
	(void)state;
	struct err err = {0};
	assert_int_equal(fs_make_dirs(in_folder("kept"), &err), 0);
	put("kept/file", "x");
	assert_int_equal(fs_make_dirs(in_folder("tree/sub/deep"), &err), 0);
	put("tree/sub/deep/f", "x");
	put("tree/.hidden", "x");
	assert_int_equal(symlink(in_folder("kept"), in_folder("tree/link")), 0);
	assert_int_equal(symlink(in_folder("kept"), in_folder("link")), 0);
	assert_int_equal(fs_remove_tree(in_folder("tree"), &err), 0);
	assert_false(fs_exists(in_folder("tree")));
	assert_int_equal(fs_remove_tree(in_folder("link/"), &err), 0);
	assert_holds("kept/file", "x");
	assert_int_equal(fs_remove_tree(in_folder("absent"), &err), 0);
	assert_int_equal(fs_remove_tree(in_folder("kept/file"), &err), 0);
	assert_false(fs_exists(in_folder("kept/file")));
	static const char *const never[] = { "", "/", ".", "..", "//" };
	for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
		assert_int_equal(fs_remove_tree(never[i], &(struct err){0}), -1);
}

static void many_entries_are_removed(void **state)
{
	(void)state;
	struct err err = {0};
	char name[32];
	assert_int_equal(fs_make_dirs(in_folder("many"), &err), 0);
	for (int i = 0; i < 3000; i++) {
		snprintf(name, sizeof name, "many/%d", i);
		put(name, "");
	}
	assert_int_equal(fs_remove_tree(in_folder("many"), &err), 0);
	assert_false(fs_exists(in_folder("many")));
}

/* --- names --- */

static void globs_match(void **state)
{
	(void)state;
	static const struct { const char *pattern, *name; bool matches;
	} cases[] = {
		{ "lms_*.csv", "lms_2026.csv", true },
		{ "lms_*.csv", "lms_.csv", true },
		{ "lms_*.csv", "lms_a.csv.tmp", false },
		{ "*", "", true },
		{ "*", "x", true },
		{ "**a", "bca", true },
		{ "?", "中", true },
		{ "??", "中", false },
		{ "考试?.csv", "考试一.csv", true },
		{ "a*b*c", "aXbXbXc", true },
		{ "a*b*c", "aXbX", false },
		{ "", "", true },
		{ "", "a", false },
		{ "a?", "a", false },
		{ "[a]", "a", false },
		{ "[a]", "[a]", true },
		{ "A", "a", false },
		{ "*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (fs_match(cases[i].pattern, cases[i].name) != cases[i].matches)
			fail_msg("'%s' and '%s'", cases[i].pattern, cases[i].name);
}

static void listings_are_sorted(void **state)
{
	(void)state;
	struct err err = {0};
	struct fs_list list;
	put("b.csv", "");
	put("a.csv", "");
	put("培训.csv", "");
	put("B.csv", "");
	put(".a.csv.tmp", "");
	put(".hidden.csv", "");
	put("a.txt", "");
	assert_int_equal(fs_make_dirs(in_folder("d.csv/e"), &err), 0);
	put("d.csv/x.csv", "");
	assert_int_equal(fs_glob(folder, "*.csv", &list, &err), 0);
	assert_int_equal(list.count, 4);
	assert_string_equal(list.path[0], in_folder("B.csv"));
	assert_string_equal(list.path[1], in_folder("a.csv"));
	assert_string_equal(list.path[2], in_folder("b.csv"));
	assert_string_equal(list.path[3], in_folder("培训.csv"));
	fs_list_release(&list);
	assert_int_equal(list.count, 0);
	assert_int_equal(fs_glob(folder, "d.csv/*", &list, &err), 0);
	assert_int_equal(list.count, 1);
	assert_string_equal(list.path[0], in_folder("d.csv/x.csv"));
	fs_list_release(&list);
	assert_int_equal(fs_glob(in_folder("absent"), "*", &list, &err), 0);
	assert_int_equal(list.count, 0);
	fs_list_release(&list);
}

static void paths_join(void **state)
{
	(void)state;
	static const struct { const char *dir, *name, *joined, *base; } cases[] = {
		{ "a", "b", "a/b", "b" }, { "a/", "b", "a/b", "b" }, { "a", "/b", "/b", "b" }, { "", "b", "b", "b" },
		{ "/", "b", "/b", "b" }, { "a", "b/c", "a/b/c", "c" }, { "a", "", "a/", "" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char *joined = fs_join(cases[i].dir, cases[i].name);
		assert_string_equal(joined, cases[i].joined);
		assert_string_equal(fs_base_name(joined), cases[i].base);
		free(joined);
	}
}

static void safe(const char *id, const char *expected)
{
	struct str name = {0};
	fs_safe_name(&name, id);
	assert_string_equal(name.text, expected);
	str_release(&name);
}

static void ids_become_safe_names(void **state)
{
	(void)state;
	safe("E00123", "E00123");
	safe("2026-Q3_A", "2026-Q3_A");
	safe("0", "0");
	safe("ABC", "ABC");
	safe("abc", "abc~ba7816bf");  /* apart from ABC on a disk that does not tell case */
	safe("..", "=2E=2E~5ec1f7e7");
	safe("-RF", "=2DRF~335a4688");
	safe("", "~e3b0c442");
	safe("a/b", "a=2Fb~c14cddc0");
	safe("CON", "CON~a3dbc4b6");
	safe("COM1", "COM1~6eac394b");
	safe("COM", "COM");
	safe("COM10", "COM10");
	safe("李", "=E6=9D=8E~c16667ca");
	/* never more than 40 characters before the hash, never half an escape */
	safe("0123456789012345678901234567890123456789", "0123456789012345678901234567890123456789");
	struct str longer = {0};
	fs_safe_name(&longer, "01234567890123456789012345678901234567890");
	assert_int_equal(longer.length, 40 + 9);
	str_clear(&longer);
	fs_safe_name(&longer, "01234567890123456789012345678901234567/9");
	assert_int_equal(longer.length, 38 + 9);
	str_release(&longer);
}

/* --- locks --- */

static void a_lock_is_held_by_one(void **state)
{
	(void)state;
	struct err err = {0};
	int first = fs_lock(in_folder("lock"), &err);
	assert_true(first >= 0);
	assert_int_equal(fs_lock(in_folder("lock"), &err), -1);
	assert_int_equal(err.status, STATUS_AGAIN);
	assert_non_null(strstr(err.text, "another run"));
	assert_int_equal(fcntl(first, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	close(first);
	err = (struct err){0};
	int second = fs_lock(in_folder("lock"), &err);
	assert_true(second >= 0);
	close(second);
	assert_int_equal(fs_lock(in_folder("absent/lock"), &err), -1);
	assert_int_equal(err.status, STATUS_CANT_CREATE);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(whole_files_are_read),
		TEST(what_cannot_be_read_is_told),
		TEST(modes_do_not_depend_on_the_umask),
		TEST(new_files_never_overwrite),
		TEST(replacing_is_whole),
		TEST(a_full_disk_is_told),
		TEST(folders_are_made_once),
		TEST(removing_never_follows_links),
		TEST(many_entries_are_removed),
		TEST(globs_match),
		TEST(listings_are_sorted),
		TEST(paths_join),
		TEST(ids_become_safe_names),
		TEST(a_lock_is_held_by_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
