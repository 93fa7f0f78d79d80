/*
 * bench_xlsx.c - rows a second of the workbook writer: 12 mixed columns, written and read back.
 * bench_xlsx ROWS FOLDER
 */
#include "output/xlsx.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

static const struct book_column columns[] = {
	{ .title = "工号", .format = BOOK_FORMAT_TEXT }, { .title = "姓名" }, { .title = "部门" }, { .title = "岗位" },
	{ .title = "职级" }, { .title = "序列" }, { .title = "入职", .format = BOOK_FORMAT_DATE },
	{ .title = "学分", .format = BOOK_FORMAT_DECIMAL1 }, { .title = "缺口", .format = BOOK_FORMAT_DECIMAL1 },
	{ .title = "得分", .format = BOOK_FORMAT_DECIMAL2 }, { .title = "星级", .format = BOOK_FORMAT_STARS },
	{ .title = "系数", .format = BOOK_FORMAT_DECIMAL2 },
};

static int row(void *context, uint32_t number, struct book_cell *cells, struct err *err)
{
	static char id[16], name[32], unit[32];
	(void)context;
	(void)err;
	snprintf(id, sizeof id, "%06u", number);
	snprintf(name, sizeof name, "员工%u", number * 7919 % 100003);
	snprintf(unit, sizeof unit, "服务一部 / %u组", number % 14);
	const char *texts[] = { id, name, unit, "高级客服代表", "P2", "专业" };
	for (int i = 0; i < 6; i++)
		cells[i] = (struct book_cell){ .kind = BOOK_TEXT, .text = texts[i] };
	cells[6] = (struct book_cell){ .kind = BOOK_DATE, .date = 18000 + (int32_t)(number % 2500) };
	cells[7] = (struct book_cell){ .kind = BOOK_NUMBER, .number = number % 997, .scale = 1 };
	cells[8] = (struct book_cell){ .kind = BOOK_NUMBER, .number = number % 31, .scale = 1 };
	cells[9] = (struct book_cell){ .kind = BOOK_NUMBER, .number = number * 31 % 10001, .scale = 2 };
	cells[10] = (struct book_cell){ .kind = BOOK_NUMBER, .number = number % 5 + 1 };
	cells[11] = (struct book_cell){ .kind = BOOK_NUMBER, .number = 90 + number % 40, .scale = 2 };
	return 0;
}

static double cpu_seconds(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
		+ (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 64;
	uint32_t rows = (uint32_t)strtoul(argv[1], NULL, 10);
	char path[4096];
	snprintf(path, sizeof path, "%s/bench.xlsx", argv[2]);
	unlink(path);
	struct book_part part = { .kind = BOOK_PART_TABLE,
		.table = { .name = "people", .columns = columns, .column_count = 12, .rows = rows, .row = row } };
	struct book_sheet sheet = { .name = "人员", .parts = &part, .part_count = 1, .freeze_rows = 1, .tab_colour = -1 };
	struct book book = { .file = "bench.xlsx", .title = "bench", .created = 20000, .sheets = &sheet, .sheet_count = 1 };
	struct xlsx_totals totals;
	struct err err = { 0 };
	double start = cpu_seconds();
	if (xlsx_write(&book, path, argv[2], &totals, &err) != 0) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	double written = cpu_seconds();
	if (xlsx_verify(path, &totals, &err) != 0) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	double verified = cpu_seconds();
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	printf("pandian     %.0f rows/s CPU written, %.0f rows/s written and read back; peak %ld MB\n",
		rows / (written - start), rows / (verified - start), usage.ru_maxrss / 1024);
	unlink(path);
	return 0;
}
