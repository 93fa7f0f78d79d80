/*
 * Any bytes as XML: read or refused with a message that begins with the name of the file; never both, never neither.
 */
#include "fuzz/fuzz.h"

#include "base/xml.h"

#include <string.h>

static void walk(const struct xml_node *node, int line)
{
	for (; node != NULL; node = node->next) {
		fuzz_hold(node->name != NULL && node->name[0] != '\0' && node->line >= line);
		for (const struct xml_attr *attr = node->attrs; attr != NULL; attr = attr->next)
			fuzz_hold(text_valid_utf8(attr->value, strlen(attr->value)));
		walk(node->first, node->line);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct err err = { 0 };
	struct xml_doc *doc = xml_parse("x.xml", (const char *)bytes, length, &err);
	if (doc == NULL) {
		fuzz_hold(err.status == STATUS_CONFIG && strncmp(err.text, "x.xml", 5) == 0);
		return 0;
	}
	fuzz_hold(err.status == 0 && xml_root(doc) != NULL && xml_root(doc)->next == NULL);
	walk(xml_root(doc), 1);
	xml_free(doc);
	return 0;
}
