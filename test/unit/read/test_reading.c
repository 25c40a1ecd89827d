/*
 * test_reading.c
 *	  The reading side of the loader under hostile input: every byte of good exports
 *	  altered, every prefix of them, plain and compressed.  Whatever comes of it, no byte is
 *	  read or written that is not ours, and reading ends.
 *
 * The sanitizers see the former; for the latter the harness has a limit.
 */
#include "unit.h"

#include <zlib.h>
#include <zstd.h>

#include "read/verdict.h"

#define FILE_LIMIT	65536

typedef struct Export
{
	char		bytes[FILE_LIMIT];
	size_t		length;
} Export;

static Reader reader;

static void
load_file(Export *export, const char *path)
{
	FILE	   *file = fopen(path, "r");

	assert_non_null(file);
	export->length = fread(export->bytes, 1, FILE_LIMIT, file);
	fclose(file);
}

static Verdict
read_bytes(const char *bytes, size_t length)
{
	return read_input(&reader, (Slice) {bytes, length}, NULL, NULL);
}

static void
check_alterations(Export *export, int step)
{
	static const char values[] = {'\0', '"', '\\', '{', '}', '[', ']', ',', ':', '\n', '9', '\xff'};

	for (size_t i = 0; i < export->length; i += step)
	{
		char		before = export->bytes[i];

		export->bytes[i] = values[i % sizeof(values)];
		read_bytes(export->bytes, export->length);
		export->bytes[i] = before ^ 1 << i % 7;
		read_bytes(export->bytes, export->length);
		export->bytes[i] = before;
	}
}

static void
test_altered_exports(void **state)
{
	static const char *const paths[] = {
		"test/data/intercom/conversation.json", "test/data/intercom/page.json",
		"test/data/intercom/webhook.json", "test/data/json/accept_pages_in_an_array.json",
		"test/data/json/accept_escapes.json", "test/data/json/accept_numbers.json",
		"test/data/envelopes/messages.ndjson", "test/data/envelopes/raw.csv",
		"test/data/shapes/report.csv", "test/data/shapes/conversation_state.csv",
		"test/data/shapes/conversation_prefixed.csv", "test/data/shapes/conversation_part_history.csv",
		"test/data/shapes/messages.csv", "test/data/shapes/conversation_actions.csv",
	};
	static Export export;

	(void) state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
	{
		load_file(&export, paths[i]);
		check_alterations(&export, 1);
	}
}

/* Of what is cut off, no conversation is more than the whole has. */
static void
test_prefixes_of_exports(void **state)
{
	static Export export;
	Verdict		whole;

	(void) state;
	load_file(&export, "test/data/intercom/page.json");
	whole = read_bytes(export.bytes, export.length);
	assert_int_equal(whole.conversations, 2);
	for (size_t length = 0; length < export.length - 1; length++)
	{
		Verdict		verdict = read_bytes(export.bytes, length);

		if (verdict.conversations > 2 || !(verdict.failed || verdict.rejects > 0))
			fail_msg("the first %zu bytes are taken for a whole page", length);
	}
}

static void
compress_gzip(const Export *from, Export *to)
{
	z_stream	stream = {0};

	deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
	stream.next_in = (unsigned char *) from->bytes;
	stream.avail_in = from->length;
	stream.next_out = (unsigned char *) to->bytes;
	stream.avail_out = FILE_LIMIT;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	to->length = stream.total_out;
	deflateEnd(&stream);
}

static void
compress_zstd(const Export *from, Export *to)
{
	ZSTD_CCtx  *context = ZSTD_createCCtx();

	ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
	to->length = ZSTD_compress2(context, to->bytes, FILE_LIMIT, from->bytes, from->length);
	assert_false(ZSTD_isError(to->length));
	ZSTD_freeCCtx(context);
}

/*
 * Compressed, no byte may be missing or another: the checksum sees it.  But for the few in
 * which bits are left over, behind the data or behind a table; then the content is the same.
 */
static void
check_compressed(Export *export, size_t header)
{
	Verdict		whole = read_bytes(export->bytes, export->length);
	int			unseen = 0;

	assert_false(whole.failed);
	assert_int_equal(whole.conversations, 1);
	for (size_t length = header; length < export->length; length++)
		if (!read_bytes(export->bytes, length).failed)
			fail_msg("the first %zu bytes of %zu are taken for the whole", length, export->length);
	for (size_t i = header; i < export->length; i++)
	{
		Verdict		verdict;

		export->bytes[i] ^= 0x10;
		verdict = read_bytes(export->bytes, export->length);
		if (!verdict.failed && (++unseen > 5 || verdict.conversations != 1 || verdict.rejects > 0))
			fail_msg("that byte %zu of %zu is another is not seen", i, export->length);
		export->bytes[i] ^= 0x10;
	}
}

static void
test_compressed_exports(void **state)
{
	static Export plain;
	static Export compressed;

	(void) state;
	load_file(&plain, "test/data/intercom/conversation.json");
	compress_gzip(&plain, &compressed);
	check_compressed(&compressed, 10);	/* of gzip's header not every byte counts */
	compress_zstd(&plain, &compressed);
	check_compressed(&compressed, 8);	/* nor of the header of zstd */
}

/* A file of an archive, as POSIX has it. */
static void
add_member(Export *archive, const char *name, char kind, const char *bytes, size_t length)
{
	char	   *header = archive->bytes + archive->length;
	size_t		padded = (length + 511) / 512 * 512;
	unsigned	sum = 0;

	assert_true(archive->length + 512 + padded <= FILE_LIMIT);
	memset(header, 0, 512 + padded);
	snprintf(header, 100, "%s", name);
	snprintf(header + 124, 12, "%011zo", length);
	memset(header + 148, ' ', 8);
	header[156] = kind;
	memcpy(header + 257, "ustar\00000", 8);
	for (int i = 0; i < 512; i++)
		sum += (unsigned char) header[i];
	snprintf(header + 148, 8, "%06o", sum);
	memcpy(header + 512, bytes, length);
	archive->length += 512 + padded;
}

/* No prefix of an archive is taken for the whole, and no altered byte leads astray. */
static void
test_archives(void **state)
{
	static const char longer_name[] = "17 path=long.csv\n";
	static Export content;
	static Export archive;
	static Export compressed;

	(void) state;
	load_file(&content, "test/data/shapes/report.csv");
	archive.length = 0;
	add_member(&archive, "pax", 'x', longer_name, sizeof(longer_name) - 1);
	add_member(&archive, "short.csv", '0', content.bytes, content.length);
	memset(archive.bytes + archive.length, 0, 1024);
	archive.length += 1024;
	assert_int_equal(read_bytes(archive.bytes, archive.length).conversations, 3);
	for (size_t length = 0; length < archive.length; length++)
		if (!read_bytes(archive.bytes, length).failed)
			fail_msg("the first %zu bytes of %zu are taken for the whole", length, archive.length);
	check_alterations(&archive, 1);
	compress_gzip(&archive, &compressed);
	check_alterations(&compressed, 1);
}

/* A scan finds the same end whatever pieces the input comes in. */
static void
check_random_scan(uint64_t seed)
{
	static const char alphabet[] = "{}[]\"\"\\:,1a \n";
	uint64_t	random = seed;
	char		input[32];
	size_t		length = 1 + next_random(&random) % sizeof(input);
	JsonScan	whole;
	JsonScanStatus expected;

	for (size_t i = 0; i < length; i++)
		input[i] = alphabet[next_random(&random) % (sizeof(alphabet) - 1)];
	input[0] = '{';
	json_scan_begin(&whole);
	expected = json_scan(&whole, (Slice){input, length}, true);
	for (size_t split = 1; split < length; split++)
	{
		JsonScan	scan;
		JsonScanStatus status;

		json_scan_begin(&scan);
		status = json_scan(&scan, (Slice){input, split}, true);
		if (status == JSON_SCAN_MORE)
			status = json_scan(&scan, (Slice){input, length}, true);
		if (status != expected || scan.at != whole.at || scan.depth != whole.depth)
			fail_msg("seed %llu, split at %zu: status %d at %zu, not %d at %zu", (unsigned long long) seed,
					 split, status, scan.at, expected, whole.at);
	}
}

static void
test_every_split_of_random_scans(void **state)
{
	(void) state;
	for_each_seed(20000, check_random_scan);
}

static void
check_epoch(const char *text, bool good, bool known, int64_t microseconds_since_1970)
{
	Instant		instant;
	Defect		problem;

	if (timestamp_parse_epoch((Slice){text, strlen(text)}, "x", &instant, &problem) != good)
		fail_msg("%s", text);
	if (good && (instant.known != known ||
				 (known && instant.microseconds + INT64_C(946684800000000) != microseconds_since_1970)))
		fail_msg("%s: %lld", text, (long long) instant.microseconds);
}

static void
test_epochs(void **state)
{
	(void) state;
	check_epoch("1", true, true, 1000000);
	check_epoch("1767603600", true, true, INT64_C(1767603600000000));
	check_epoch("1767603600.25", true, true, INT64_C(1767603600250000));
	check_epoch("99999999999", true, true, INT64_C(99999999999000000));
	check_epoch("100000000000", true, true, INT64_C(100000000000000));
	check_epoch("1767603600123", true, true, INT64_C(1767603600123000));
	check_epoch("99999999999999", true, true, INT64_C(99999999999999000));
	check_epoch("0", true, false, 0);
	check_epoch("0.0", true, false, 0);
	check_epoch("100000000000000", false, false, 0);
	check_epoch("99999999999999999999", false, false, 0);
	check_epoch("-1", false, false, 0);
	check_epoch("1e9", false, false, 0);
	check_epoch("1.", false, false, 0);
	check_epoch(".5", false, false, 0);
	check_epoch("", false, false, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_altered_exports),
		cmocka_unit_test(test_prefixes_of_exports),
		cmocka_unit_test(test_compressed_exports),
		cmocka_unit_test(test_archives),
		cmocka_unit_test(test_every_split_of_random_scans),
		cmocka_unit_test(test_epochs),
	};
	int			failed;

	reader_begin(&reader);
	failed = cmocka_run_group_tests_name("reading", tests, NULL, NULL);
	reader_free(&reader);
	return failed;
}
