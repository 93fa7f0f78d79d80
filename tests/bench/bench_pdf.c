/*
 * bench_pdf.c - archives a second of one core: the sample archive laid out and written N times with changing people.
 *
 * usage: bench_pdf [N [FILE]]     FILE receives the last archive
 *        bench_pdf --replay N     the placed operations of N archives as JSON, for peers that only draw
 */
#include "base/err.h"
#include "base/json.h"
#include "output/layout.h"
#include "output/pdf.h"

#include "sample_archive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double cpu_seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void add_number(struct json_writer *json, double value)
{
	char digits[40];
	snprintf(digits, sizeof digits, "%.2f", value);
	json_number(json, digits);
}

static void add_colour(struct json_writer *json, unsigned colour)
{
	static const char *const palette[] = {
#define COLOUR(name, red, green, blue) #red #green #blue,
		LAYOUT_COLOURS(COLOUR)
#undef COLOUR
	};
	json_text(json, colour < LAYOUT_NONE ? palette[colour] : NULL);
}

/* [kind, fill, stroke, x, y, w, h, size, radius, bold, dashed, closed, text or points]; y from the top */
static void add_operation(struct json_writer *json, const struct layout *layout, const struct layout_op *op)
{
	static const char *const kinds[] = { "text", "rect", "line", "circle", "poly" };
	const double numbers[] = { op->x, op->y, op->w, op->h, op->size, op->radius };
	json_array(json);
	json_text(json, kinds[op->kind]);
	add_colour(json, op->fill);
	add_colour(json, op->stroke);
	for (int i = 0; i < 6; i++)
		add_number(json, numbers[i]);
	json_bool(json, op->bold);
	json_bool(json, op->dashed);
	json_bool(json, op->closed);
	if (op->kind == LAYOUT_POLY) {
		json_array(json);
		for (uint32_t i = op->start; i < op->start + op->count; i++) {
			add_number(json, layout->points.at[i].x);
			add_number(json, layout->points.at[i].y);
		}
		json_close_array(json);
	} else if (op->kind == LAYOUT_TEXT) {
		struct str text = { 0 };
		for (uint32_t i = op->start; i < op->start + op->count; i++)
			str_add_code_point(&text, layout->text.at[i]);
		json_text(json, str_text(&text));
		str_release(&text);
	} else {
		json_null(json);
	}
	json_close_array(json);
}

/* A code as peers draw it: a rectangle for each run of dark modules. */
static void add_code(struct json_writer *json, const struct layout *layout, const struct layout_op *op)
{
	double module = op->w / op->count;
	for (uint32_t y = 0; y < op->count; y++)
		for (uint32_t x = 0, to; x < op->count; x = to) {
			const uint8_t *row = op->modules + y * op->count;
			for (to = x + 1; to < op->count && row[x] && row[to]; to++)
				;
			if (row[x])
				add_operation(json, layout,
					&(struct layout_op){ .kind = LAYOUT_RECT,
						.fill = op->fill,
						.stroke = LAYOUT_NONE,
						.x = op->x + x * module,
						.y = op->y + y * module,
						.w = (to - x) * module,
						.h = module });
		}
}

static int replay(long count)
{
	struct err err = { 0 };
	struct pdf_fonts *fonts = pdf_fonts_open(&err);
	struct layout layout = { 0 };
	struct arena arena = { 0 };
	struct str out = { 0 };
	struct json_writer json;
	if (!fonts) {
		fprintf(stderr, "bench_pdf: %s\n%s\n", err.text, err.hint);
		return 1;
	}
	json_begin(&json, &out, false);
	json_object(&json);
	json_put_text(&json, "font", pdf_fonts_file(fonts, 0, (char[HASH_HEX]){ 0 }));
	json_key(&json, "documents");
	json_array(&json);
	for (long i = 0; i < count; i++) {
		struct doc doc;
		arena_reset(&arena);
		sample_archive(&doc, &arena, (uint64_t)i, 2);
		layout_run_document(&layout, fonts, &doc);
		json_array(&json);
		for (int page = 0; page < layout.pages; page++) {
			json_array(&json);
			for (size_t k = 0; k < layout.ops.count; k++)
				if (layout.ops.at[k].page == page && layout.ops.at[k].kind <= LAYOUT_POLY)
					add_operation(&json, &layout, &layout.ops.at[k]);
				else if (layout.ops.at[k].page == page && layout.ops.at[k].kind == LAYOUT_MODULES)
					add_code(&json, &layout, &layout.ops.at[k]);
			json_close_array(&json);
		}
		json_close_array(&json);
	}
	json_close_array(&json);
	json_close(&json);
	fwrite(out.text, 1, out.length, stdout);
	str_release(&out);
	arena_release(&arena);
	layout_release(&layout);
	pdf_fonts_close(fonts);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 2 && strcmp(argv[1], "--replay") == 0)
		return replay(strtol(argv[2], NULL, 10));
	struct err err = { 0 };
	long count = argc > 1 ? strtol(argv[1], NULL, 10) : 1000;
	double started = cpu_seconds(), model = 0, bytes = 0;
	struct pdf_fonts *fonts = pdf_fonts_open(&err);
	struct pdf_writer *writer = fonts ? pdf_writer_new(fonts, &err) : NULL;
	struct arena arena = { 0 };
	struct str out = { 0 };
	struct pdf_totals totals = { 0 };
	if (!writer) {
		fprintf(stderr, "bench_pdf: %s\n%s\n", err.text, err.hint);
		return 1;
	}
	/*
	 * what a run does first: the characters most of some documents use become a shared subset; other seeds than
	 * below
	 */
	struct pdf_sample *learnt = pdf_sample_new(fonts, &err);
	static struct pdf_common common;
	for (uint64_t seed = 900000; seed < 900048; seed++) {
		struct doc doc;
		arena_reset(&arena);
		sample_archive(&doc, &arena, seed, 2);
		if (!learnt)
			return 1;
		pdf_sample_add(learnt, &doc);
	}
	pdf_sample_end(learnt, &common);
	if (pdf_fonts_share(fonts, 0, &common, &err) < 0)
		return 1;
	double opened = cpu_seconds();
	for (long i = 0; i < count; i++) {
		struct doc doc;
		double before = cpu_seconds();
		arena_reset(&arena);
		sample_archive(&doc, &arena, (uint64_t)i, 2);
		model += cpu_seconds() - before;
		if (pdf_write(writer, &doc, &out, &totals, &err) < 0 || pdf_verify(&out, &totals, &err) < 0) {
			fprintf(stderr, "bench_pdf: %s\n", err.text);
			return 1;
		}
		bytes += (double)out.length;
	}
	double used = cpu_seconds() - opened - model;
	printf(
		"fonts and writer ready in %.3f s; %ld archives of %d pages: %.0f a second and core, %.3f ms, %.1f KB "
			"each (model %.3f ms)\n",
		opened - started, count, totals.pages, (double)count / used, used * 1000 / (double)count,
		bytes / 1000 / (double)count, model * 1000 / (double)count);
	if (argc > 2) {
		FILE *file = fopen(argv[2], "wb");
		if (!file || fwrite(out.text, 1, out.length, file) != out.length || fclose(file) != 0)
			return 1;
	}
	str_release(&out);
	arena_release(&arena);
	pdf_writer_free(writer);
	pdf_fonts_close(fonts);
	return 0;
}
