/*
 * pdf_sample.c - learns from a few documents which characters most documents will use, for pdf_fonts_share.
 *
 * Decides: how common is common enough. Only the documents shown decide, so the same documents give the same answer.
 */
#include "output/layout.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define COMMON 6 / 10 /* of the documents */
#define FEWEST 8 /* documents that say anything */

struct pdf_sample {
	const struct pdf_fonts *fonts;
	struct layout layout;
	uint16_t *seen;
	uint32_t *last; /* by code point */
	uint32_t documents;
};

struct pdf_sample *pdf_sample_new(const struct pdf_fonts *fonts)
{
	struct pdf_sample *sample = mem_new(1, sizeof *sample);
	sample->fonts = fonts;
	sample->seen = mem_new(0x110000, sizeof *sample->seen);
	sample->last = mem_new(0x110000, sizeof *sample->last);
	return sample;
}

void pdf_sample_add(struct pdf_sample *sample, const struct doc *doc)
{
	struct layout *layout = &sample->layout;
	if (sample->documents >= UINT16_MAX)
		return;
	sample->documents++;
	layout_run_document(layout, sample->fonts, doc);
	for (size_t i = 0; i < layout->ops.count; i++) {
		const struct layout_op *op = &layout->ops.at[i];
		for (uint32_t k = op->start; op->kind == LAYOUT_TEXT && k < op->start + op->count; k++) {
			uint32_t c = layout->text.at[k];
			if (sample->last[c] == sample->documents)
				continue;
			sample->last[c] = sample->documents;
			sample->seen[c]++;
		}
	}
}

void pdf_sample_text(const struct pdf_sample *sample, struct str *out)
{
	if (sample->documents < FEWEST)
		return;
	for (uint32_t c = 0; c < 0x110000; c++) {
		uint32_t glyph = font_glyph(sample->fonts, c);
		if (glyph && font_of(glyph) == 0 && sample->seen[c] >= sample->documents * COMMON)
			str_add_code_point(out, c);
	}
}

void pdf_sample_free(struct pdf_sample *sample)
{
	if (!sample)
		return;
	layout_release(&sample->layout);
	free(sample->seen);
	free(sample->last);
	free(sample);
}
