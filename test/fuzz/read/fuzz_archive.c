/*
 * fuzz_archive.c
 *	  Archives and compressed files: tar, gzip, zstd, and text in any encoding.
 *
 * No random change would match the checksum of a header, so that nothing behind it would
 * be reached.  So an input that starts with 'T' is mended first: the checksum of each header
 * becomes the right one.
 */
#include "reading.h"
#include "read/source/tar_header.h"

#define CHECKSUM_AT		148
#define CHECKSUM_SIZE	8

static void
mend_checksum(uint8_t *block)
{
	unsigned	sum = 0;

	memset(block + CHECKSUM_AT, ' ', CHECKSUM_SIZE);
	for (int i = 0; i < TAR_BLOCK; i++)
		sum += block[i];
	snprintf((char *) block + CHECKSUM_AT, CHECKSUM_SIZE, "%06o", sum);
}

/* A copy in which each block that could be a header is one, up to the block of zeros at the end. */
static void
mend_headers(uint8_t *bytes, size_t size)
{
	static const uint8_t zeros[TAR_BLOCK];
	TarHeader	header;

	for (size_t at = 0; at + TAR_BLOCK <= size; at += TAR_BLOCK)
	{
		if (memcmp(bytes + at, zeros, TAR_BLOCK) == 0)
			break;
		mend_checksum(bytes + at);
		if (!tar_read_header((char *) bytes + at, &header) || header.size > (int64_t) size)
			break;
		at += (header.size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	uint8_t    *archive;

	if (size == 0 || bytes[0] != 'T')
	{
		require_same_records(bytes, size, NULL, NULL);
		return 0;
	}
	archive = malloc(size - 1);
	memcpy(archive, bytes + 1, size - 1);
	mend_headers(archive, size - 1);
	require_same_records(archive, size - 1, NULL, NULL);
	free(archive);
	return 0;
}
