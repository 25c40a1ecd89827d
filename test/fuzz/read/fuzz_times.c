/*
 * fuzz_times.c
 *	  Times as tables and JSON have them.  The first byte chooses a notation of days.
 */
#include "fuzz.h"
#include "read/text/timestamp.h"

/* A time between the years 1 and 9999 is read as what is printed of it. */
static void
require_round_trip(Instant instant)
{
	static const int64_t year_1 = INT64_C(-63082281600000000), year_10000 = INT64_C(252455616000000000);
	char		text[TIME_TEXT_SIZE];
	Instant		again;
	Defect		problem;

	if (!instant.known || instant.microseconds < year_1 || instant.microseconds >= year_10000)
		return;
	timestamp_print(instant, text);
	require(timestamp_parse((Slice) {text, strlen(text)}, "x", &again, &problem));
	require(again.naive == instant.naive && again.microseconds == instant.microseconds);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const char *const patterns[] = {"MM/DD/YYYY", "d.m.yyyy", "YYYY-MM-DD", "D-M-YYYY", "yyyy/mm/dd", "M/D/YYYY"};
	DateFormat	format = {NULL};
	Instant		instant = {0};
	Defect		problem;
	Slice		text;

	if (size < 2)
		return 0;
	text = (Slice) {(const char *) bytes + 1, size - 1};
	if (bytes[0] % 7 > 0)
		require(date_format_read(patterns[bytes[0] % 7 - 1], &format));
	if (slice_trim(text).length == 0)
		return 0;
	time_style(text);
	if (timestamp_parse_cell(text, bytes[0] < 128 ? &format : NULL, "x", &instant, &problem))
		require_round_trip(instant);
	if (timestamp_parse_epoch(text, "x", &instant, &problem))
		require_round_trip(instant);
	return 0;
}
