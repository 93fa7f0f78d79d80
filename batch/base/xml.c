/*
 * xml.c - reading XML by libxml2's SAX2 events into a tree of our own.
 *
 * Decides: what XML is accepted. Every DOCTYPE is refused at its first byte, so there are no entities but the five
 * of XML; nothing outside the bytes given is ever opened; size, depth, lengths and number of elements are capped
 * here and nowhere else. Does not decide: what a tree means, nor which shapes it is checked against (xml_check.c).
 *
 * libxml2 is given valid UTF-8 only: it reads on after bytes its converter cannot convert, and says so on stderr. So
 * encodings are ours: UTF-8, UTF-16 with a byte order mark, and what declares itself to be GB18030, GBK or GB2312.
 *
 * libxml2's own tree is not built: events go straight into an arena, so the caps bite while reading and lines are
 * not cut at 65,535 as the nodes of libxml2 cut them.
 */
#include "base/xml.h"

#include "base/decimal.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/xml_pattern.h"

#include <libxml/catalog.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlregexp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	XML_MAX_FILE = 64 * 1024 * 1024,   /* bytes */
	XML_MAX_DEPTH = 64,                /* elements inside each other */
	XML_MAX_ATTRIBUTE = 64 * 1024,     /* bytes of one value */
	XML_MAX_TEXT = 1024 * 1024,        /* bytes of text directly inside one element */
	XML_MAX_ELEMENTS = 8 * 1000 * 1000,
};

struct xml_doc {
	struct arena arena;
	xmlDictPtr dict;          /* owns the names and namespaces the nodes point to */
	struct xml_node *root;
};

/* One document being read. */
struct reader {
	xmlParserCtxtPtr context;
	struct xml_doc *doc;
	const char *file;
	struct err *err;
	bool failed;
	size_t elements;
	int depth;
	struct {
		struct xml_node *node, *last;   /* the open element and its newest child */
		struct str text;
	} open[XML_MAX_DEPTH];
};

/* --- the library --- */

static pthread_once_t library_once = PTHREAD_ONCE_INIT;

static xmlParserInputPtr refuse_entity(const char *url, const char *id, xmlParserCtxtPtr context)
{
	(void)url, (void)id, (void)context;
	return NULL;
}

/* What libxml2 has to say outside a document goes nowhere; nothing below cli/ prints. */
static void say_nothing(void *data, const char *format, ...)
{
	(void)data, (void)format;
}

static void library_start(void)
{
	xmlInitParser();
	xmlCatalogSetDefaults(XML_CATA_ALLOW_NONE);
	xmlSetExternalEntityLoader(refuse_entity);
	xmlSetGenericErrorFunc(NULL, say_nothing);          /* this thread's */
	xmlThrDefSetGenericErrorFunc(NULL, say_nothing);    /* every other's */
}

/* --- events --- */

static void fail_at(struct reader *reader, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Tells the first failure and stops reading. */
static void fail_at(struct reader *reader, int line, const char *format, ...)
{
	if (!reader->failed) {
		struct str message = {0};
		va_list args;
		va_start(args, format);
		str_vprintf(&message, format, args);
		va_end(args);
		err_set(reader->err, STATUS_CONFIG, "%s:%d: %s", reader->file, line > 0 ? line : 1, str_text(&message));
		str_release(&message);
		reader->failed = true;
	}
	xmlStopParser(reader->context);
}

static int current_line(const struct reader *reader)
{
	return reader->context->input != NULL ? reader->context->input->line : 1;
}

/*
 * The line of the "<" of the start tag just read, which may be some lines above its end. No "<" can stand inside a
 * start tag, so the nearest one before is its beginning.
 */
static int tag_line(const struct reader *reader)
{
	const xmlParserInput *input = reader->context->input;
	int line = current_line(reader);
	if (input == NULL)
		return line;
	for (const xmlChar *at = input->cur; at > input->base;) {
		at--;
		if (*at == '<')
			return line;
		if (*at == '\n')
			line--;
	}
	return current_line(reader);
}

static void on_doctype(void *data, const xmlChar *name, const xmlChar *external_id, const xmlChar *system_id)
{
	(void)name, (void)external_id, (void)system_id;
	struct reader *reader = data;
	fail_at(reader, current_line(reader), "a DOCTYPE is not allowed");
	err_hint(reader->err, "Remove the <!DOCTYPE …> declaration.");
}

static const char *attribute_name(struct reader *reader, const xmlChar *local, const xmlChar *prefix)
{
	if (prefix == NULL)
		return (const char *)local;
	return (const char *)xmlDictQLookup(reader->doc->dict, prefix, local);
}

static void on_start(void *data, const xmlChar *local, const xmlChar *prefix, const xmlChar *space, int namespaces,
	const xmlChar **namespace, int attributes, int defaulted, const xmlChar **attribute)
{
	(void)prefix, (void)namespaces, (void)namespace, (void)defaulted;
	struct reader *reader = data;
	if (reader->failed)
		return;
	struct arena *arena = &reader->doc->arena;
	int line = tag_line(reader);
	if (reader->depth == XML_MAX_DEPTH) {
		fail_at(reader, line, "<%s> is nested deeper than %d elements", (const char *)local, XML_MAX_DEPTH);
		return;
	}
	if (++reader->elements > XML_MAX_ELEMENTS) {
		fail_at(reader, line, "there are more than %d elements", XML_MAX_ELEMENTS);
		return;
	}
	struct xml_node *node = arena_alloc(arena, 1, sizeof *node);
	node->name = (const char *)local;
	node->space = space != NULL ? (const char *)space : "";
	node->prefix_text = "";
	node->file = reader->file;
	node->line = line;
	struct xml_attr **end = &node->attrs;
	for (int i = 0; i < attributes; i++, attribute += 5) {
		size_t length = (size_t)(attribute[4] - attribute[3]);
		if (length > XML_MAX_ATTRIBUTE) {
			fail_at(reader, line, "attribute '%s' of <%s> is longer than %d bytes", (const char *)attribute[0],
				node->name, XML_MAX_ATTRIBUTE);
			return;
		}
		struct xml_attr *attr = arena_alloc(arena, 1, sizeof *attr);
		attr->name = attribute_name(reader, attribute[0], attribute[1]);
		attr->value = arena_copy(arena, (const char *)attribute[3], length);
		*end = attr;
		end = &attr->next;
	}
	if (reader->depth == 0) {
		reader->doc->root = node;
	} else {
		node->parent = reader->open[reader->depth - 1].node;
		struct xml_node *last = reader->open[reader->depth - 1].last;
		if (last != NULL)
			last->next = node;
		else
			node->parent->first = node;
		reader->open[reader->depth - 1].last = node;
	}
	reader->open[reader->depth].node = node;
	reader->open[reader->depth].last = NULL;
	str_clear(&reader->open[reader->depth].text);
	reader->depth++;
}

static bool is_xml_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void on_end(void *data, const xmlChar *local, const xmlChar *prefix, const xmlChar *space)
{
	(void)local, (void)prefix, (void)space;
	struct reader *reader = data;
	if (reader->failed || reader->depth == 0)
		return;
	reader->depth--;
	const struct str *text = &reader->open[reader->depth].text;
	size_t start = 0, end = text->length;
	while (start < end && is_xml_space(text->text[start]))
		start++;
	while (end > start && is_xml_space(text->text[end - 1]))
		end--;
	if (end > start)
		reader->open[reader->depth].node->prefix_text =
			arena_copy(&reader->doc->arena, text->text + start, end - start);
}

static void on_text(void *data, const xmlChar *bytes, int length)
{
	struct reader *reader = data;
	if (reader->failed || reader->depth == 0)
		return;
	struct str *text = &reader->open[reader->depth - 1].text;
	if (text->length + (size_t)length > XML_MAX_TEXT) {
		fail_at(reader, reader->open[reader->depth - 1].node->line, "the text of <%s> is longer than %d bytes",
			reader->open[reader->depth - 1].node->name, XML_MAX_TEXT);
		return;
	}
	str_add_bytes(text, bytes, (size_t)length);
}

static void on_error(void *data, xmlErrorPtr error)
{
	struct reader *reader = data;
	if (error->level < XML_ERR_ERROR || reader->failed)
		return;
	if (error->code == XML_ERR_NO_MEMORY)
		(void)mem_size(SIZE_MAX, 2);  /* calls the out-of-memory hook, which does not return */
	/* "Extra content at the end of the document\n" → one lower-case line. */
	struct str message = {0};
	str_add(&message, error->message != NULL ? error->message : "not well-formed");
	char *newline = strpbrk(message.text, "\r\n");
	if (newline != NULL)
		*newline = '\0';
	if (message.text[0] >= 'A' && message.text[0] <= 'Z' && message.text[1] >= 'a' && message.text[1] <= 'z')
		message.text[0] = (char)(message.text[0] - 'A' + 'a');
	fail_at(reader, error->line, "%s", message.text);
	str_release(&message);
}

/* --- encodings --- */

/* The encoding a declaration names, its first bytes being ASCII; "" if there is none. */
static void declared_encoding(const char *bytes, size_t length, char out[32])
{
	out[0] = '\0';
	size_t end = length < 200 ? length : 200;
	const char *close = memmem(bytes, end, "?>", 2);
	if (close == NULL || close - bytes < 5 || memcmp(bytes, "<?xml", 5) != 0)
		return;
	const char *at = memmem(bytes, (size_t)(close - bytes), "encoding", 8);
	if (at == NULL)
		return;
	at += 8;
	while (at < close && (is_xml_space(*at) || *at == '='))
		at++;
	if (at == close || (*at != '"' && *at != '\''))
		return;
	const char *last = memchr(at + 1, *at, (size_t)(close - at - 1));
	if (last != NULL && last - at - 1 < 32) {
		memcpy(out, at + 1, (size_t)(last - at - 1));
		out[last - at - 1] = '\0';
	}
}

static int line_of(const char *bytes, size_t offset)
{
	int line = 1;
	for (size_t i = 0; i < offset; i++)
		line += bytes[i] == '\n';
	return line;
}

/* True if `bytes` are in valid UTF-8, or were converted to it into `utf8`. */
static bool decode(const char *name, const char *bytes, size_t length, struct str *utf8, struct err *err)
{
	char declared[32];
	const char *encoding = "UTF-8";
	size_t bad = 0;
	bool good;
	if (length >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0)) {
		encoding = "UTF-16";
		good = text_from_utf16(utf8, bytes + 2, length - 2, bytes[0] == '\xfe', &bad);
	} else {
		declared_encoding(bytes, length, declared);
		if (strcasecmp(declared, "GB18030") == 0 || strcasecmp(declared, "GBK") == 0 ||
			strcasecmp(declared, "GB2312") == 0) {
			encoding = declared;
			good = text_from_gb18030(utf8, bytes, length, &bad);
		} else if (declared[0] == '\0' || strcasecmp(declared, "UTF-8") == 0 || strcasecmp(declared, "UTF8") == 0 ||
			strcasecmp(declared, "US-ASCII") == 0) {
			const char *at = bytes, *end = bytes + length;
			good = text_valid_utf8(bytes, length);
			while (!good && at < end) {
				const char *before = at;
				if (text_next(&at, end) == 0xFFFD && at - before == 1) {
					bad = (size_t)(before - bytes);
					break;
				}
			}
		} else {
			err_set(err, STATUS_CONFIG, "%s:1: the encoding '%s' is not one that is read", name, declared);
			err_hint(err, "Save the file as UTF-8.");
			return false;
		}
	}
	if (!good) {
		err_set(err, STATUS_CONFIG, "%s:%d: the byte %02X is not %s", name, line_of(bytes, bad),
			(unsigned char)bytes[bad], encoding);
		err_hint(err, "Save the file as UTF-8.");
		return false;
	}
	const char *text = utf8->length > 0 ? utf8->text : bytes;
	size_t text_length = utf8->length > 0 ? utf8->length : length;
	const char *nul = memchr(text, '\0', text_length);
	if (nul != NULL) {
		err_set(err, STATUS_CONFIG, "%s:%d: a zero byte is not allowed", name, line_of(text, (size_t)(nul - text)));
		return false;
	}
	return true;
}

/* --- documents --- */

struct xml_doc *xml_parse(const char *name, const char *bytes, size_t length, struct err *err)
{
	if (length > XML_MAX_FILE) {
		err_set(err, STATUS_CONFIG, "%s:1: has %zu bytes, more than the %d allowed", name, length, XML_MAX_FILE);
		return NULL;
	}
	if (length == 0) {
		err_set(err, STATUS_CONFIG, "%s:1: is empty, not XML", name);
		return NULL;
	}
	struct str utf8 = {0};
	if (!decode(name, bytes, length, &utf8, err)) {
		str_release(&utf8);
		return NULL;
	}
	if (utf8.length > 0) {
		bytes = utf8.text;
		length = utf8.length;
	}
	pthread_once(&library_once, library_start);
	struct xml_doc *doc = mem_new(1, sizeof *doc);
	struct reader *reader = mem_new(1, sizeof *reader);
	xmlParserCtxtPtr context = xmlCreateMemoryParserCtxt(bytes, (int)length);
	if (context == NULL)
		(void)mem_size(SIZE_MAX, 2);
	*reader = (struct reader){ .context = context, .doc = doc, .err = err };
	doc->dict = context->dict;
	xmlDictReference(doc->dict);
	reader->file = arena_text(&doc->arena, name);

	xmlCtxtUseOptions(context, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_BIG_LINES);
	*context->sax = (xmlSAXHandler){
		.initialized = XML_SAX2_MAGIC,
		.internalSubset = on_doctype,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.characters = on_text,
		.ignorableWhitespace = on_text,
		.cdataBlock = on_text,
		.serror = on_error,
	};
	context->userData = reader;
	xmlParseDocument(context);
	bool good = context->wellFormed && doc->root != NULL;
	if (!good && !reader->failed)
		fail_at(reader, current_line(reader), "not well-formed XML");

	for (int i = 0; i < XML_MAX_DEPTH; i++)
		str_release(&reader->open[i].text);
	bool failed = reader->failed;
	free(reader);
	if (context->myDoc != NULL)  /* made by the library for itself; none is with our handlers */
		xmlFreeDoc(context->myDoc);
	context->myDoc = NULL;
	xmlFreeParserCtxt(context);
	str_release(&utf8);
	if (failed) {
		xml_free(doc);
		return NULL;
	}
	return doc;
}

struct xml_doc *xml_read(const char *path, struct err *err)
{
	struct xml_doc *doc = NULL;
	struct str bytes = {0};
	uint64_t size;
	int fd = fs_open_read(path, &size, err);
	if (fd < 0)
		return NULL;
	close(fd);
	if (size > XML_MAX_FILE)
		err_set(err, STATUS_CONFIG, "%s:1: has %llu bytes, more than the %d allowed", path, (unsigned long long)size,
			XML_MAX_FILE);
	else if (fs_read(path, XML_MAX_FILE, &bytes, err) == 0)
		doc = xml_parse(path, str_text(&bytes), bytes.length, err);
	str_release(&bytes);
	return doc;
}

void xml_free(struct xml_doc *doc)
{
	if (doc == NULL)
		return;
	arena_release(&doc->arena);
	xmlDictFree(doc->dict);
	free(doc);
}

const struct xml_node *xml_root(const struct xml_doc *doc)
{
	return doc->root;
}

/* --- access --- */

const char *xml_attr(const struct xml_node *node, const char *name)
{
	for (const struct xml_attr *attr = node->attrs; attr != NULL; attr = attr->next)
		if (strcmp(attr->name, name) == 0)
			return attr->value;
	return NULL;
}

const char *xml_attr_or(const struct xml_node *node, const char *name, const char *fallback)
{
	const char *value = xml_attr(node, name);
	return value != NULL ? value : fallback;
}

static const struct xml_node *named_from(const struct xml_node *node, const char *name)
{
	while (node != NULL && strcmp(node->name, name) != 0)
		node = node->next;
	return node;
}

const struct xml_node *xml_child(const struct xml_node *node, const char *name)
{
	return named_from(node->first, name);
}

const struct xml_node *xml_next(const struct xml_node *node, const char *name)
{
	return named_from(node->next, name);
}

struct text_pair xml_text_pair(const struct xml_node *node, const char *name)
{
	struct text_pair pair = {0};
	for (const struct xml_node *child = xml_child(node, name); child != NULL; child = xml_next(child, name)) {
		const char *lang = xml_attr_or(child, "xml:lang", "zh");
		const char **place = strncmp(lang, "zh", 2) == 0 ? &pair.zh : strncmp(lang, "en", 2) == 0 ? &pair.en : NULL;
		if (place != NULL && *place == NULL)
			*place = child->prefix_text;
	}
	return pair;
}

int xml_fail(const struct xml_node *node, struct err *err, const char *format, ...)
{
	struct str message = {0};
	va_list args;
	va_start(args, format);
	str_vprintf(&message, format, args);
	va_end(args);
	err_set(err, STATUS_CONFIG, "%s:%d: %s", node->file, node->line, str_text(&message));
	str_release(&message);
	return -1;
}

/* --- patterns --- */

struct xml_pattern { xmlRegexpPtr compiled; };

struct xml_pattern *xml_pattern_new(const char *pattern)
{
	pthread_once(&library_once, library_start);
	xmlRegexpPtr compiled = xmlRegexpCompile((const xmlChar *)pattern);
	if (compiled == NULL)
		return NULL;
	struct xml_pattern *result = mem_new(1, sizeof *result);
	result->compiled = compiled;
	return result;
}

bool xml_pattern_match(struct xml_pattern *pattern, const char *value)
{
	return xmlRegexpExec(pattern->compiled, (const xmlChar *)value) == 1;
}

void xml_pattern_free(struct xml_pattern *pattern)
{
	if (pattern == NULL)
		return;
	xmlRegFreeRegexp(pattern->compiled);
	free(pattern);
}

/* --- values --- */

bool xml_yes(const char *value)
{
	return value != NULL && strcmp(value, "yes") == 0;
}

bool xml_months(const char *duration, int *months)
{
	static const struct { char unit; int months; } units[] = { { 'Y', 12 }, { 'M', 1 } };
	const char *at = duration;
	int total = 0, parts = 0;
	if (*at++ != 'P')
		return false;
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		const char *start = at;
		int number = 0;
		while (*at >= '0' && *at <= '9' && at - start < 6)
			number = number * 10 + (*at++ - '0');
		if (at == start)
			break;
		if (*at == units[i].unit) {
			total += number * units[i].months;
			parts++;
			at++;
		} else {
			at = start;  /* perhaps the next unit's */
		}
	}
	if (parts == 0 || *at != '\0')
		return false;
	*months = total;
	return true;
}

bool xml_share(const char *value, int scale, int64_t *scaled)
{
	size_t length = strlen(value);
	int64_t number;
	if (length == 0 || value[0] < '0' || value[0] > '9')
		return false;
	bool percent = value[length - 1] == '%';
	if (!decimal_parse(value, length - percent, scale, &number) || (percent && number % 100 != 0))
		return false;
	*scaled = percent ? number / 100 : number;
	return true;
}

void xml_escape(struct str *out, const char *text)
{
	str_reserve(out, 0);
	for (; *text != '\0'; text++) {
		switch (*text) {
		case '&': str_add(out, "&amp;"); break;
		case '<': str_add(out, "&lt;"); break;
		case '>': str_add(out, "&gt;"); break;
		case '"': str_add(out, "&quot;"); break;
		default:
			/* XML 1.0 cannot hold other control characters in any way. */
			if ((unsigned char)*text < 0x20 && !is_xml_space(*text))
				str_add_code_point(out, 0xFFFD);
			else
				str_add_char(out, *text);
		}
	}
}
