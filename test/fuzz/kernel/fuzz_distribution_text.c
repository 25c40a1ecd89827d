/*
 * fuzz_distribution_text.c
 *	  A distribution as people write it: what is read of it has bytes that pass, and as many
 *	  values.
 */
#include "kernel.h"
#include "kernel/distribution/format.h"
#include "kernel/distribution/text.h"

static void
require_same_values(const CountTable *table, const Host *host)
{
	DistributionWriter writer;
	DistributionReader reader;
	size_t		size;
	uint8_t    *bytes;

	distribution_writer_init(&writer, host);
	distribution_gather(&writer, table, NULL, NULL, 0);
	size = distribution_writer_size(&writer);
	require(!writer.overflow);
	bytes = malloc(size);
	distribution_writer_finish(&writer, bytes);
	require(distribution_defect(bytes, size, host) == NULL);
	require(distribution_reader_open(&reader, bytes, size));
	require(distribution_reader_count(&reader) == table->total);
	free(bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char	   *text = malloc(size + 1);
	size_t		pieces;
	Host		host = fuzz_host(&pieces);
	CountTable	table;
	const char *at = NULL;

	memcpy(text, bytes, size);
	text[size] = '\0';
	count_table_init(&table);
	if (distribution_parse(text, &table, &host, &at) == TEXT_IS_GOOD)
		require_same_values(&table, &host);
	else
		require(at >= text && at <= text + strlen(text));
	count_table_clear(&table, &host);
	require(pieces == 0);
	free(text);
	return 0;
}
