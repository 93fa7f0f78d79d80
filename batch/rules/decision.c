/*
 * decision.c - the decision feed, read for the rules that apply it.
 *
 * Decides: which decision is in force. Does not decide: what it changes (the rule does).
 */
#include "rules/decision.h"

#include <string.h>

void decision_declare(struct rules_rule *rule, const char *field)
{
	rule->book->feeds |= 1u << FEED_DECISION;
	VEC_PUSH(&rule->book->decided, field);
}

static int32_t day(const struct frame_column *column, uint32_t row)
{
	return column == NULL ? DATE_NONE : column->i32[row];
}

static const char *text(const struct frame *frame, enum field_id field, uint32_t row)
{
	const struct frame_column *column = frame_column(frame, field);
	const char *found = column == NULL ? NULL : frame_text(frame, column, row);
	return found == NULL ? "" : found;
}

/* What stands behind `field` in the field of a decision; NULL if it is another field. */
static const char *behind(const char *written, const char *field)
{
	size_t length = strlen(field);
	if (length == 0 || field[length - 1] != '.')
		return strcmp(written, field) == 0 ? "" : NULL;
	return strncmp(written, field, length) == 0 && written[length] != '\0' ? written + length : NULL;
}

bool decision_read(const struct rules_block *block, uint32_t row, const char *field, struct decision *out)
{
	const struct frame *frame = &block->facts->lists[FEED_DECISION].frame;
	const char *about = behind(text(frame, DECISION_FIELD, row), field);
	if (about == NULL)
		return false;
	*out = (struct decision){ .row = row,
		.person = out->person,
		.about = about,
		.value = text(frame, DECISION_VALUE, row),
		.reason = text(frame, DECISION_REASON, row),
		.by = text(frame, DECISION_DECIDED_BY, row),
		.on = day(frame_column(frame, DECISION_DECIDED_ON), row),
		.expires = day(frame_column(frame, DECISION_EXPIRES_ON), row) };
	return true;
}

bool decision_is_expired(const struct rules_block *block, const struct decision *decision)
{
	return decision->expires != DATE_NONE && decision->expires < block->work->params->as_of;
}

bool decision_find(const struct rules_block *block, uint32_t person, const char *field,
	bool (*usable)(const void *context, const struct decision *decision), const void *context,
	struct decision *out)
{
	const struct facts_list *list = &block->facts->lists[FEED_DECISION];
	bool found = false;
	/* rows of a field stand by the day they were decided on */
	for (uint32_t r = list->offset == NULL ? 0 : list->offset[person];
		list->offset != NULL && r < list->offset[person + 1]; r++) {
		struct decision decision = { .person = person };
		if (!decision_read(block, r, field, &decision) || decision_is_expired(block, &decision) ||
			(usable != NULL && !usable(context, &decision)))
			continue;
		*out = decision;
		found = true;
	}
	return found;
}

bool decision_is_newest(const struct rules_block *block, const char *field,
	bool (*usable)(const void *context, const struct decision *decision), const void *context,
	const struct decision *decision)
{
	const struct facts_list *list = &block->facts->lists[FEED_DECISION];
	bool found = false;
	for (uint32_t r = list->offset[decision->person]; r < list->offset[decision->person + 1]; r++) {
		struct decision other = { .person = decision->person };
		if (decision_read(block, r, field, &other) && strcmp(other.about, decision->about) == 0 &&
			!decision_is_expired(block, &other) && (usable == NULL || usable(context, &other)))
			found = other.row == decision->row;
	}
	return found;
}

static void tell(struct rules_block *block, uint32_t row, enum finding_id id, const char *column, const char *value,
	const char *detail)
{
	uint64_t line = 0;
	const char *file =
		facts_source(block->work->facts, &block->facts->lists[FEED_DECISION].frame, row, &line);
	findings_add(&block->findings,
		&(struct finding){ .id = id,
			.feed = "decision",
			.file = file,
			.row = line,
			.column = column,
			.text = value,
			.detail = detail });
}

static bool is_applied(const struct rulebook *book, const char *field)
{
	for (size_t i = 0; i < book->decided.count; i++)
		if (behind(field, book->decided.at[i]) != NULL)
			return true;
	return false;
}

void decision_tell(const struct rules_rule *rule, struct rules_block *block, const char *field,
	bool (*usable)(const void *context, const struct decision *decision), const void *context,
	const char *expected)
{
	const struct rulebook *book = rule->book;
	const struct facts_list *list = &block->facts->lists[FEED_DECISION];
	bool first = strcmp(book->decided.at[0], field) == 0;
	for (uint32_t r = 0, person = 0; list->offset != NULL && r < list->frame.count; r++) {
		while (list->offset[person + 1] <= r)
			person++;
		struct decision decision = { .person = person };
		char date[16];
		if (decision_read(block, r, field, &decision)) {
			/* those that ended in an earlier period were told then */
			if (decision_is_expired(block, &decision)) {
				if (decision.expires < block->work->params->period_first)
					continue;
				date_format_iso(decision.expires, date);
				tell(block, r, FINDING_EXPIRED_DECISION, "expires_on", date, NULL);
			} else if (usable != NULL && !usable(context, &decision)) {
				tell(block, r, FINDING_BAD_DECISION, "value", decision.value, expected);
			}
		} else if (first && !is_applied(book, text(&list->frame, DECISION_FIELD, r))) {
			tell(block, r, FINDING_BAD_DECISION, "field", text(&list->frame, DECISION_FIELD, r),
				"no rule applies decisions of this field");
		}
	}
}

void decision_text(const struct decision *decision, struct str *out)
{
	char date[16];
	date_format_iso(decision->on, date);
	str_printf(out, "%s · %s · %s · %s", decision->value, decision->by, date, decision->reason);
}

void decision_explain(const struct rules_block *block, uint32_t person, const char *field,
	bool (*usable)(const void *context, const struct decision *decision), const void *context, enum text_lang lang,
	struct str *out)
{
	const struct facts_list *list = &block->facts->lists[FEED_DECISION];
	bool zh = lang == TEXT_ZH;
	for (uint32_t r = list->offset == NULL ? 0 : list->offset[person];
		list->offset != NULL && r < list->offset[person + 1]; r++) {
		struct decision decision = { .person = person };
		char expires[16];
		if (!decision_read(block, r, field, &decision))
			continue;
		str_add(out, zh ? "  人工决定" : "  decision");
		if (decision.about[0] != '\0')
			str_printf(out, zh ? "（%s）" : " (%s)", decision.about);
		str_add(out, zh ? "：" : ": ");
		decision_text(&decision, out);
		date_format_iso(decision.expires, expires);
		if (decision.expires != DATE_NONE)
			str_printf(out, zh ? "（有效至 %s）" : " (until %s)", expires);
		str_add(out, decision_is_expired(block, &decision)      ? zh ? "：已失效，未采用" : ": expired, not applied"
				: usable != NULL && !usable(context, &decision) ? zh ? "：无法执行，未采用" : ": cannot be applied"
				: decision_is_newest(block, field, usable, context, &decision)
				? zh ? "：生效" : ": in force"
				: zh ? "：已被更新的决定取代" : ": a newer one is in force");
		str_add(out, "  [");
		scope_source(block, &list->frame, r, out);
		str_add(out, "]\n");
	}
}
