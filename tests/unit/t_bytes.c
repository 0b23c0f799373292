/* Tests of base/bytes: what goes in comes out, and failure sticks. */
#include "base/bytes.h"

#include <string.h>

#include "hex.h"
#include "unit.h"

START_TEST(round_trip)
{
	uint8_t buf[32];
	struct builder b = builder_of(buf, sizeof(buf));
	struct cursor c;
	char text[4];

	put_u8(&b, 0x01);
	put_u16(&b, 0x0203);
	put_u24(&b, 0x040506);
	put_u32(&b, 0x0708090a);
	put_u64(&b, 0x0b0c0d0e0f101112);
	put_bytes(&b, "abc", 3);
	put_bytes(&b, NULL, 0);
	ck_assert(!b.full);
	hex_check("written", buf, put_len(&b),
	    "01 0203 040506 0708090a 0b0c0d0e0f101112 616263");
	c = cursor_of(buf, put_len(&b));
	ck_assert_uint_eq(get_u8(&c), 0x01);
	ck_assert_uint_eq(get_u16(&c), 0x0203);
	ck_assert_uint_eq(get_u24(&c), 0x040506);
	ck_assert_uint_eq(get_u32(&c), 0x0708090a);
	ck_assert_uint_eq(get_u64(&c), 0x0b0c0d0e0f101112);
	ck_assert(!get_done(&c) && get_left(&c) == 3);
	get_bytes(&c, text, 3);
	ck_assert(get_done(&c) && memcmp(text, "abc", 3) == 0);
}
END_TEST

START_TEST(reading_sticks)
{
	static const uint8_t data[3] = { 1, 2, 3 };
	struct cursor c = cursor_of(data, sizeof(data));
	uint8_t out[4] = { 9, 9, 9, 9 };

	ck_assert_uint_eq(get_u32(&c), 0);
	ck_assert(c.bad && get_left(&c) == 0 && !get_done(&c));
	/* Three bytes would have been there, but not after a failure. */
	ck_assert_uint_eq(get_u8(&c), 0);
	ck_assert_ptr_null(get_ptr(&c, 0));
	get_bytes(&c, out, sizeof(out));
	hex_check("zeros", out, sizeof(out), "00000000");

	c = cursor_of(data, sizeof(data));
	get_skip(&c, 3);
	ck_assert(get_done(&c));
	get_skip(&c, 1);
	ck_assert(c.bad);
	c = cursor_of(NULL, 0);
	ck_assert(get_done(&c));
	ck_assert_uint_eq(get_u8(&c), 0);
	ck_assert(c.bad);
}
END_TEST

START_TEST(nested)
{
	static const uint8_t data[4] = { 1, 2, 3, 4 };
	struct cursor c = cursor_of(data, sizeof(data)), sub = get_sub(&c, 2);

	ck_assert_uint_eq(get_u16(&sub), 0x0102);
	ck_assert_uint_eq(get_u8(&sub), 0);
	/* The inner one's failure is its own. */
	ck_assert(sub.bad && !c.bad && get_left(&c) == 2);
	sub = get_sub(&c, 3);
	ck_assert(sub.bad && c.bad && get_left(&sub) == 0);
}
END_TEST

START_TEST(writing_sticks)
{
	uint8_t buf[4] = { 9, 9, 9, 9 };
	struct builder b = builder_of(buf, 3);

	put_u16(&b, 1);
	put_u16(&b, 2);
	ck_assert(b.full && put_len(&b) == 2 && put_room(&b) == 1);
	/* There is room, but something is missing before. */
	put_u8(&b, 3);
	ck_assert_uint_eq(put_len(&b), 2);
	hex_check("kept", buf, sizeof(buf), "0001 0909");
	put_cut(&b, 3);
	ck_assert_msg(b.full, "a length not reached");
	put_cut(&b, 1);
	ck_assert(!b.full && put_len(&b) == 1);
	put_u16(&b, 0x0506);
	hex_check("again", buf, put_len(&b), "00 0506");
}
END_TEST

START_TEST(marks)
{
	static uint8_t buf[70000];
	static const uint8_t zeros[66000];
	struct builder b = builder_of(buf, sizeof(buf));
	size_t outer = put_mark16(&b), inner;

	put_u8(&b, 7);
	inner = put_mark8(&b);
	put_fill8(&b, inner);
	inner = put_mark8(&b);
	put_u16(&b, 0x0809);
	put_fill8(&b, inner);
	put_fill16(&b, outer);
	hex_check("marks", buf, put_len(&b), "0005 07 00 02 0809");

	b = builder_of(buf, sizeof(buf));
	inner = put_mark8(&b);
	put_bytes(&b, zeros, 255);
	put_fill8(&b, inner);
	ck_assert(!b.full && buf[0] == 255);
	put_u8(&b, 0);
	put_fill8(&b, inner);
	ck_assert_msg(b.full, "256 bytes");

	b = builder_of(buf, sizeof(buf));
	outer = put_mark16(&b);
	put_bytes(&b, zeros, 65535);
	put_fill16(&b, outer);
	ck_assert(!b.full && buf[0] == 0xff && buf[1] == 0xff);
	put_u8(&b, 0);
	put_fill16(&b, outer);
	ck_assert_msg(b.full, "65536 bytes");
}
END_TEST

/* Marks that found no place are not filled. */
START_TEST(marks_full)
{
	uint8_t buf[2] = { 9, 9 };
	struct builder b = builder_of(buf, 1);
	size_t mark = put_mark16(&b);

	put_fill16(&b, mark);
	ck_assert(b.full && buf[0] == 9);
	b = builder_of(buf, 0);
	mark = put_mark8(&b);
	put_fill8(&b, mark);
	ck_assert(b.full && buf[0] == 9);
}
END_TEST

START_TEST(hash)
{
	uint8_t data[64] = { 0 };
	uint32_t h = bytes_hash(0, data, sizeof(data));

	ck_assert_uint_eq(h, bytes_hash(0, data, sizeof(data)));
	ck_assert_uint_ne(h, bytes_hash(1, data, sizeof(data)));
	ck_assert_uint_ne(h, bytes_hash(0, data, sizeof(data) - 1));
	for (size_t i = 0; i < sizeof(data); i++) {
		data[i] = 1;
		ck_assert_uint_ne(h, bytes_hash(0, data, sizeof(data)));
		data[i] = 0;
	}
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("bytes", &tc);

	tcase_add_test(tc, round_trip);
	tcase_add_test(tc, reading_sticks);
	tcase_add_test(tc, nested);
	tcase_add_test(tc, writing_sticks);
	tcase_add_test(tc, marks);
	tcase_add_test(tc, marks_full);
	tcase_add_test(tc, hash);
	return unit_run(s);
}
