/*
 * value.c
 *	  Distributions as values of SQL: stored ones, which are bytes, and merged ones,
 *	  which become bytes when they are read.
 *
 * Merging a year of days by adding day after day would write each sum only to read it
 * again.  So the state of merge() is an expanded object, which PostgreSQL passes from
 * row to row as a pointer:
 *
 *	  day 1  ----+
 *	  day 2  ----+-->  each value with its count   ----->  bytes, once they are read
 *	  day 3  ----+     (dense_counts.c, count_table.c)     and until more is added
 *
 * The bytes are kept, because several functions may read them: SELECT quantile(merge(d),
 * 0.5), quantile(merge(d), 0.95) merges once, and sorts once.
 */
#include "postgres.h"

#include "utils/expandeddatum.h"
#include "utils/memutils.h"

#include "backend.h"
#include "compat.h"
#include "distribution/value.h"

#define MERGED_MAGIC	0x64697374

struct MergedDistribution
{
	ExpandedObjectHeader header;
	int			magic;
	CountTable	table;
	DenseCounts	numbers;		/* of whole numbers, some of which the count table may have too */
	bytea	   *bytes;			/* NULL until they are read after an addition */
};

/* ----------------------------------------------------------------------
 * Merged
 * ----------------------------------------------------------------------
 */

static bytea *
write_merged(const MergedDistribution *merged)
{
	MemoryContext context = merged->header.eoh_context;
	MemoryContext caller = MemoryContextSwitchTo(context);
	Host		host = backend_host(context);
	DistributionWriter writer;
	Datum		written;

	distribution_writer_init(&writer, &host);
	distribution_gather(&writer, &merged->table, &merged->numbers, NULL, 0);
	written = distribution_written(&writer);
	MemoryContextSwitchTo(caller);
	return DatumGetByteaP(written);
}

static bytea *
bytes_of_merged(MergedDistribution *merged)
{
	if (merged->bytes == NULL)
		merged->bytes = write_merged(merged);
	return merged->bytes;
}

static Size
size_of_merged(ExpandedObjectHeader *header)
{
	return VARSIZE(bytes_of_merged((MergedDistribution *) header));
}

static void
flatten_merged(ExpandedObjectHeader *header, void *result, Size size)
{
	memcpy(result, bytes_of_merged((MergedDistribution *) header), size);
}

static const ExpandedObjectMethods merged_methods = {size_of_merged, flatten_merged};

MergedDistribution *
merged_distribution_create(MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(parent, "merged distribution", ALLOCSET_START_SMALL_SIZES);
	MergedDistribution *merged = MemoryContextAlloc(context, sizeof(MergedDistribution));

	EOH_init_header(&merged->header, &merged_methods, context);
	merged->magic = MERGED_MAGIC;
	count_table_init(&merged->table);
	dense_counts_init(&merged->numbers);
	merged->bytes = NULL;
	return merged;
}

static void
refuse_too_many(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("distribution would have more than %lld values", (long long) MOST_VALUES)));
}

void
merged_distribution_add(MergedDistribution *merged, Datum value)
{
	Host		host = backend_host(merged->header.eoh_context);
	DistributionReader reader = distribution_open(value);

	if (distribution_reader_count(&reader) > MOST_VALUES - merged->table.total - merged->numbers.total)
		refuse_too_many();
	if (merged->bytes != NULL)
		pfree(merged->bytes);
	merged->bytes = NULL;
	distribution_count(&reader, &merged->table, &merged->numbers, &host);
	distribution_check(&reader);
	CHECK_FOR_INTERRUPTS();
}

MergedDistribution *
merged_distribution_of(Datum value)
{
	MergedDistribution *merged;

	if (!VARATT_IS_EXTERNAL_EXPANDED_RW(DatumGetPointer(value)))
		return NULL;
	merged = (MergedDistribution *) DatumGetEOHP(value);
	return merged->magic == MERGED_MAGIC ? merged : NULL;
}

Datum
merged_distribution_value(MergedDistribution *merged)
{
	return EOHPGetRWDatum(&merged->header);
}

/* ----------------------------------------------------------------------
 * Stored
 * ----------------------------------------------------------------------
 */

static void
refuse_damaged(const char *damage)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("distribution is damaged"),
			 errdetail("It %s.", damage)));
}

const uint8_t *
distribution_bytes(Datum value, size_t *size)
{
	bytea	   *bytes;

	if (VARATT_IS_EXTERNAL_EXPANDED(DatumGetPointer(value)))
		bytes = bytes_of_merged((MergedDistribution *) DatumGetEOHP(value));
	else
		bytes = DatumGetByteaPP(value);
	*size = VARSIZE_ANY_EXHDR(bytes);
	return (const uint8_t *) VARDATA_ANY(bytes);
}

DistributionReader
distribution_open(Datum value)
{
	DistributionReader reader;
	size_t		size;
	const uint8_t *bytes = distribution_bytes(value, &size);

	if (!distribution_reader_open(&reader, bytes, size))
		refuse_damaged(reader.damage);
	return reader;
}

void
distribution_check(const DistributionReader *reader)
{
	if (reader->damage != NULL)
		refuse_damaged(reader->damage);
}

Datum
distribution_written(DistributionWriter *writer)
{
	size_t		size = distribution_writer_size(writer);
	bytea	   *bytes;

	if (writer->overflow)
		refuse_too_many();
	if (size > MaxAllocSize - VARHDRSZ)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("distribution would be larger than 1 GB"),
				 errdetail("It has %llu different values.", (unsigned long long) writer->runs),
				 errhint("Round the values, for example to whole seconds: distribution(round(x)).")));

	bytes = palloc(VARHDRSZ + size);
	SET_VARSIZE(bytes, VARHDRSZ + size);
	distribution_writer_finish(writer, (uint8_t *) VARDATA(bytes));
	PG_RETURN_BYTEA_P(bytes);
}
