/*
 * xml_pattern.h - patterns of XSD, matched by libxml2 for xml_check.c. Private to base.
 */
#ifndef PANDIAN_BASE_XML_PATTERN_H
#define PANDIAN_BASE_XML_PATTERN_H

#include <stdbool.h>

struct xml_pattern;                                               /* a compiled pattern; not to be shared by threads */
struct xml_pattern *xml_pattern_new(const char *pattern);         /* the pattern must be valid: NULL if it is not */
bool xml_pattern_match(struct xml_pattern *pattern, const char *value);   /* the whole value */
void xml_pattern_free(struct xml_pattern *pattern);               /* NULL is fine */

#endif
