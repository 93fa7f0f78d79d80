/*
 * bench_pdf.c - archives a second of one core: the sample archive laid out and written N times with changing people.
 *
 * usage: bench_pdf [N [FILE]]   FILE receives the last archive.
 */
#include "base/err.h"
#include "output/pdf.h"

#include "sample_archive.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double cpu_seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
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
	/* what a run does: the labels of the template and ASCII are shared; seeds beyond the measured ones stand for them */
	struct str labels = { 0 };
	for (char c = ' '; c < '~'; c++)
		str_add_char(&labels, c);
	sample_labels(&labels);
	if (pdf_fonts_share(fonts, str_text(&labels), &err) < 0)
		return 1;
	str_release(&labels);
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
	printf("fonts and writer ready in %.3f s; %ld archives of %d pages: %.0f a second and core, %.3f ms, %.1f KB each (model %.3f ms)\n", opened - started, count, totals.pages,
		(double)count / used, used * 1000 / (double)count, bytes / 1000 / (double)count, model * 1000 / (double)count);
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
