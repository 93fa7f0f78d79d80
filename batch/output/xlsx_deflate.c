/*
 * xlsx_deflate.c - the compression level of workbooks. libxlsxwriter offers none; minizip reaches zlib's deflateInit2_
 * through the program's own symbol, which is this one (exported at link time). Level 3 is about 1.7 times as fast as
 * the
 * default 6 for files about 15 % larger. Everything else goes to zlib as it is.
 */
#include <dlfcn.h>
#include <zlib.h>

enum { OUTPUT_LEVEL = 3 };

int deflateInit2_(
	z_streamp stream, int level, int method, int window, int memory, int strategy, const char *version, int size)
{
	typedef int init2(z_streamp, int, int, int, int, int, const char *, int);
	static _Atomic(init2 *) real;
	if (real == NULL) {
		/* POSIX promises that the pointer dlsym gives can be called. */
		union { void *object; init2 *function; } next = { dlsym(RTLD_NEXT, "deflateInit2_") };
		if (next.object == NULL)
			return Z_VERSION_ERROR;
		real = next.function;
	}
	return real(
		stream, level == Z_DEFAULT_COMPRESSION ? OUTPUT_LEVEL : level, method, window, memory, strategy, version, size);
}
