/*
 * option_error.c: what is wrong with an option. See option_error.h.
 *
 * getopt_long() returns one code for three mistakes in a name. The list of the options distinguishes them:
 * one option begins so, and takes no value; several begin so; or none does.
 */
#include "option_error.h"

#include <limits.h>
#include <string.h>

#include "terminal/message.h"

/* No option has a longer name. */
#define LONGEST 32

/* A name with more changes than this is another word. */
#define MOST_CHANGES 2

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* The least number of letters to insert, drop, replace or swap with the next one that turns a into b. */
static int changes_between(const char *a, int a_length, const char *b, int b_length)
{
    int changes[LONGEST + 1][LONGEST + 1];

    for (int i = 0; i <= a_length; i++)
        for (int j = 0; j <= b_length; j++) {
            if (i == 0 || j == 0) {
                changes[i][j] = i + j;
                continue;
            }
            changes[i][j] = least(changes[i - 1][j - 1] + (a[i - 1] != b[j - 1]),
                                  least(changes[i - 1][j], changes[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                changes[i][j] = least(changes[i][j], changes[i - 2][j - 2] + 1);
        }
    return changes[a_length][b_length];
}

static const char *nearest(const char *name, size_t length, const struct option *known)
{
    const char *found = NULL;
    int fewest = MOST_CHANGES + 1;

    for (; length <= LONGEST && known->name != NULL; known++) {
        int changes = changes_between(name, (int)length, known->name, (int)strlen(known->name));

        if (changes < fewest) {
            fewest = changes;
            found = known->name;
        }
    }
    return found;
}

static bool report_bad_name(const char *argument, const struct option *known)
{
    const char *name = argument + strspn(argument, "-"), *meant = NULL;
    size_t length = strcspn(name, "=");
    int beginning_so = 0;

    for (const struct option *option = known; option->name != NULL; option++)
        beginning_so += strncmp(option->name, name, length) == 0;
    if (beginning_so == 1) {
        failure(EXIT_USAGE, "the option --%.*s takes no value", (int)length, name);
    } else if (beginning_so > 1) {
        failure(EXIT_USAGE, "the option --%.*s is ambiguous: %d options begin so", (int)length, name,
                beginning_so);
    } else {
        failure(EXIT_USAGE, "there is no option --%.*s", (int)length, name);
        meant = nearest(name, length, known);
    }
    if (meant != NULL)
        hint("The nearest is --%s; ttr-load --help lists all options.", meant);
    else
        hint("ttr-load --help lists the options.");
    return false;
}

bool report_bad_option(int code, const char *argument, const struct option *known)
{
    if (code == ':')
        failure(EXIT_USAGE, "the option %s needs a value", argument);
    else if (optopt > 0 && optopt <= UCHAR_MAX)
        failure(EXIT_USAGE, "there is no option -%c", optopt);
    else
        return report_bad_name(argument, known);
    hint("ttr-load --help lists the options.");
    return false;
}
