/*
 * xml_scan.h - XML read as a stream of elements and texts, for documents of any size. Same caps and refusals as xml.h.
 */
#ifndef PANDIAN_BASE_XML_SCAN_H
#define PANDIAN_BASE_XML_SCAN_H

#include "base/err.h"

#include <stddef.h>

/*
 * Called in document order; a result other than 0 stops the scan (the handler has set its error). Names are local
 * names.
 */
struct xml_scan_handler {
	int (*start)(
		void *context, const char *name, const char *const *attrs, struct err *err); /* attrs: name, value, …, NULL */
	int (*end)(void *context, const char *name, struct err *err);
	int (*text)(void *context, const char *text, size_t length, struct err *err);            /* may come in pieces */
	void *context;
};
struct xml_scan;
/* `name` is told in messages. The handler is copied. */
struct xml_scan *xml_scan_new(const char *name, const struct xml_scan_handler *handler);
/*
 * Feeds bytes; -1 with status 78 and "name:line: …" when not well-formed, a DOCTYPE, or too deep; or with the
 * handler's error.
 */
int xml_scan_feed(struct xml_scan *scan, const char *bytes, size_t length, struct err *err);
int xml_scan_end(struct xml_scan *scan, struct err *err);   /* the document must be complete */
void xml_scan_free(struct xml_scan *scan);

#endif
