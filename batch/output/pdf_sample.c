/*
 * pdf_sample.c - learns from a few documents what most of their kind will need: characters.
 *
 * Decides: how common is common enough. Only the documents shown decide, so the same documents give the same answer.
 */
#include "output/pdf_object.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define COMMON 7 / 10 /* of the documents */

struct pdf_sample {
	const struct pdf_fonts *fonts;
	struct pdf_writer *writer;
	uint16_t *seen;
	uint32_t *last; /* by code point */
	uint32_t documents;
};

struct pdf_sample *pdf_sample_new(const struct pdf_fonts *fonts, struct err *err)
{
	struct pdf_sample *sample = mem_new(1, sizeof *sample);
	sample->fonts = fonts;
	sample->seen = mem_new(0x110000, sizeof *sample->seen);
	sample->last = mem_new(0x110000, sizeof *sample->last);
	sample->writer = pdf_writer_new(fonts, err);
	if (!sample->writer) {
		pdf_sample_end(sample, NULL);
		return NULL;
	}
	return sample;
}

void pdf_sample_add(struct pdf_sample *sample, const struct doc *doc)
{
	struct layout *layout = &sample->writer->layout;
	if (sample->documents >= UINT16_MAX)
		return;
	layout_run_document(layout, sample->fonts, doc);
	sample->documents++;
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

void pdf_sample_end(struct pdf_sample *sample, struct pdf_common *common)
{
	if (common) {
		size_t length = 0;
		memset(common, 0, sizeof *common);
		common->documents = sample->documents;
		for (uint32_t c = 0x20; c < 0x110000 && length + 5 < sizeof common->text; c++) {
			uint32_t glyph = font_glyph(sample->fonts, c);
			if (glyph && font_of(glyph) == 0 && sample->seen[c] >= sample->documents * COMMON && sample->seen[c] > 0)
				length += text_encode(c, common->text + length);
		}
	}
	pdf_writer_free(sample->writer);
	free(sample->seen);
	free(sample->last);
	free(sample);
}
