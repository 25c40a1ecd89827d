/*
 * frame.h: a record as the bytes that it has in its file.
 */
#ifndef TTR_LOADER_READ_SOURCE_FRAME_H
#define TTR_LOADER_READ_SOURCE_FRAME_H

#include <stdint.h>

#include "read/text/defect.h"
#include "read/text/slice.h"

#define RECORD_LIMIT ((size_t)16 * 1024 * 1024)

/* Bytes of a longer record that are kept, to be shown. */
#define SHOWN_OF_A_GIANT 8192

typedef struct Frame {
    Slice raw; /* valid until the next record is read */
    int64_t line;
    int64_t byte_offset;
    Defect problem; /* with FRAME_DEFECT */
} Frame;

typedef enum FrameStatus {
    FRAME_RECORD,
    FRAME_DEFECT, /* its end is not clear: to be rejected */
    FRAME_END,
    FRAME_FAILED, /* the failure is reported, a signal came, or the file is idle */
} FrameStatus;

#endif
