/*
 * expiry.c - <expiry>: certificates and courses that lapse within some days after the as-of date.
 *
 * Decides: the last day that counts (a certificate's expires_on, the day before a course's validity is over), both ends
 * of the span inside. Does not decide: whether a course is held (held.c).
 */
#include "rules/held.h"
#include "rules/pass.h"

#include <stdlib.h>
#include <string.h>

static const struct xml_attr_shape attrs[] = {
	{ "id", XML_NAME, true, NULL, "Name of the rule and of its table." },
	{ "days", XML_INTEGER, false, NULL, "How far it looks ahead of the as-of date (default 90)." },
	{ "courses", XML_BOOL, false, NULL, "Whether courses whose validity ends are told beside certificates (default no)." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape title_shape = { "title", NULL, NULL, 0, 0, true, "What it is called." };
static const struct xml_shape *const children[] = { &title_shape, NULL };
static const struct xml_shape shape = { "expiry", attrs, children, 0, 1, false,
	"Certificates and courses that lapse soon (a table of the rule's id)." };

enum { COUNT, NEXT, PEOPLE_COLUMNS };
enum { EMPLOYEE, KIND, TITLE, COURSE, ISSUER, FROM, EXPIRES, DAYS, COLUMNS };
static const struct result_column columns[COLUMNS] = {
	[EMPLOYEE] = { .id = "employee",
		.type = RESULT_KEY,
		.dim = KEY_DIM_EMPLOYEE,
		.title = { "员工", "Employee" },
		.role = "employee" },
	[KIND] = { .id = "kind", .type = RESULT_TEXT, .title = { "类别", "Kind" }, .role = "expiry-kind" },
	[TITLE] = { .id = "title", .type = RESULT_TEXT, .title = { "名称", "Title" }, .role = "title" },
	[COURSE] = { .id = "course",
		.type = RESULT_KEY,
		.dim = KEY_DIM_COURSE,
		.title = { "课程编号", "Course" },
		.role = "course" },
	[ISSUER] = { .id = "issuer", .type = RESULT_TEXT, .title = { "发证机构", "Issuer" }, .role = "issuer" },
	[FROM] = { .id = "from", .type = RESULT_DATE, .title = { "取得日期", "Obtained" }, .role = "from" },
	[EXPIRES] = { .id = "expires", .type = RESULT_DATE, .title = { "有效期至", "Valid until" }, .role = "expires" },
	[DAYS] = { .id = "days", .type = RESULT_NUMBER, .title = { "剩余天数", "Days left" }, .role = "days" },
};
static const struct {
	const char *name;
	struct text_pair title;
} kinds[] = { { "certificate", { "证书", "certificate" } }, { "course", { "课程有效期", "validity of a course" } } };

struct expiry {
	int64_t days;
	bool courses;
};
struct lapse {
	uint32_t person, course; /* FRAME_NONE: a certificate */
	const char *title, *issuer;
	int32_t from, expires;
};

static int expiry_declare(struct rules_rule *rule, struct err *err)
{
	struct arena *arena = &rule->book->arena;
	struct expiry *expiry = arena_alloc(arena, 1, sizeof *expiry);
	struct rules_number days;
	rule->data = expiry;
	if (rules_number(rule->node, "days", &days, err) != 0)
		return -1;
	expiry->days = days.given ? days.value : 90;
	if (expiry->days < 1 || expiry->days > 3660 || days.scale != 0)
		return xml_fail(rule->node, err, "days=\"%s\" is not between 1 and 3660", days.text);
	expiry->courses = xml_yes(xml_attr_or(rule->node, "courses", "no"));
	rules_parameter(rule, rule->node, "days", arena_printf(arena, "%lld", (long long)expiry->days));
	rules_parameter(rule, rule->node, "courses", xml_attr_or(rule->node, "courses", "no"));
	rules_declare(rule, RULES_PERSON, "count",
		&(struct result_column){
			.type = RESULT_NUMBER, .title = { "将到期项数", "Expiring soon" }, .role = "expiring" });
	rules_declare(rule, RULES_PERSON, "next",
		&(struct result_column){
			.type = RESULT_DATE, .title = { "最近到期日", "Next expiry" }, .role = "next-expiry" });
	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
		rules_member(rule, "expiry-kind", kinds[k].name, kinds[k].title, "{}");
	rules_declare_table(rule, rule->id, rule->title, true, columns, COLUMNS);
	rule->book->feeds |= 1u << FEED_CERTIFICATE | (expiry->courses ? 1u << FEED_COMPLETION : 0);
	return 0;
}

static int expiry_compile(struct rules_rule *rule, struct err *err)
{
	(void)rule;
	(void)err;
	return 0;
}

static int expiry_prepare(const struct rules_rule *rule, struct rules_work *work, struct err *err)
{
	(void)rule;
	(void)work;
	(void)err;
	return 0;
}

static int by_day(const void *a, const void *b)
{
	const struct lapse *x = a, *y = b;
	if (x->person != y->person)
		return x->person < y->person ? -1 : 1;
	if (x->expires != y->expires)
		return x->expires < y->expires ? -1 : 1;
	if ((x->course == FRAME_NONE) != (y->course == FRAME_NONE))
		return x->course == FRAME_NONE ? -1 : 1;
	int order = strcmp(x->title, y->title);
	return order != 0 ? order : (x->course > y->course) - (x->course < y->course);
}

struct lapses {
	struct lapse *at;
	size_t count, capacity;
};

static void add_certificates(const struct expiry *expiry, const struct rules_block *block, uint32_t person,
	struct lapses *lapses)
{
	const struct facts_list *list = &block->facts->lists[FEED_CERTIFICATE];
	const struct frame_column *until = frame_column(&list->frame, CERTIFICATE_EXPIRES_ON),
							  *since = frame_column(&list->frame, CERTIFICATE_ISSUED_ON),
							  *title = frame_column(&list->frame, CERTIFICATE_TITLE),
							  *issuer = frame_column(&list->frame, CERTIFICATE_ISSUER);
	int32_t as_of = block->work->params->as_of;
	for (uint32_t row = list->offset == NULL ? 0 : list->offset[person];
		 list->offset != NULL && until != NULL && row < list->offset[person + 1]; row++) {
		int32_t day = until->i32[row];
		if (day == DATE_NONE || day < as_of || day - as_of > expiry->days)
			continue;
		const char *name = title != NULL ? frame_text(&list->frame, title, row) : NULL;
		bool renewed = false; /* a newer one of the same title that lasts longer */
		for (uint32_t other = list->offset[person]; other < list->offset[person + 1] && name != NULL; other++) {
			const char *same = frame_text(&list->frame, title, other);
			renewed |= other != row && same != NULL && strcmp(same, name) == 0
				&& (until->i32[other] == DATE_NONE || until->i32[other] > day);
		}
		if (renewed)
			continue;
		struct lapse lapse = { .person = person, .course = FRAME_NONE, .title = name != NULL ? name : "",
			.issuer = issuer != NULL ? frame_text(&list->frame, issuer, row) : NULL,
			.from = since != NULL ? since->i32[row] : DATE_NONE, .expires = day };
		VEC_PUSH(lapses, lapse);
	}
}

static void add_courses(const struct expiry *expiry, const struct rules_block *block, const struct held_rows *held,
	uint32_t person, struct lapses *lapses)
{
	const struct pass_rows *passes = block->passes;
	const int64_t *valid = block->work->valid_months;
	int32_t as_of = block->work->params->as_of;
	for (uint32_t i = held->offset[person]; valid != NULL && i < held->offset[person + 1]; i++) {
		uint32_t course = held->course[i], row = held->row[i];
		if (valid[course] == DECIMAL_NONE || passes->outcome[row] != PASS_PASSED)
			continue;
		int32_t last = date_add_months(passes->date[row], (int)valid[course]) - 1;
		if (last < as_of || last - as_of > expiry->days)
			continue;
		struct lapse lapse = { .person = person, .course = course,
			.title = facts_course_title(block->work->facts, course), .from = passes->date[row], .expires = last };
		VEC_PUSH(lapses, lapse);
	}
}

static uint32_t text_of(struct frame_texts *texts, const char *text)
{
	return text == NULL || *text == '\0' ? FRAME_NONE : frame_texts_add(texts, text, strlen(text));
}

static void write_rows(const struct rules_rule *rule, struct rules_block *block, const struct lapses *lapses)
{
	struct frame *frame = rules_list(block, rule, 0, (uint32_t)lapses->count);
	struct frame_column *column = frame->columns;
	struct frame_texts texts = { 0 };
	for (size_t i = 0; i < lapses->count; i++) {
		const struct lapse *lapse = &lapses->at[i];
		column[EMPLOYEE].u32[i] = block->first + lapse->person;
		column[KIND].u32[i] = text_of(&texts, kinds[lapse->course != FRAME_NONE].name);
		column[TITLE].u32[i] = text_of(&texts, lapse->title);
		column[COURSE].u32[i] = lapse->course;
		column[ISSUER].u32[i] = text_of(&texts, lapse->issuer);
		column[FROM].i32[i] = lapse->from;
		column[EXPIRES].i32[i] = lapse->expires;
		column[DAYS].i64[i] = lapse->expires - block->work->params->as_of;
	}
	frame_texts_end(&texts, frame, block->arena);
}

static int expiry_person(const struct rules_rule *rule, struct rules_block *block, struct err *err)
{
	const struct expiry *expiry = rule->data;
	const struct held_rows *held = expiry->courses ? held_of(block, err) : NULL;
	struct lapses lapses = { 0 };
	if (expiry->courses && held == NULL)
		return -1;
	for (uint32_t i = 0; i < block->count; i++) {
		if (!block->facts->known[i] || !block->facts->active[i])
			continue;
		size_t before = lapses.count;
		add_certificates(expiry, block, i, &lapses);
		if (held != NULL)
			add_courses(expiry, block, held, i, &lapses);
		rules_column(block, rule, COUNT)->i64[i] = (int64_t)(lapses.count - before);
		for (size_t k = before; k < lapses.count; k++) {
			int32_t *next = &rules_column(block, rule, NEXT)->i32[i];
			if (*next == DATE_NONE || lapses.at[k].expires < *next)
				*next = lapses.at[k].expires;
		}
	}
	if (lapses.count > 1)
		qsort(lapses.at, lapses.count, sizeof *lapses.at, by_day);
	write_rows(rule, block, &lapses);
	VEC_RELEASE(&lapses);
	return 0;
}

const struct rules_kind expiry_kind = { .element = "expiry",
	.help = "certificates and courses that lapse within some days",
	.shape = &shape,
	.declare = expiry_declare,
	.compile = expiry_compile,
	.prepare = expiry_prepare,
	.person = expiry_person };
