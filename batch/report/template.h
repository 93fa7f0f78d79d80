/*
 * template.h - the loaded templates, private to report/.
 */
#ifndef PANDIAN_REPORT_TEMPLATE_H
#define PANDIAN_REPORT_TEMPLATE_H

#include "report/report.h"
#include "base/vec.h"

struct report_templates {
	struct arena arena;
	VEC(struct xml_doc *) files;
	VEC(const struct xml_node *) books; /* <workbook> in order of file names */
	VEC(const struct xml_node *) docs; /* <archive> */
	char hash[HASH_HEX];
};
/* Binds one archive against a directory without any input: names and expressions. */
int docs_check(const struct xml_node *node, const struct result_directory *directory, struct err *err);
/* The same for a workbook. */
int books_check(const struct xml_node *node, const struct result_directory *directory, struct err *err);
/* file: path below the folder of a run. */
struct book *books_make(
	const struct xml_node *node, const struct report_input *input, const char *file, struct err *err);
bool books_for_managers(const struct xml_node *node);

#endif
