/*
 * hash.h - SHA-256 (libcrypto) and CRC-32 (libdeflate).
 */
#ifndef PANDIAN_BASE_HASH_H
#define PANDIAN_BASE_HASH_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

#define HASH_HEX 65  /* 64 digits and NUL */

struct hash;                                            /* a SHA-256 being computed */
struct hash *hash_new(void);
void hash_add(struct hash *hash, const void *bytes, size_t length);
void hash_add_text(struct hash *hash, const char *text);  /* with its NUL, so that parts do not run together */
void hash_end(struct hash *hash, char hex[HASH_HEX]);    /* finishes and frees */
void hash_bytes(const void *bytes, size_t length, char hex[HASH_HEX]);
int hash_file(const char *path, char hex[HASH_HEX], struct err *err);
uint32_t hash_crc32(const void *bytes, size_t length);

#endif
