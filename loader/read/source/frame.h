/*
 * frame.h: a record as it stands in its file.
 */
#ifndef TTR_LOADER_READ_SOURCE_FRAME_H
#define TTR_LOADER_READ_SOURCE_FRAME_H

#include <stdint.h>

#include "read/text/defect.h"
#include "read/text/slice.h"

#define RECORD_LIMIT ((size_t)16 * 1024 * 1024)

/* What is kept in sight of a record that is longer than that. */
#define SHOWN_OF_A_GIANT 8192

typedef struct Frame {
    Slice raw; /* valid until the next record is read */
    int64_t line;
    int64_t byte_offset;
    Defect problem; /* with FRAME_DEFECT */
} Frame;

typedef enum FrameStatus {
    FRAME_RECORD,
    FRAME_DEFECT, /* cannot be framed: to be rejected */
    FRAME_END,
    FRAME_FAILED, /* reading failed, which is reported, or a signal came */
} FrameStatus;

#endif
