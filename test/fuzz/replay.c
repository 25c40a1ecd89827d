/*
 * replay.c
 *	  Calls a fuzz target with every input that was kept of it.
 *
 *	  build/fuzz/replay_csv [FILE]...      all files of test/fuzz/corpus/csv by default
 *
 * Prints TAP.  An input that fails ends the program; its name is the last line.
 */
#include "fuzz.h"

#include <glob.h>
#include <libgen.h>
#include <signal.h>

#include <sanitizer/common_interface_defs.h>

static const char *current = "none";

static void
name_input(void)
{
	fprintf(stderr, "input: %s\n", current);
}

static void
on_abort(int number)
{
	(void) number;
	name_input();
}

static void
replay(const char *path)
{
	FILE	   *file = fopen(path, "r");
	long		size;
	uint8_t    *bytes;

	current = path;
	require(file != NULL);
	fseek(file, 0, SEEK_END);
	size = ftell(file);
	rewind(file);
	/* Of exactly their size, as libFuzzer has them. */
	bytes = malloc(size);
	require(fread(bytes, 1, size, file) == (size_t) size);
	fclose(file);
	LLVMFuzzerTestOneInput(bytes, size);
	free(bytes);
}

int
main(int argc, char **argv)
{
	const char *target = basename(argv[0]) + strlen("replay_");
	char		pattern[4096];
	glob_t		corpus;

	__sanitizer_set_death_callback(name_input);
	signal(SIGABRT, on_abort);
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	if (argc > 1)
		return 0;

	snprintf(pattern, sizeof(pattern), "test/fuzz/corpus/%s/*", target);
	puts("1..1");
	if (glob(pattern, 0, NULL, &corpus) != 0)
	{
		printf("not ok 1 - %s: there are no inputs\n", target);
		return 1;
	}
	for (size_t i = 0; i < corpus.gl_pathc; i++)
		replay(corpus.gl_pathv[i]);
	printf("ok 1 - %s: %zu inputs\n", target, corpus.gl_pathc);
	globfree(&corpus);
	return 0;
}
