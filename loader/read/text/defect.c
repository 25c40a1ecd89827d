/*
 * defect.c: the defect of a record. See defect.h.
 */
#include "read/text/defect.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "read/text/slice.h"

static const char *const codes[] = {
    [DEFECT_BARE_QUOTE] = "bare_quote",
    [DEFECT_TEXT_AFTER_QUOTE] = "text_after_quote",
    [DEFECT_UNTERMINATED_QUOTE] = "unterminated_quote",
    [DEFECT_RECORD_TOO_LONG] = "record_too_long",
    [DEFECT_BAD_JSON] = "bad_json",
    [DEFECT_NOT_AN_OBJECT] = "not_an_object",
    [DEFECT_TOO_DEEP] = "too_deep",
    [DEFECT_DUPLICATE_KEY] = "duplicate_key",
    [DEFECT_LONE_SURROGATE] = "lone_surrogate",
    [DEFECT_NOT_A_CONVERSATION] = "not_a_conversation",
    [DEFECT_NOT_A_TEAMMATE] = "not_a_teammate",
    [DEFECT_NOT_A_TAG] = "not_a_tag",
    [DEFECT_NOT_A_TEAM] = "not_a_team",
    [DEFECT_WRONG_TYPE] = "wrong_type",
    [DEFECT_TOO_FEW_FIELDS] = "too_few_fields",
    [DEFECT_TOO_MANY_FIELDS] = "too_many_fields",
    [DEFECT_NUL_BYTE] = "nul_byte",
    [DEFECT_INVALID_UTF8] = "invalid_utf8",
    [DEFECT_MISSING_ID] = "missing_id",
    [DEFECT_ROUNDED_IDENTIFIER] = "rounded_identifier",
    [DEFECT_MISSING_START] = "missing_start",
    [DEFECT_UNKNOWN_STATE] = "unknown_state",
    [DEFECT_UNKNOWN_CLOSER] = "unknown_closer",
    [DEFECT_BAD_TIME] = "bad_time",
    [DEFECT_BAD_NUMBER] = "bad_number",
    [DEFECT_VALUE_TOO_LONG] = "value_too_long",
    [DEFECT_TOO_MANY_TAGS] = "too_many_tags",
    [DEFECT_TOO_MANY_ATTRIBUTES] = "too_many_attributes",
    [DEFECT_BAD_EVENT] = "bad_event",
    [DEFECT_TOO_MANY_EVENTS] = "too_many_events",
};

const char *defect_code(DefectReason reason)
{
    return codes[reason];
}

bool defect(Defect *defect, DefectReason reason, const char *column, const char *format, ...)
{
    va_list arguments;
    size_t length;

    defect->reason = reason;
    defect->column = column;
    va_start(arguments, format);
    vsnprintf(defect->detail, sizeof(defect->detail), format, arguments);
    va_end(arguments);

    /* If it was cut, its characters must still be whole: the database takes nothing else. */
    length = strlen(defect->detail);
    if (length == sizeof(defect->detail) - 1)
        defect->detail[slice_head((Slice){defect->detail, length}, length - 1).length] = '\0';
    return false;
}
