/*
 * section_code.c - 核验码: a code by which a printed document can be held against the run that made it: the first 12
 * digits of the SHA-256 over the document's model as far as it goes, so it stands last; beside the lines to sign on
 * where they end the document.
 */
#include "report/section.h"

#include "base/hash.h"

#include <string.h>

static const struct xml_attr_shape attrs[] = { SECTION_ATTRS, { NULL, XML_TEXT, false, NULL, NULL } };
static const struct xml_shape *const children[] = { &section_title_shape, NULL };
static const struct xml_shape shape = { "section", attrs, children, 0, 0, false,
	"code to verify the document with; stands last" };

static int bind(struct section_maker *maker, struct section *section, struct err *err)
{
	(void)maker;
	for (const struct xml_node *next = section->node->next; next != NULL; next = next->next)
		if (strcmp(next->name, "section") == 0)
			return xml_fail(next, err, "a section after the code would not be covered by it");
	return 0;
}

static int make(struct section_maker *maker, const struct section *section, struct err *err)
{
	static const double room = 0.19; /* of the width, where it stands beside the lines to sign on */
	struct arena *arena = &maker->arena;
	bool beside = maker->doc.last != NULL && maker->doc.last->kind == DOC_SIGN;
	char hex[HASH_HEX];
	(void)section;
	(void)err;
	for (struct doc_block *block = maker->doc.first; beside && block != NULL; block = block->next)
		if (block->kind == DOC_SIGN)
			block->sign.room = room;
	str_clear(&maker->text);
	doc_dump(&maker->doc, &maker->text);
	hash_bytes(str_text(&maker->text), maker->text.length, hex);
	for (size_t i = 0; i < 12; i++)
		if (hex[i] >= 'a')
			hex[i] = (char)(hex[i] - 'a' + 'A');
	const char *code = arena_printf(arena, "%.4s-%.4s-%.4s", hex, hex + 4, hex + 8);
	section_add(maker, DOC_QR)->qr = (struct doc_qr){
		.payload = arena_printf(arena, "PANDIAN %s %s %s", maker->input->run_name, maker->doc.id, code),
		.label = label_fill(arena, LABEL_CODE, maker->lang, code),
		.beside = beside,
	};
	return 0;
}

const struct section_kind section_code_kind = {
	.name = "code", .help = "code to verify the document with", .shape = &shape, .bind = bind, .make = make
};
