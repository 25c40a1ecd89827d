/*
 * date_format.c: days in the notation of a country. See date_format.h.
 */
#include "read/text/date_format.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* How often the first letter is repeated, in any case. */
static size_t count_letter(const char *pattern)
{
    size_t count = 1;

    while (toupper((unsigned char)pattern[count]) == toupper((unsigned char)pattern[0]))
        count++;
    return count;
}

bool date_format_read(const char *pattern, DateFormat *format)
{
    const char *at = pattern;

    *format = (DateFormat){.pattern = pattern};
    for (int i = 0; i < 3; i++) {
        size_t count = *at != '\0' ? count_letter(at) : 0;
        char letter = (char)toupper((unsigned char)*at);

        format->order[i] = letter;
        if (!(letter == 'Y' ? count == 4 : (letter == 'D' || letter == 'M') && count <= 2))
            return false;
        at += count;
        if (i == 0)
            format->separator = *at;
        if (i < 2 && (*at == '\0' || strchr("/.-", *at) == NULL || *at++ != format->separator))
            return false;
    }
    /* With the year first the month is second everywhere, as in ISO 8601. */
    return *at == '\0' && (memcmp(format->order, "DMY", 3) == 0 || memcmp(format->order, "MDY", 3) == 0 ||
                           memcmp(format->order, "YMD", 3) == 0);
}

static bool take_digits(Slice *text, size_t least, size_t most, int *number)
{
    size_t digits = 0;

    *number = 0;
    while (digits < most && digits < text->length && text->bytes[digits] >= '0' && text->bytes[digits] <= '9')
        *number = *number * 10 + (text->bytes[digits++] - '0');
    text->bytes += digits;
    text->length -= digits;
    return digits >= least;
}

bool date_format_take(const DateFormat *format, Slice *text, int *year, int *month, int *day)
{
    for (int i = 0; i < 3; i++) {
        char letter = format->order[i];
        int *number = letter == 'Y' ? year : letter == 'M' ? month : day;

        if (!(letter == 'Y' ? take_digits(text, 4, 4, number) : take_digits(text, 1, 2, number)))
            return false;
        if (i == 2)
            break;
        if (text->length == 0 || text->bytes[0] != format->separator)
            return false;
        text->bytes++;
        text->length--;
    }
    return true;
}

static bool fits(const char *pattern, Slice text)
{
    DateFormat format;
    int year, month, day;

    return date_format_read(pattern, &format) && date_format_take(&format, &text, &year, &month, &day) &&
           month >= 1 && month <= 12 && day >= 1 && day <= 31 &&
           (text.length == 0 || text.bytes[0] == ' ' || text.bytes[0] == 'T');
}

void date_format_suggest(Slice text, char list[DATE_FORMATS_SIZE])
{
    static const char *const patterns[] = {"MM/DD/YYYY", "DD/MM/YYYY", "YYYY/MM/DD",
                                           "DD.MM.YYYY", "MM.DD.YYYY", "YYYY.MM.DD",
                                           "DD-MM-YYYY", "MM-DD-YYYY", "YYYY-MM-DD"};

    *list = '\0';
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
        size_t length = strlen(list);

        if (fits(patterns[i], text))
            snprintf(list + length, DATE_FORMATS_SIZE - length, "%s%s", length > 0 ? " or " : "",
                     patterns[i]);
    }
}
