/*
 * hash.c - SHA-256 by libcrypto's EVP and CRC-32 by libdeflate.
 *
 * Decides: how the two libraries are called, and that a digest that cannot be made is treated as memory running out
 * (the only way EVP fails here). Does not decide: what is hashed, or what a hash means.
 */
#include "base/hash.h"

#include "base/fs.h"
#include "base/mem.h"

#include <errno.h>
#include <libdeflate.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HASH_READ_BYTES = 256 * 1024 };

struct hash { EVP_MD_CTX *context; };

/* Fetched once and kept: fetching anew costs more than hashing an id. */
static pthread_once_t sha256_once = PTHREAD_ONCE_INIT;
static EVP_MD *sha256;

static void sha256_fetch(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
}

/* A request no memory can meet: it calls the out-of-memory hook, which does not return. */
static void hash_out_of_memory(void)
{
	(void)mem_size(SIZE_MAX, 2);
}

struct hash *hash_new(void)
{
	pthread_once(&sha256_once, sha256_fetch);
	struct hash *hash = mem_new(1, sizeof *hash);
	hash->context = EVP_MD_CTX_new();
	if (sha256 == NULL || hash->context == NULL || EVP_DigestInit_ex2(hash->context, sha256, NULL) != 1)
		hash_out_of_memory();
	return hash;
}

void hash_add(struct hash *hash, const void *bytes, size_t length)
{
	if (length > 0 && EVP_DigestUpdate(hash->context, bytes, length) != 1)
		hash_out_of_memory();
}

void hash_add_text(struct hash *hash, const char *text)
{
	hash_add(hash, text, strlen(text) + 1);
}

void hash_end(struct hash *hash, char hex[HASH_HEX])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int length = 0;
	if (EVP_DigestFinal_ex(hash->context, digest, &length) != 1 || length != (HASH_HEX - 1) / 2)
		hash_out_of_memory();
	for (unsigned int i = 0; i < length; i++) {
		hex[2 * i] = digits[digest[i] >> 4];
		hex[2 * i + 1] = digits[digest[i] & 15];
	}
	hex[HASH_HEX - 1] = '\0';
	EVP_MD_CTX_free(hash->context);
	free(hash);
}

void hash_bytes(const void *bytes, size_t length, char hex[HASH_HEX])
{
	struct hash *hash = hash_new();
	hash_add(hash, bytes, length);
	hash_end(hash, hex);
}

int hash_file(const char *path, char hex[HASH_HEX], struct err *err)
{
	int result = -1;
	struct hash *hash = hash_new();
	unsigned char *block = mem_new(1, HASH_READ_BYTES);
	uint64_t size;
	int fd = fs_open_read(path, &size, err);
	if (fd < 0)
		goto out;
	for (;;) {
		ssize_t got = read(fd, block, HASH_READ_BYTES);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			err_sys(err, STATUS_IO, errno, "%s: cannot read", path);
			goto out;
		}
		if (got == 0)
			break;
		hash_add(hash, block, (size_t)got);
	}
	result = 0;
out:
	if (fd >= 0)
		close(fd);
	free(block);
	hash_end(hash, hex);
	return result;
}

uint32_t hash_crc32(const void *bytes, size_t length)
{
	return libdeflate_crc32(0, bytes, length);
}
