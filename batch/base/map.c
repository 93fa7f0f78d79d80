/*
 * map.c - texts to dense numbers and back: open addressing with linear probing, at most 60 % full.
 *
 * Tag 0 marks an empty slot, a different tag means a different text, so that a text is compared (and its cache lines
 * touched) about once per successful look-up; tag and number share a cache line. The hash only decides speed: numbers
 * follow the order of adding and nothing else.
 */
#include "base/map.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS_MIN ((size_t)32)

__extension__ typedef unsigned __int128 wide;

static inline uint64_t read8(const unsigned char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof v);
	return v;
}

static inline uint64_t read4(const unsigned char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof v);
	return v;
}

static inline uint64_t mix(uint64_t a, uint64_t b)
{
	wide product = (wide)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* After wyhash (Wang Yi, public domain): multiply-fold of 16 bytes at a time, overlapping reads at the end. */
uint64_t map_hash(const char *text, size_t length)
{
	static const uint64_t s0 = 0xa0761d6478bd642f, s1 = 0xe7037ed1a0b428db;
	const unsigned char *p = (const unsigned char *)text;
	uint64_t a, b, seed = s0;
	size_t left = length;

	if (length <= 16) {
		if (length >= 4) {
			size_t middle = (length >> 3) << 2;

			a = read4(p) << 32 | read4(p + middle);
			b = read4(p + length - 4) << 32 | read4(p + length - 4 - middle);
		} else if (length > 0) {
			a = (uint64_t)p[0] << 16 | (uint64_t)p[length >> 1] << 8 | p[length - 1];
			b = 0;
		} else {
			a = b = 0;
		}
	} else {
		while (left > 16) {
			seed = mix(read8(p) ^ s1, read8(p + 8) ^ seed);
			p += 16;
			left -= 16;
		}
		a = read8(p + left - 16);
		b = read8(p + left - 8);
	}
	return mix(s1 ^ length, mix(a ^ s1, b ^ seed));
}

static inline uint32_t tag_of(uint64_t hash)
{
	uint32_t tag = (uint32_t)(hash >> 32);

	return tag != 0 ? tag : 1;
}

void map_release(struct map *map)
{
	free(map->slot);
	free(map->offset);
	free(map->heap);
	*map = (struct map){0};
}

void map_prefetch(const struct map *map, uint64_t hash)
{
	if (map->slots != 0)
		__builtin_prefetch(map->slot + ((size_t)hash & (map->slots - 1)));
}

uint32_t map_find_hashed(const struct map *map, const char *text, size_t length, uint64_t hash)
{
	size_t mask = map->slots - 1, at = (size_t)hash & mask;
	uint32_t want = tag_of(hash);

	if (map->slots == 0)
		return MAP_NONE;
	for (; map->slot[at].tag != 0; at = (at + 1) & mask) {
		uint32_t number;
		uint64_t start;

		if (map->slot[at].tag != want)
			continue;
		number = map->slot[at].number;
		start = map->offset[number];
		if (map->offset[number + 1] - start - 1 == length &&
		    (length == 0 || memcmp(map->heap + start, text, length) == 0))
			return number;
	}
	return MAP_NONE;
}

uint32_t map_find(const struct map *map, const char *text, size_t length)
{
	return map_find_hashed(map, text, length, map_hash(text, length));
}

static void put(struct map *map, uint64_t hash, uint32_t number)
{
	size_t mask = map->slots - 1, at = (size_t)hash & mask;

	while (map->slot[at].tag != 0)
		at = (at + 1) & mask;
	map->slot[at] = (struct map_slot){ tag_of(hash), number };
}

static void grow_slots(struct map *map)
{
	size_t k;

	map->slots = map->slots != 0 ? mem_size(map->slots, 2) : SLOTS_MIN;
	free(map->slot);
	map->slot = mem_new(map->slots, sizeof *map->slot);
	for (k = 0; k < map->count; k++)
		put(map, map_hash(map->heap + map->offset[k], map_length(map, (uint32_t)k)), (uint32_t)k);
}

static void grow_heap(struct map *map, size_t more)
{
	size_t need, capacity = map->heap_capacity != 0 ? mem_size(map->heap_capacity, 2) : 1024;

	if (__builtin_add_overflow(map->heap_used, more, &need))
		need = mem_size(SIZE_MAX, 2);
	if (capacity < need)
		capacity = need;
	map->heap = mem_grow(map->heap, capacity, 1);
	map->heap_capacity = capacity;
}

uint32_t map_add(struct map *map, const char *text, size_t length)
{
	uint64_t hash = map_hash(text, length);
	uint32_t number = map_find_hashed(map, text, length, hash);

	if (number != MAP_NONE)
		return number;
	if (map->count >= MAP_NONE - 1) /* numbers are 32 bits: as good as out of memory */
		(void)mem_size(SIZE_MAX, 2);
	if (map->count + 1 > map->slots / 5 * 3)
		grow_slots(map);
	if (map->count + 2 > map->capacity) {
		map->capacity = map->capacity != 0 ? mem_size(map->capacity, 2) : 32;
		map->offset = mem_grow(map->offset, map->capacity, sizeof *map->offset);
		map->offset[map->count] = map->heap_used;
	}
	if (map->heap_capacity - map->heap_used <= length) {
		/* the text may be a piece of another one in this map */
		uintptr_t inside = (uintptr_t)text - (uintptr_t)map->heap;

		if (map->heap != NULL && inside < map->heap_used) {
			grow_heap(map, length + 1);
			text = map->heap + inside;
		} else {
			grow_heap(map, length + 1);
		}
	}
	if (length != 0)
		memcpy(map->heap + map->heap_used, text, length);
	map->heap[map->heap_used + length] = '\0';
	map->heap_used += length + 1;
	number = (uint32_t)map->count++;
	map->offset[map->count] = map->heap_used;
	put(map, hash, number);
	return number;
}

const char *map_text(const struct map *map, uint32_t number)
{
	return map->heap + map->offset[number];
}

size_t map_length(const struct map *map, uint32_t number)
{
	return (size_t)(map->offset[number + 1] - map->offset[number] - 1);
}
