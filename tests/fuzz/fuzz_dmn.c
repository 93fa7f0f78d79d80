/*
 * Any bytes as a DMN model: loaded, and every decision of it asked, or refused with a message that names the file.
 */
#include "fuzz/fuzz.h"

#include "base/xml.h"
#include "dmn/dmn.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void ask_all(const struct dmn_model *model, const struct xml_node *root)
{
	for (const struct xml_node *n = root->first; n; n = n->next) {
		if (strcmp(n->name, "decision") && strcmp(n->name, "decisionService"))
			continue;
		struct arena arena = { 0 };
		struct feel_value value;
		struct str print = { 0 }, messages = { 0 };
		struct err err = { 0 };
		struct feel_env env = { .today = 20000, .step_budget = 100000 };
		int result = dmn_decide(model, xml_attr_or(n, "name", ""), NULL, &env, &arena, &value, &messages, &err);
		fuzz_hold((result == 0) == (err.status == 0));
		if (result == 0)
			feel_print_literal(&print, &value);
		str_release(&print);
		str_release(&messages);
		arena_release(&arena);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char path[64];
	int file = memfd_create("model", 0);
	fuzz_hold(file >= 0 && write(file, bytes, length) == (ssize_t)length);
	snprintf(path, sizeof path, "/proc/self/fd/%d", file);
	for (int lenient = 0; lenient < 2; lenient++) {
		struct err err = { 0 };
		struct dmn_model *model = lenient ? dmn_load_lenient(path, &err) : dmn_load(path, &err);
		fuzz_hold((model != NULL) == (err.status == 0));
		if (model == NULL) {
			fuzz_hold(err.status == STATUS_CONFIG && strstr(err.text, "/proc/self/fd/") != NULL);
			continue;
		}
		struct xml_doc *doc = xml_read(path, &err);
		fuzz_hold(doc != NULL);
		ask_all(model, xml_root(doc));
		xml_free(doc);
		dmn_free(model);
	}
	close(file);
	return 0;
}
