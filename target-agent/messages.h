/* SPDX-License-Identifier: Apache-2.0 */
/* messages.h: the numbers of the protocol. PROTOCOL.md gives every payload byte by byte. */
#pragma once

/* Of the messages, negotiated by HELLO; the frame has a version of its own. */
#define FTA_PROTOCOL_OLDEST 1
#define FTA_PROTOCOL_NEWEST 1

enum fta_type
{
  FTA_HELLO = 1,
  FTA_BEGIN = 2,
  FTA_DATA = 3, /* its reply is the cumulative acknowledgement */
  FTA_END = 4,
  FTA_RUN = 5, /* its reply is DONE */
  FTA_FETCH = 6,
  FTA_PING = 7,
  FTA_ABORT = 8,
  FTA_GOODBYE = 9,
  /* From the target, unasked. */
  FTA_LAYERS = 32,
  FTA_TENSOR = 33,
  FTA_LOG = 34, /* level (0 = information, 1 = warning), text */
  FTA_CHECKSUM = 35,
  /* A reply to any request. */
  FTA_ERROR = 127,
};

enum fta_error
{
  FTA_ERROR_UNSUPPORTED = 1, /* unknown type, kind or flag */
  FTA_ERROR_VERSION = 2,     /* no common protocol version */
  FTA_ERROR_NO_SESSION = 3,  /* HELLO is missing, or the session ended by silence */
  FTA_ERROR_MALFORMED = 4,   /* a payload of the wrong size */
  FTA_ERROR_TOO_LARGE = 5,   /* detail: what there is room for, bytes */
  FTA_ERROR_MISSING = 6,     /* detail: the offset to continue from */
  FTA_ERROR_CHECKSUM = 7,    /* the whole upload's CRC is wrong */
  FTA_ERROR_IMAGE = 8,       /* reason: enum frt_status; detail: offset in the image */
  FTA_ERROR_ARENA = 9,       /* detail: bytes of arena that the image needs */
  FTA_ERROR_STATE = 10,      /* not now: no image, no output, an upload not begun */
  FTA_ERROR_BUSY = 11,       /* a run is under way */
  FTA_ERROR_ABORTED = 12,    /* the run was ended on request */
  FTA_ERROR_INPUT = 13,      /* detail: bytes of input that the image wants */
};

enum fta_upload_kind
{
  FTA_UPLOAD_IMAGE = 0,
  FTA_UPLOAD_INPUT = 1,
};

enum fta_hello_flags
{
  FTA_HELLO_ICOUNT = 1, /* the machine runs under -icount: SysTick counts instructions */
};

enum fta_run_flags
{
  FTA_RUN_TENSORS =
      1, /* one more inference, not measured, that sends every layer's output */
  FTA_RUN_INPUT = 2,     /* of the input uploaded last; else of zero points */
  FTA_RUN_CONTINUE = 4,  /* state goes on from the last run; one inference, no tensors */
  FTA_RUN_CHECKSUMS = 8, /* as FTA_RUN_TENSORS, but sends the CRC-32 of each output */
};

enum fta_tick_source
{
  FTA_SOURCE_DWT = 0,     /* the core's cycle counter */
  FTA_SOURCE_SYSTICK = 1, /* the core's timer */
  FTA_SOURCE_CLOCK = 2,   /* an operating system's monotonic clock */
};

enum fta_unit
{
  FTA_UNIT_CYCLES = 0,
  FTA_UNIT_INSTRUCTIONS = 1,
  FTA_UNIT_NANOSECONDS = 2,
};

/* The tags of HELLO's reply. */
enum fta_tag
{
  FTA_TAG_AGENT = 1,
  FTA_TAG_BOARD = 2,
  FTA_TAG_CORE = 3,
  FTA_TAG_UNIQUE_ID = 4,
  FTA_TAG_KERNELS = 5,
  FTA_TAG_CLOCK = 6,
  FTA_TAG_TICK = 7,
  FTA_TAG_IMAGE_FORMAT = 8,
  FTA_TAG_ARENA = 9,
  FTA_TAG_IMAGE_SPACE = 10,
  FTA_TAG_TRANSFER = 11,
  FTA_TAG_SILENCE = 12,
  FTA_TAG_VERIFIED = 13,
};

/* In a record of LAYERS: not a layer but the whole inference. */
#define FTA_WHOLE_INFERENCE 0xFFFFu

#define FTA_HEARTBEAT_MS 250
#define FTA_SILENCE_MS   2000

/* Payload sizes, without what is variable. */
#define FTA_HELLO_SIZE       12
#define FTA_HELLO_REPLY_SIZE 12
#define FTA_TAG_HEADER       4
#define FTA_BEGIN_SIZE       12
#define FTA_ACKNOWLEDGE_SIZE 8
#define FTA_DATA_SIZE        4
#define FTA_IMAGE_REPLY_SIZE 16
#define FTA_RUN_SIZE         12
#define FTA_DONE_SIZE        28
#define FTA_LAYERS_SIZE      12
#define FTA_RECORD_SIZE      20
#define FTA_TENSOR_SIZE      16
#define FTA_CHECKSUM_SIZE    16
#define FTA_FETCH_SIZE       8
#define FTA_FETCH_REPLY_SIZE 4
#define FTA_ERROR_SIZE       8
