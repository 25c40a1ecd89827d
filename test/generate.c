/*
 * generate.c
 *	  Writes a made-up export in the canonical CSV: a payments start-up's support inbox over some days.
 *
 * The one idea: rows come out in the order of their start, each made by itself, so that any size needs neither a sort
 * nor memory. The hours of the period are laid end to end, each as wide as it is busy:
 *
 *		 03h 04h     08h          09h             10h          22h
 *		|---|---|-----------|---------------|----------------|----|  ...
 *		^         ^         ^         ^         ^         ^         ^
 *		  row 0     row 1     row 2     row 3     row 4     row 5		N equal slices, a row somewhere in each
 *
 * Row i takes a random place in slice i of N; the hour found there, and how far into it, is its start. A busy hour is
 * wide and so gets many rows.
 *
 * Choices are made with integers, so they are the same on every machine. Only durations and message counts go through
 * libm, and both are cut to whole numbers: a last bit that differs between two libraries would show in about one row
 * of 10^11.
 */
#define _GNU_SOURCE				/* stpcpy, strptime, timegm, error */
#include <errno.h>
#include <error.h>
#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* These keep rows * (width of the period) within 64 bits: 10^8 * 3660 * 24 * 3600 * 20 * 12 < 2^63. */
#define MAX_ROWS 100000000
#define MAX_DAYS 3660
#define MAX_WEIGHT 20			/* of an hour */
#define MAX_LUCK 12				/* of a day */

#define DAY_SECONDS 86400
#define MAX_OPEN_DAYS 60
#define MEDIAN_SECONDS 10800
#define SIGMA 1.5				/* of log(duration): the p95 is about 12 times the median */

#define ASSIGNEES 40
#define TAGS 16

/* From the busiest to the quietest: the n-th has 1/n of the first one's load. */
static const char *const assignees[ASSIGNEES] = {
	"maya.lindqvist", "tomas.okafor", "priya.raman", "jonas.weber", "aisha.diallo", "lucia.ferrari", "daniel.kim",
	"sofia.novak", "omar.haddad", "emma.johansson", "ravi.menon", "chloe.martin", "pavel.dvorak", "nina.petrova",
	"kwame.mensah", "hanna.virtanen", "diego.morales", "yuki.tanaka", "leila.rahimi", "marek.kowalski", "ines.silva",
	"ben.carter", "zofia.wolska", "amir.shah", "freya.nielsen", "luca.romano", "grace.obi", "anton.berg", "mei.chen",
	"julia.schmidt", "samuel.adeyemi", "clara.dubois", "viktor.horvat", "noor.aziz", "peter.oneill", "alma.reyes",
	"stefan.ionescu", "dana.levy", "theo.papadakis", "ruth.gray",
};

/* As written in a cell, where ';' separates tags and a comma calls for quotes. */
static const char *const tags[TAGS] = {
	"refund", "payout-delay", "card-declined", "kyc", "login", "chargeback", "invoice", "fees",
	"api-error", "card, lost", "sepa transfer", "limits", "3ds\\; step-up", "fraud-alert", "feedback",
	"account-closure",
};
static const int tag_weights[TAGS] = {200, 150, 130, 110, 90, 80, 60, 50, 40, 35, 30, 25, 20, 18, 12, 10};

/* How long what is tagged so first takes, in percent: a chargeback waits for the bank, a login does not. */
static const int tag_pace[TAGS] = {100, 140, 70, 160, 55, 260, 110, 80, 130, 60, 120, 90, 110, 150, 100, 130};

/* How busy each hour (UTC) of a working day is; one at the weekend has a quarter of it, but never nothing. */
static const int hour_weights[24] = {
	2, 1, 1, 1, 1, 2, 4, 9, 15, 19, MAX_WEIGHT, 19, 16, 17, 19, 18, 16, 13, 9, 7, 6, 5, 4, 3,
};

static uint64_t random_state;

/* ---- Random numbers ---- */

/* splitmix64, Sebastiano Vigna, 2015, public domain: https://prng.di.unimi.it/splitmix64.c */
static uint64_t
random_bits(void)
{
	uint64_t	z = (random_state += 0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

/* 0 .. limit - 1. The high half of a product: a bias below limit / 2^64 is of no matter here. */
static uint64_t
random_below(uint64_t limit)
{
	return (uint64_t) (((unsigned __int128) random_bits() * limit) >> 64);
}

/* [0, 1): always below a share of 1, never below a share of 0. */
static double
random_unit(void)
{
	return (double) (random_bits() >> 11) * 0x1p-53;
}

/* Two independent normal values: Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958. */
static void
random_normals(double *first, double *second)
{
	double		radius = sqrt(-2 * log(1 - random_unit()));	/* never the logarithm of 0 */
	double		angle = 2 * 3.14159265358979323846 * random_unit();

	*first = radius * cos(angle);
	*second = radius * sin(angle);
}

/* An index of "weights", each as likely as its weight. */
static int
random_choice(const int *weights, int count)
{
	int			total = 0;
	int			left;
	int			chosen = 0;

	for (int i = 0; i < count; i++)
		total += weights[i];
	left = (int) random_below((uint64_t) total);
	while (left >= weights[chosen])
		left -= weights[chosen++];
	return chosen;
}

/* ---- Fields: each is written at "out" and returns its end; printf would take most of the time ---- */

static char *
put_number(char *out, uint64_t number)
{
	char		digits[21];
	char	   *first = digits + 20;

	*first = '\0';
	do
		*--first = (char) ('0' + number % 10);
	while ((number /= 10) > 0);
	return stpcpy(out, first);
}

/* "seconds" count from the first midnight of the period, which is dates[0]. */
static char *
put_time(char *out, char (*dates)[11], uint32_t seconds)
{
	uint32_t	parts[3] = {seconds / 3600 % 24, seconds / 60 % 60, seconds % 60};

	out = stpcpy(out, dates[seconds / DAY_SECONDS]);
	for (int i = 0; i < 3; i++)
	{
		*out++ = "T::"[i];
		*out++ = (char) ('0' + parts[i] / 10);
		*out++ = (char) ('0' + parts[i] % 10);
	}
	*out++ = 'Z';
	return out;
}

/* 0 to 3 distinct tags; *first becomes the first one's index, -1 without any. */
static char *
put_random_tags(char *out, int *first)
{
	int			count = random_choice((const int[]) {15, 50, 25, 10}, 4);
	uint32_t	seen = 0;			/* a bit a tag */
	char		cell[128] = "";
	char	   *end = cell;
	const char *quote;

	*first = -1;
	while (count > 0)
	{
		int			tag = random_choice(tag_weights, TAGS);

		if (seen & (1u << tag))
			continue;
		end = stpcpy(stpcpy(end, seen ? ";" : ""), tags[tag]);
		if (!seen)
			*first = tag;
		seen |= 1u << tag;
		count--;
	}
	quote = strchr(cell, ',') ? "\"" : "";
	return stpcpy(stpcpy(stpcpy(out, quote), cell), quote);
}

/* ---- The export ---- */

static void
write_export(uint64_t rows, time_t from, int days, double closed_share, uint64_t id)
{
	static char buffer[1 << 20];
	static char dates[MAX_DAYS + MAX_OPEN_DAYS + 1][11];	/* all that can be printed: formatting them is slow */
	static uint64_t widths[MAX_DAYS * 24];
	uint64_t	period_width = 0;
	uint64_t	hour_begin = 0;
	uint32_t	hour = 0;
	uint64_t	users = rows / 2 < 90000 ? rows / 2 + 1 : 90000;
	int			loads[ASSIGNEES];

	for (int i = 0; i < ASSIGNEES; i++)
		loads[i] = 100000 / (i + 1);
	for (int day = 0; day <= days + MAX_OPEN_DAYS; day++)
	{
		time_t		midnight = from + (time_t) day * DAY_SECONDS;
		struct tm	date;
		uint64_t	luck = MAX_LUCK - random_below(5);	/* no two weeks are alike */

		gmtime_r(&midnight, &date);
		strftime(dates[day], sizeof(dates[day]), "%Y-%m-%d", &date);
		for (int h = 0; h < 24 && day < days; h++)
		{
			bool		weekend = date.tm_wday == 0 || date.tm_wday == 6;
			int			weight = weekend ? (hour_weights[h] + 3) / 4 : hour_weights[h];

			widths[day * 24 + h] = (uint64_t) weight * luck * 3600;
			period_width += widths[day * 24 + h];
		}
	}

	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	fputs("conversation_id,user_id,started_at,resolved_at,state,assignee_email,tags,message_count,reopen_count\n",
		  stdout);
	for (uint64_t row = 0; row < rows && !ferror(stdout); row++)
	{
		uint64_t	slice = row * period_width / rows;
		uint64_t	place = slice + random_below((row + 1) * period_width / rows - slice);
		bool		closed = random_unit() < closed_share;
		bool		open = !closed && random_below(3) < 2;	/* else snoozed */
		bool		assigned = random_below(100) >= (closed ? 2 : 12);	/* about 4 % have nobody */
		int			assignee = assigned ? random_choice(loads, ASSIGNEES) : -1;
		int			reopens = random_choice(open ? (const int[]) {75, 20, 4, 1} : (const int[]) {91, 7, 1, 1}, 4);
		int			tag;
		double		slowness;
		double		chattiness;
		double		seconds = MEDIAN_SECONDS;
		double		messages;
		uint32_t	started;
		char		tag_cell[128];
		char		line[512];
		char	   *out = line;

		while (place - hour_begin >= widths[hour])
			hour_begin += widths[hour++];
		started = hour * 3600 + (uint32_t) ((place - hour_begin) * 3600 / widths[hour]);
		put_random_tags(tag_cell, &tag);

		/* Around 1: some subjects take longer, and some people, whatever their load. What takes long takes words. */
		random_normals(&slowness, &chattiness);
		seconds *= tag < 0 ? 1 : tag_pace[tag] / 100.0;
		seconds *= assignee < 0 ? 1 : (65 + assignee * 37 % 81) / 100.0;
		seconds = fmin(floor(seconds * exp(SIGMA * slowness)), MAX_OPEN_DAYS * DAY_SECONDS);
		messages = fmin(1 + floor(exp(1.1 + 0.45 * slowness + 0.4 * chattiness)), 40);

		out = put_number(out, id);
		/* Some customers write often. 7919 and 90000 share no factor: other users have other numbers. */
		out = stpcpy(out, ",cust-");
		out = put_number(out, 10000 + random_below(random_below(users) + 1) * 7919 % 90000);
		out = stpcpy(out, ",");
		out = put_time(out, dates, started);
		out = stpcpy(out, ",");
		if (closed)					/* what is open has no resolution, even if it had one before a reopen */
			out = put_time(out, dates, started + (uint32_t) seconds);
		out = stpcpy(out, closed ? ",closed," : open ? ",open," : ",snoozed,");
		if (assigned)
			out = stpcpy(stpcpy(out, assignees[assignee]), "@payfern.example");
		out = stpcpy(stpcpy(stpcpy(out, ","), tag_cell), ",");
		out = stpcpy(put_number(out, (uint64_t) messages), ",");
		out = stpcpy(put_number(out, (uint64_t) reopens), "\n");
		fwrite(line, 1, (size_t) (out - line), stdout);

		id += 1 + random_below(60);		/* other things are numbered too */
	}
	if (fflush(stdout) != 0 || ferror(stdout))
		error(EXIT_FAILURE, errno, "could not write to standard output");
}

/* ---- The command line ---- */

static uint64_t
parse_whole(const char *option, const char *text, uint64_t lowest, uint64_t highest)
{
	uint64_t	value;

	errno = 0;
	value = strtoull(text, NULL, 10);
	/* strtoull() alone would also take "", " 1", "-1" and "1x". */
	if (*text == '\0' || text[strspn(text, "0123456789")] != '\0' || errno != 0 || value < lowest || value > highest)
		error(EXIT_FAILURE, 0, "%s takes a whole number from %" PRIu64 " to %" PRIu64 ", not \"%s\"",
			  option, lowest, highest, text);
	return value;
}

static double
parse_share(const char *option, const char *text)
{
	char	   *end;
	double		value = strtod(text, &end);

	if (end == text || text[strspn(text, "0123456789.")] != '\0' || *end != '\0' || value > 1)
		error(EXIT_FAILURE, 0, "%s takes a share from 0 to 1, such as 0.82, not \"%s\"", option, text);
	return value;
}

/* A date that exists comes back from the calendar as it went in. Later years would not fit pandas' nanoseconds. */
static time_t
parse_date(const char *option, const char *text)
{
	struct tm	date = {0};
	const char *end = strptime(text, "%Y-%m-%d", &date);
	time_t		midnight = timegm(&date);
	char		back[32];

	strftime(back, sizeof(back), "%Y-%m-%d", &date);
	if (end == NULL || strcmp(text, back) != 0 || date.tm_year < 70 || date.tm_year > 300)
		error(EXIT_FAILURE, 0, "%s takes a date from 1970-01-01 to 2200-12-31, not \"%s\"", option, text);
	return midnight;
}

static const char usage[] =
"generate [OPTION]...: a made-up export of support conversations, as CSV on standard output\n"
"  --rows=N           how many conversations (1000)\n"
"  --seed=N           the same seed and options give the same bytes (35)\n"
"  --from=YYYY-MM-DD  the first day, UTC, on which one starts (2025-05-01)\n"
"  --days=N           over how many days they start (31)\n"
"  --closed=SHARE     how many are closed, 0 to 1 (0.82)\n"
"  --start-id=N       the first one's conversation_id (215470000000001)\n"
"  --help             this text\n";

int
main(int argc, char **argv)
{
	static const struct option options[] = {
		{"rows", required_argument, NULL, 'r'}, {"seed", required_argument, NULL, 's'},
		{"from", required_argument, NULL, 'f'}, {"days", required_argument, NULL, 'd'},
		{"closed", required_argument, NULL, 'c'}, {"start-id", required_argument, NULL, 'i'},
		{"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0},
	};
	uint64_t	rows = 1000;
	uint64_t	seed = 35;			/* of test/data/may-2025.csv */
	time_t		from = parse_date("--from", "2025-05-01");
	int			days = 31;
	double		closed_share = 0.82;
	uint64_t	start_id = 215470000000001;
	int			option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (option == 'r')
			rows = parse_whole("--rows", optarg, 0, MAX_ROWS);
		else if (option == 's')
			seed = parse_whole("--seed", optarg, 0, UINT64_MAX);
		else if (option == 'f')
			from = parse_date("--from", optarg);
		else if (option == 'd')
			days = (int) parse_whole("--days", optarg, 1, MAX_DAYS);
		else if (option == 'c')
			closed_share = parse_share("--closed", optarg);
		else if (option == 'i')
			start_id = parse_whole("--start-id", optarg, 1, 999999999999999);
		else if (option == 'h')
			return fputs(usage, stdout) == EOF || fflush(stdout) != 0;
		else
			error(EXIT_FAILURE, 0, "see --help");	/* getopt_long() has said what is wrong */
	if (optind < argc)
		error(EXIT_FAILURE, 0, "\"%s\" is not an option; see --help", argv[optind]);

	random_state = seed;
	write_export(rows, from, days, closed_share, start_id);
	return EXIT_SUCCESS;
}
