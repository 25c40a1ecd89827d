/*
 * test_survival.c
 *	  The share that has not ended is the product of its definition, for random ages of all
 *	  shapes; and without running ones the quotient of two counts, to the bit.
 */
#include "unit.h"
#include "multiset.h"

#include "kernel/distribution/survival.h"

/* Two distributions, and a walk over both. */
typedef struct Sample
{
	Multiset	ended;
	Multiset	running;
	Bytes		ended_bytes;
	Bytes		running_bytes;
	DistributionReader ended_reader;
	DistributionReader running_reader;
	Held		held;
	Host		host;
} Sample;

static void
sample_open(Sample *sample, Multiset ended, Multiset running)
{
	sample->ended = ended;
	sample->running = running;
	sample->ended_bytes = write_runs(ended.runs, ended.count);
	sample->running_bytes = write_runs(running.runs, running.count);
	sample->host = counting_host(&sample->held);
}

static void
sample_close(Sample *sample)
{
	free(sample->ended_bytes.bytes);
	free(sample->running_bytes.bytes);
	free(sample->ended.runs);
	free(sample->running.runs);
}

static Survival
walk(Sample *sample)
{
	sample->ended_reader = open_reader(sample->ended_bytes);
	sample->running_reader = open_reader(sample->running_bytes);
	return survival_start(&sample->ended_reader, &sample->running_reader, &sample->host);
}

/* Every third time nothing is running; half of the other times some ages are on both sides. */
static void
random_sample(Sample *sample, uint64_t seed)
{
	uint64_t	random = seed;
	Multiset	ended = random_multiset(&random);
	Multiset	running = random_multiset(&random);

	if (seed % 3 == 0)
		running.count = running.values = 0;
	for (size_t i = 0; seed % 2 && i < running.count && i < ended.count; i += 2)
		running.runs[i].value = ended.runs[i].value;
	fold(&running);
	sample_open(sample, ended, running);
}

/* ----------------------------------------------------------------------
 * The definition
 * ----------------------------------------------------------------------
 */

static uint64_t
at_least_as_old(const Multiset *set, uint64_t age)
{
	uint64_t	count = 0;

	for (size_t i = 0; i < set->count; i++)
		if (set->runs[i].value >= age)
			count += set->runs[i].count;
	return count;
}

/* Of those at risk at the i-th step, counted anew. */
static uint64_t
at_risk(const Sample *sample, size_t i)
{
	uint64_t	age = sample->ended.runs[i].value;

	return at_least_as_old(&sample->ended, age) + at_least_as_old(&sample->running, age);
}

static bool
is_close(double found, long double expected, long double error)
{
	return fabsl(found - expected) <= error * fabsl(expected);
}

static void
check_steps(uint64_t seed)
{
	Sample		sample;
	Survival	survival;
	long double left = 1;
	long double variance = 0;
	size_t		steps = 0;

	random_sample(&sample, seed);
	for (survival = walk(&sample); survival_next(&survival); steps++)
	{
		ValueCount	run = sample.ended.runs[steps];

		if (steps % 16 == 0 && survival.at_risk != at_risk(&sample, steps))
			fail_msg("seed %llu: others are at risk at step %zu", (unsigned long long) seed, steps);
		left *= (long double) (survival.at_risk - run.count) / survival.at_risk;
		if (survival.age != run.value || survival.endings != run.count ||
			!is_close(survival_share_left(&survival), left, 1e-15L) ||
			fabsl(survival_share_ended(&survival) - (1 - left)) > 1e-15L)
			fail_msg("seed %llu: at step %zu %a are left, not %La", (unsigned long long) seed, steps,
					 survival_share_left(&survival), left, 1e-15L);
		if (survival.left == 0)
			continue;
		variance += (long double) run.count / survival.at_risk / (survival.at_risk - run.count);
		if (!is_close(survival_variance(&survival), variance, 1e-12L))
			fail_msg("seed %llu: at step %zu the variance is %a, not %La", (unsigned long long) seed, steps,
					 survival_variance(&survival), variance);
	}
	assert_int_equal(steps, sample.ended.count);
	sample_close(&sample);
}

static void
test_steps_are_those_of_the_definition(void **state)
{
	(void) state;
	for_each_seed(300, check_steps);
}

/* The last step up to an age says what is left, and the last one seen whether that is known. */
static void
check_ages(uint64_t seed)
{
	uint64_t	random = seed;
	Sample		sample;

	random_sample(&sample, seed);
	for (int i = 0; i < 20; i++)
	{
		const Multiset *side = i % 2 ? &sample.ended : &sample.running;
		uint64_t	age = side->count == 0 ? next_random(&random) :
			side->runs[next_random(&random) % side->count].value + next_random(&random) % 3 - 1;
		Survival	steps = walk(&sample);
		double		expected = 1;
		double		share;
		bool		is_known;
		bool		should_be;

		for (size_t k = 0; k < sample.ended.count && sample.ended.runs[k].value <= age; k++)
		{
			survival_next(&steps);
			expected = survival_share_left(&steps);
		}
		should_be = expected == 0 || at_least_as_old(&sample.ended, age) > 0 || at_least_as_old(&sample.running, age) > 0;
		steps = walk(&sample);
		is_known = survival_at(&steps, age, &share);
		if (is_known != should_be || (is_known && share != expected))
			fail_msg("seed %llu: at the age of key %llx %a are left, not %a", (unsigned long long) seed,
					 (unsigned long long) age, share, expected);
	}
	sample_close(&sample);
}

static void
test_any_age_has_the_share_of_the_step_before(void **state)
{
	(void) state;
	for_each_seed(150, check_ages);
}

/* ----------------------------------------------------------------------
 * Exactness
 * ----------------------------------------------------------------------
 */

static void
check_shares(uint64_t seed)
{
	uint64_t	random = seed;
	Sample		sample;
	Survival	survival;
	uint64_t	ended = 0;

	sample_open(&sample, random_multiset(&random), (Multiset) {malloc(sizeof(ValueCount)), 0, 0});
	for (survival = walk(&sample); survival_next(&survival);)
	{
		double		all = sample.ended.values;

		/* Counts up to 2^53 are doubles, and their quotient is rounded once. */
		ended += survival.endings;
		if (sample.ended.values >> 53 == 0 &&
			(survival_share_ended(&survival) != ended / all || survival_share_left(&survival) != (all - ended) / all))
			fail_msg("seed %llu: %llu of %llu are no plain share", (unsigned long long) seed, (unsigned long long) ended,
					 (unsigned long long) sample.ended.values);
	}
	sample_close(&sample);
}

static void
test_without_running_ones_shares_are_quotients_of_counts(void **state)
{
	(void) state;
	for_each_seed(300, check_shares);
}

static Multiset
pairs(size_t count, const uint64_t (*runs)[2])
{
	Multiset	set = {malloc((count + 1) * sizeof(ValueCount)), count, 0};

	for (size_t i = 0; i < count; i++)
	{
		set.runs[i] = (ValueCount) {key_of_double(runs[i][0]), runs[i][1]};
		set.values += runs[i][1];
	}
	return set;
}

/* 14/16 * 8/10 * 5/7 is a half, and 0.5000000000000001 as a product of doubles. */
static void
test_a_half_is_reached_whatever_the_product_rounds_to(void **state)
{
	const uint64_t ended[][2] = {{1, 2}, {3, 2}, {5, 2}};
	const uint64_t running[][2] = {{2, 4}, {4, 1}, {6, 5}};
	Sample		sample;
	Survival	survival;

	(void) state;
	sample_open(&sample, pairs(3, ended), pairs(3, running));
	survival = walk(&sample);
	assert_true(survival_reach(&survival, 0.5));
	assert_true(double_of_key(survival.age) == 5 && survival_share_left(&survival) == 0.5);
	survival = walk(&sample);
	assert_false(survival_reach(&survival, 0.5 + DBL_EPSILON));
	sample_close(&sample);
}

/* A million stretches of 1/2 in all: n / (n + 1) after each one that is running, from 2 million down to 1 million. */
static void
test_a_million_stretches_lose_nothing(void **state)
{
	const size_t stretches = 1000000;
	WideDouble	left = {1, 0};
	WideDouble	ended = {0, 0};

	(void) state;
	for (uint64_t n = 2 * stretches; n > stretches; n--)
	{
		WideDouble	share = wide_divide(wide_of_count(1), wide_of_count(n));

		ended = wide_add(ended, wide_multiply(left, share));
		left = wide_multiply(left, wide_divide(wide_of_count(n - 1), wide_of_count(n)));
	}
	assert_true(left.high == 0.5 && fabs(left.low) < 1e-24);
	assert_true(ended.high == 0.5 && fabs(ended.low) < 1e-24);
}

/* Bytes that are damaged end the walk, and the readers say so. */
static void
test_damage_ends_the_walk(void **state)
{
	const uint64_t ended[][2] = {{1, 2}, {3, 2}, {500, 2}};
	Sample		sample;
	Survival	survival;

	(void) state;
	sample_open(&sample, pairs(3, ended), pairs(3, ended));
	sample.ended_bytes.size -= 2;
	survival = walk(&sample);
	while (survival_next(&survival))
		;
	assert_non_null(sample.ended_reader.damage);
	sample_close(&sample);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps_are_those_of_the_definition),
		cmocka_unit_test(test_any_age_has_the_share_of_the_step_before),
		cmocka_unit_test(test_without_running_ones_shares_are_quotients_of_counts),
		cmocka_unit_test(test_a_half_is_reached_whatever_the_product_rounds_to),
		cmocka_unit_test(test_a_million_stretches_lose_nothing),
		cmocka_unit_test(test_damage_ends_the_walk),
	};

	return cmocka_run_group_tests_name("survival", tests, NULL, NULL);
}
