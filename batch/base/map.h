/*
 * map.h - texts to dense numbers and back: an interning dictionary with open addressing.
 *
 * Number k is the k-th distinct text added (0, 1, 2 …), so callers keep parallel arrays beside it.
 * Look-ups may run in several threads as long as nobody adds.
 */
#ifndef PANDIAN_BASE_MAP_H
#define PANDIAN_BASE_MAP_H

#include <stddef.h>
#include <stdint.h>

#define MAP_NONE UINT32_MAX

struct map_slot {
	uint32_t tag;         /* upper hash bits, 0 for an empty slot */
	uint32_t number;
};

struct map {
	struct map_slot *slot;
	size_t slots;         /* a power of two */
	uint64_t *offset;     /* start of text k in heap; offset[count] = heap length */
	size_t count, capacity;
	char *heap;           /* texts, each followed by a NUL */
	size_t heap_used, heap_capacity;
};

void map_release(struct map *map);                                        /* frees, sets to {0} */
uint32_t map_find(const struct map *map, const char *text, size_t length); /* number or MAP_NONE */
uint32_t map_add(struct map *map, const char *text, size_t length);       /* number, new or old */
const char *map_text(const struct map *map, uint32_t number);             /* NUL-terminated; lives until the next add */
size_t map_length(const struct map *map, uint32_t number);                /* bytes */
/* Same as map_find with the hash of map_hash given, and a prefetch for batched look-ups. */
uint64_t map_hash(const char *text, size_t length);
uint32_t map_find_hashed(const struct map *map, const char *text, size_t length, uint64_t hash);
void map_prefetch(const struct map *map, uint64_t hash);

#endif
