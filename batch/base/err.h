/*
 * err.h - operation errors: what could not be done, told once, with the exit status it deserves.
 *
 * Decides: the exit statuses of the program and the form of an error. Does not decide: findings about data
 * (finding.h), printing (only cli/ prints).
 *
 * Every function that can fail takes a `struct err *` as its last parameter and returns 0 or -1 (or NULL).
 * The function that fails first calls err_set; callers on the way out may only prefix context (err_context).
 * Messages are lower case, without a final full stop, name the file and show the text; a hint is a sentence.
 */
#ifndef PANDIAN_BASE_ERR_H
#define PANDIAN_BASE_ERR_H

#include <stdarg.h>

enum {
	STATUS_OK = 0,            /* published, or nothing to do */
	STATUS_USAGE = 64,        /* command line wrong */
	STATUS_GATE = 65,         /* a data gate failed; nothing published */
	STATUS_NO_INPUT = 66,     /* a required input is missing or late */
	STATUS_INTERNAL = 70,     /* our fault, or an output did not verify */
	STATUS_CANT_CREATE = 73,  /* an output cannot be created */
	STATUS_IO = 74,           /* reading or writing failed (disk full, I/O error) */
	STATUS_AGAIN = 75,        /* locked by another run, or out of memory: try again */
	STATUS_PERMISSION = 77,   /* permission denied */
	STATUS_CONFIG = 78,       /* rules, templates, mapping or inputs.xml wrong */
};

struct err {
	int status;               /* 0 while nothing failed, else one of STATUS_* */
	char text[1000];          /* message, UTF-8, NUL-terminated, truncated at a character */
	char hint[300];           /* what to do, a sentence; "" where there is nothing to add */
};

/* Sets the error unless one is set already (the first failure is the one told). Always returns -1. */
int err_set(struct err *err, int status, const char *format, ...) __attribute__((format(printf, 3, 4)));
/*
 * As err_set with ": " and strerror(number) at the end; status by number: EACCES/EPERM/EROFS 77, ENOMEM 75, else
 * `status`.
 */
int err_sys(struct err *err, int status, int number, const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Puts "context: " before the message already set. Always returns -1. */
int err_context(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Sets the hint. */
void err_hint(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
