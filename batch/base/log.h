/*
 * log.h - what the program says while it works: one sink, set by cli/. Nothing personal is logged.
 */
#ifndef PANDIAN_BASE_LOG_H
#define PANDIAN_BASE_LOG_H

#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_sink(void (*sink)(enum log_level level, const char *text)); /* NULL: silent (the default) */
void log_write(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Progress of a stage: done of total items (total 0: unknown). Called often; the sink throttles. */
void log_progress_sink(void (*sink)(const char *stage, uint64_t done, uint64_t total));
void log_progress(const char *stage, uint64_t done, uint64_t total);

#endif
