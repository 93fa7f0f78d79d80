/*
 * init.c - a new workspace: the shipped pack copied into an empty folder. Decides which files make a workspace.
 */
#include "run/run.h"

#include "base/fs.h"

#include <stdlib.h>
#include <string.h>

/* What a workspace is made of: folder, files. Samples and outputs are not copied. */
static const struct { const char *folder, *pattern; } parts[] = {
	{ "rules", "*.xml" }, { "rules", "*.dmn" }, { "rules/schema", "*.xsd" },
	{ "report-templates", "*.xml" }, { "report-templates/schema", "*.xsd" },
	{ "inputs", "*.xml" }, { "inputs/mappings", "*.xml" }, { "inputs/schema", "*.xsd" },
};

static int copy_part(const char *pack, const char *folder, size_t part, size_t *copied, struct err *err)
{
	char *from = fs_join(pack, parts[part].folder), *to = fs_join(folder, parts[part].folder);
	struct fs_list files = { 0 };
	int result = fs_glob(from, parts[part].pattern, &files, err);
	if (result == 0)
		result = fs_make_dirs(to, err);
	for (size_t i = 0; i < files.count && result == 0; i++) {
		struct str body = { 0 };
		char *target = fs_join(to, fs_base_name(files.path[i]));
		result = fs_read(files.path[i], 0, &body, err);
		if (result == 0)
			result = fs_write_new(target, str_text(&body), body.length, true, err);
		free(target);
		str_release(&body);
		*copied += result == 0;
	}
	fs_list_release(&files);
	free(from);
	free(to);
	return result;
}

int run_init(const char *folder, struct str *report, struct err *err)
{
	char *rulebook = fs_join(folder, "rules"), *outputs = fs_join(folder, "outputs"), *pack = NULL;
	size_t copied = 0;
	int result = -1;
	if (fs_exists(rulebook)) {
		err_set(err, STATUS_CANT_CREATE, "'%s' is a workspace already", folder);
		goto out;
	}
	pack = plan_pack_folder(err);
	if (pack == NULL || fs_make_dirs(outputs, err) != 0)
		goto out;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (copy_part(pack, folder, i, &copied, err) != 0)
			goto out;
	}
	str_printf(report,
		"workspace %s: %zu files; put exports under %s/inputs as inputs.xml names them, then: pandian -C %s run\n",
		folder, copied, folder, folder);
	result = 0;
out:
	free(rulebook);
	free(outputs);
	free(pack);
	return result;
}
