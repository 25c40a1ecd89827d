/*
 * defect.h: the defect of a record: a stable code for programs, and words for people.
 *
 * A record with a defect is rejected as a whole; the run goes on. The codes are listed in doc/loader.md.
 */
#ifndef TTR_LOADER_READ_TEXT_DEFECT_H
#define TTR_LOADER_READ_TEXT_DEFECT_H

#include <stdbool.h>

typedef enum DefectReason {
    DEFECT_BARE_QUOTE,
    DEFECT_TEXT_AFTER_QUOTE,
    DEFECT_UNTERMINATED_QUOTE,
    DEFECT_RECORD_TOO_LONG,
    DEFECT_BAD_JSON,
    DEFECT_NOT_AN_OBJECT,
    DEFECT_TOO_DEEP,
    DEFECT_DUPLICATE_KEY,
    DEFECT_LONE_SURROGATE,
    DEFECT_NOT_A_CONVERSATION,
    DEFECT_NOT_A_TEAMMATE,
    DEFECT_NOT_A_TAG,
    DEFECT_NOT_A_TEAM,
    DEFECT_WRONG_TYPE,
    DEFECT_TOO_FEW_FIELDS,
    DEFECT_TOO_MANY_FIELDS,
    DEFECT_NUL_BYTE,
    DEFECT_INVALID_UTF8,
    DEFECT_MISSING_ID,
    DEFECT_ROUNDED_IDENTIFIER,
    DEFECT_MISSING_START,
    DEFECT_UNKNOWN_STATE,
    DEFECT_UNKNOWN_CLOSER,
    DEFECT_BAD_TIME,
    DEFECT_BAD_NUMBER,
    DEFECT_VALUE_TOO_LONG,
    DEFECT_TOO_MANY_TAGS,
    DEFECT_TOO_MANY_ATTRIBUTES,
    DEFECT_BAD_EVENT,
    DEFECT_TOO_MANY_EVENTS,
} DefectReason;

typedef struct Defect {
    DefectReason reason;
    const char *column; /* or the path of a member; NULL: the record as a whole */
    char detail[240];   /* a sentence without its full stop; UTF-8 */
} Defect;

/* Fills in the defect and returns false. */
bool defect(Defect *defect, DefectReason reason, const char *column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

const char *defect_code(DefectReason reason);

#endif
