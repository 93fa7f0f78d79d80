/*
 * flate.c - one pass from bytes to deflate blocks with codes known before.
 *
 * Decides: how matches are looked for (the last place of the same four bytes, nothing else). Does not decide: the codes
 * (pdf_sample.c learns them), the frame around the blocks (pdf.c).
 */
#include "output/flate.h"

#include <string.h>

enum { LONGEST = 258, SHORTEST = 4, WINDOW = 32768, MOST_BITS = 15, END = 256 };

static const uint16_t length_base[29] = { 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67,
	83, 99, 115, 131, 163, 195, 227, 258 };
static const uint8_t length_extra[29] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5,
	5, 5, 0 };

/* --- writing bits --- */

static inline void put(struct flate_bits *to, uint64_t bits, unsigned count)
{
	to->bits |= bits << to->count;
	to->count += count;
}

/* Room must be there: eight bytes are stored, those that are whole are kept. Afterwards fewer than eight bits wait. */
static inline char *drain(struct flate_bits *to, char *at)
{
	uint64_t bits = to->bits;
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
	bits = __builtin_bswap64(bits);
#endif
	memcpy(at, &bits, 8);
	at += to->count >> 3;
	to->bits >>= to->count & ~7u;
	to->count &= 7;
	return at;
}

static char *make_room(struct flate_bits *to, size_t bytes)
{
	str_reserve(to->out, bytes + 16);
	return to->out->text + to->out->length;
}

static void end_at(struct flate_bits *to, const char *at)
{
	to->out->length = (size_t)(at - to->out->text);
	to->out->text[to->out->length] = '\0';
}

void flate_stored(const void *bytes, size_t length, bool last, struct flate_bits *to)
{
	char *at = make_room(to, length + 8);
	put(to, last, 3);
	at = drain(to, at);
	if (to->count > 0) {
		to->count = 8;
		at = drain(to, at);
	}
	put(to, (length & 0xffff) | (uint64_t)(~length & 0xffff) << 16, 32);
	at = drain(to, at);
	memcpy(at, bytes, length);
	end_at(to, at + length);
}

void flate_align(struct flate_bits *to, bool ended)
{
	if (to->count == 0)
		return;
	if (!ended) {
		flate_stored("", 0, false, to);
	} else {
		char *at = make_room(to, 8);
		to->count = 8;
		end_at(to, drain(to, at));
	}
}

/* --- finding matches --- */

static inline uint32_t load32(const uint8_t *at)
{
	uint32_t value;
	memcpy(&value, at, 4);
	return value;
}

static inline unsigned slot(uint32_t four)
{
	return four * 0x9e3779b1u >> 20;
}
_Static_assert(FLATE_TABLE == 1 << 12, "slot() yields twelve bits");

/* The number of equal bytes at the lower addresses of two words that differ. */
static inline unsigned first_difference(uint64_t difference)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return (unsigned)__builtin_ctzll(difference) / 8;
#else
	return (unsigned)__builtin_clzll(difference) / 8;
#endif
}

static inline unsigned match_length(const uint8_t *a, const uint8_t *b, const uint8_t *end)
{
	const uint8_t *from = b;
	while (end - b >= 8) {
		uint64_t x, y;
		memcpy(&x, a, 8);
		memcpy(&y, b, 8);
		if (x != y)
			return (unsigned)(b - from) + first_difference(x ^ y);
		a += 8;
		b += 8;
	}
	while (b < end && *a == *b) {
		a++;
		b++;
	}
	return (unsigned)(b - from);
}

static inline unsigned distance_symbol(unsigned distance)
{
	unsigned less = distance - 1;
	if (less < 4)
		return less;
	unsigned top = 31 - (unsigned)__builtin_clz(less);
	return 2 * top + (less >> (top - 1) & 1);
}
static inline unsigned distance_extra(unsigned symbol)
{
	return symbol < 4 ? 0 : symbol / 2 - 1;
}

static inline void write_literal(const struct flate_code *code, struct flate_bits *to, uint8_t byte)
{
	put(to, code->literal[byte] & 0xffffff, code->literal[byte] >> 24);
}

static inline void write_match(const struct flate_code *code, struct flate_bits *to, unsigned length, unsigned distance)
{
	unsigned symbol = distance_symbol(distance), extra = distance_extra(symbol);
	put(to, code->match[length] & 0xffffff, code->match[length] >> 24);
	put(to, code->distance[symbol] & 0xffffff, code->distance[symbol] >> 24);
	put(to, (distance - 1) & ((1u << extra) - 1), extra);
}

static unsigned length_symbol(unsigned length)
{
	unsigned symbol = 28;
	while (length_base[symbol] > length)
		symbol--;
	return symbol;
}

/* The one loop: counts where `counts` is given, else writes. Inlined twice. */
static inline __attribute__((always_inline)) char *run(struct flate *flate, const struct flate_code *code,
	struct flate_counts *counts, const uint8_t *bytes, size_t length, struct flate_bits *bits, char *out)
{
	const uint8_t *at = bytes, *end = bytes + length, *last = length >= 8 ? end - 8 : bytes;
	struct flate_bits to = { 0 };
	if (!counts)
		to = *bits; /* in registers */
	if (flate->next == 0 || flate->next > UINT32_MAX - length - 1) {
		memset(flate->seen, 0, sizeof flate->seen);
		flate->next = 1;
	}
	const uint32_t base = flate->next;
	flate->next += (uint32_t)length;
	while (at < end) {
		if (at < last) {
			uint32_t four = load32(at), here = base + (uint32_t)(at - bytes);
			uint32_t *seen = &flate->seen[slot(four)], before = *seen;
			*seen = here;
			if (before >= base && here - before <= WINDOW && load32(bytes + (before - base)) == four) {
				unsigned found = SHORTEST + match_length(bytes + (before - base) + SHORTEST, at + SHORTEST,
												end - at > LONGEST ? at + LONGEST : end);
				if (counts) {
					counts->at[257 + length_symbol(found)]++;
					counts->at[FLATE_LITERALS + distance_symbol(here - before)]++;
				} else {
					out = drain(&to, out);
					write_match(code, &to, found, here - before);
				}
				const uint8_t *next = at + found, *stop = next < last ? next : last;
				for (at++; at < stop; at++)
					flate->seen[slot(load32(at))] = base + (uint32_t)(at - bytes);
				at = next;
				continue;
			}
		}
		if (counts) {
			counts->at[*at]++;
		} else {
			if (to.count > 64 - MOST_BITS)
				out = drain(&to, out);
			write_literal(code, &to, *at);
		}
		at++;
	}
	if (!counts)
		*bits = to;
	return out;
}

void flate_count(struct flate *flate, struct flate_counts *counts, const void *bytes, size_t length)
{
	run(flate, NULL, counts, bytes, length, NULL, NULL);
	counts->at[END]++;
}

void flate_block(struct flate *flate, const struct flate_code *code, const void *bytes, size_t length, bool last,
	struct flate_bits *to)
{
	/* at most 15 bits a byte; a match is shorter than the bytes it stands for */
	char *at = make_room(to, length * 2 + sizeof code->header + 64);
	put(to, (last ? 1u : 0u) | 2u << 1, 3);
	unsigned left = code->header_bits;
	for (const uint8_t *header = code->header; left > 0; header++) {
		unsigned count = left < 8 ? left : 8;
		put(to, *header, count);
		at = drain(to, at);
		left -= count;
	}
	at = run(flate, code, NULL, bytes, length, to, at);
	at = drain(to, at);
	put(to, code->match[0] & 0xffffff, code->match[0] >> 24); /* end of block */
	end_at(to, drain(to, at));
}

/* --- codes --- */

/* Lengths of a Huffman code of at most `most` bits: counts that lead too deep are flattened. */
static void huffman(const uint32_t *counts, size_t symbols, unsigned most, uint8_t *lengths)
{
	uint64_t weight[2 * FLATE_LITERALS];
	uint16_t parent[2 * FLATE_LITERALS];
	for (unsigned flat = 0;; flat++) {
		unsigned deepest = 0;
		bool used[2 * FLATE_LITERALS] = { false };
		for (size_t i = 0; i < symbols; i++)
			weight[i] = ((uint64_t)counts[i] >> flat) + 1;
		size_t nodes = symbols;
		for (; nodes < 2 * symbols - 1; nodes++) { /* joins the two lightest */
			size_t light[2] = { 0, 0 };
			for (int k = 0; k < 2; k++) {
				size_t best = SIZE_MAX;
				for (size_t i = 0; i < nodes; i++)
					if (!used[i] && (best == SIZE_MAX || weight[i] < weight[best]))
						best = i;
				used[best] = true;
				light[k] = best;
			}
			weight[nodes] = weight[light[0]] + weight[light[1]];
			parent[light[0]] = parent[light[1]] = (uint16_t)nodes;
		}
		for (size_t i = 0; i < symbols; i++) {
			unsigned depth = 0;
			for (size_t node = i; node != nodes - 1; node = parent[node])
				depth++;
			lengths[i] = (uint8_t)depth;
			deepest = depth > deepest ? depth : deepest;
		}
		if (deepest <= most)
			return;
	}
}

void flate_choose(const struct flate_counts *counts, struct flate_lengths *lengths)
{
	huffman(counts->at, FLATE_LITERALS, MOST_BITS, lengths->at);
	huffman(counts->at + FLATE_LITERALS, FLATE_SYMBOLS - FLATE_LITERALS, MOST_BITS, lengths->at + FLATE_LITERALS);
}

/* Canonical codes, the first bit lowest, as deflate writes them; the length in the highest byte. */
static void canonical(const uint8_t *lengths, size_t symbols, uint32_t *codes)
{
	uint32_t count[MOST_BITS + 1] = { 0 }, next[MOST_BITS + 2] = { 0 };
	for (size_t i = 0; i < symbols; i++)
		count[lengths[i]]++;
	count[0] = 0;
	for (unsigned bits = 1; bits <= MOST_BITS; bits++)
		next[bits + 1] = (next[bits] + count[bits]) << 1;
	for (size_t i = 0; i < symbols; i++) {
		uint32_t code = next[lengths[i]]++, turned = 0;
		for (unsigned bit = 0; bit < lengths[i]; bit++)
			turned |= (code >> bit & 1) << (lengths[i] - 1 - bit);
		codes[i] = turned | (uint32_t)lengths[i] << 24;
	}
}

struct header {
	struct flate_code *code;
	unsigned bits;
};
static void header_put(struct header *header, unsigned value, unsigned count)
{
	for (unsigned i = 0; i < count; i++, header->bits++)
		header->code->header[header->bits / 8] |= (uint8_t)((value >> i & 1) << header->bits % 8);
}

/* The lengths of all codes, repeats shortened, in a code of their own (RFC 1951, 3.2.7). */
static void build_header(struct flate_code *code, const struct flate_lengths *lengths)
{
	static const uint8_t order[19] = { 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15 };
	uint8_t symbol[FLATE_SYMBOLS], times[FLATE_SYMBOLS], bits[19];
	uint32_t counts[19] = { 0 }, codes[19];
	size_t used = 0, last = 19;
	for (size_t i = 0; i < FLATE_SYMBOLS;) {
		size_t same = 1;
		while (i + same < FLATE_SYMBOLS && lengths->at[i + same] == lengths->at[i])
			same++;
		symbol[used] = lengths->at[i];
		counts[symbol[used++]] += 4;
		for (i++, same--; same >= 3;) {
			size_t repeat = same > 6 ? 6 : same;
			symbol[used] = 16;
			times[used] = (uint8_t)(repeat - 3);
			counts[symbol[used++]] += 4;
			same -= repeat;
			i += repeat;
		}
	}
	huffman(counts, 19, 7, bits);
	canonical(bits, 19, codes);
	struct header header = { code, 0 };
	memset(code->header, 0, sizeof code->header);
	header_put(&header, FLATE_LITERALS - 257, 5);
	header_put(&header, FLATE_SYMBOLS - FLATE_LITERALS - 1, 5);
	header_put(&header, (unsigned)(last - 4), 4);
	for (size_t i = 0; i < last; i++)
		header_put(&header, bits[order[i]], 3);
	for (size_t i = 0; i < used; i++) {
		header_put(&header, codes[symbol[i]] & 0xffffff, codes[symbol[i]] >> 24);
		if (symbol[i] == 16)
			header_put(&header, times[i], 2);
	}
	code->header_bits = header.bits;
}

void flate_code_init(struct flate_code *code, const struct flate_lengths *lengths)
{
	uint32_t codes[FLATE_LITERALS];
	canonical(lengths->at, FLATE_LITERALS, codes);
	memcpy(code->literal, codes, sizeof code->literal);
	memset(code->match, 0, sizeof code->match);
	code->match[0] = codes[END];
	for (unsigned length = 3; length <= LONGEST; length++) {
		unsigned symbol = length_symbol(length);
		uint32_t base = codes[257 + symbol], count = base >> 24;
		code->match[length] = ((base & 0xffffff) | (length - length_base[symbol]) << count)
			| (count + length_extra[symbol]) << 24;
	}
	canonical(lengths->at + FLATE_LITERALS, FLATE_SYMBOLS - FLATE_LITERALS, code->distance);
	build_header(code, lengths);
}
