/* SPDX-License-Identifier: Apache-2.0 */
/* wire.h: the frame that carries every message between a desktop and a board.
 *
 * PROTOCOL.md is the specification. The desktop and the firmware share this file. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C"
{
#endif

#define FTA_FRAME_VERSION 1

#define FTA_FRAME_HEADER   12
#define FTA_FRAME_CHECKSUM 4
#define FTA_FRAME_OVERHEAD (FTA_FRAME_HEADER + FTA_FRAME_CHECKSUM)

/* Set in the type of a reply. */
#define FTA_FRAME_REPLY 0x80u

  typedef struct fta_frame
  {
    uint8_t type;
    uint16_t sequence;
    uint32_t length;        /* of the payload, bytes */
    const uint8_t *payload; /* inside the parser's buffer */
  } fta_frame;

  /* Treat the fields as private, except the counters. */
  typedef struct fta_parser
  {
    uint8_t *buffer;
    size_t capacity;
    size_t begin;      /* of the candidate frame in BUFFER */
    size_t end;        /* of the bytes in BUFFER */
    size_t delivered;  /* bytes of the frame handed out last, still at BEGIN */
    uint32_t damaged;  /* candidates dropped for their version or checksum */
    uint32_t oversize; /* candidates dropped for a payload that BUFFER cannot hold */
  } fta_parser;

  /* BUFFER is the caller's and holds one frame: CAPACITY is the largest payload accepted plus
   * FTA_FRAME_OVERHEAD. */
  void fta_parser_init (fta_parser *parser, uint8_t *buffer, size_t capacity);

  /* Takes bytes, in any cut, up to the end of the next valid frame. Returns how many were taken; call
   * again with the rest. If *COMPLETE, FRAME is filled in and valid until the next call. A call with
   * SIZE 0 may still complete a frame from bytes taken before. Bytes that are no frame are skipped up
   * to the next magic. */
  size_t fta_parser_feed (fta_parser *parser, const uint8_t *bytes, size_t size,
                          fta_frame *frame, bool *complete);

  /* Whether SIZE bytes are exactly one frame, undamaged. */
  bool fta_frame_is_valid (const uint8_t *bytes, size_t size);

  /* Completes the frame whose payload of LENGTH bytes is already at BUFFER + FTA_FRAME_HEADER: writes
   * header and checksum around it. Returns the frame's size. */
  size_t fta_frame_seal (uint8_t *buffer, uint8_t type, uint16_t sequence,
                         uint32_t length);

  static inline void
  fta_put_le16 (uint8_t *bytes, uint16_t value)
  {
    bytes[0] = (uint8_t)value;
    bytes[1] = (uint8_t)(value >> 8);
  }

  static inline void
  fta_put_le32 (uint8_t *bytes, uint32_t value)
  {
    fta_put_le16 (bytes, (uint16_t)value);
    fta_put_le16 (bytes + 2, (uint16_t)(value >> 16));
  }

  static inline void
  fta_put_le64 (uint8_t *bytes, uint64_t value)
  {
    fta_put_le32 (bytes, (uint32_t)value);
    fta_put_le32 (bytes + 4, (uint32_t)(value >> 32));
  }

  static inline uint16_t
  fta_get_le16 (const uint8_t *bytes)
  {
    return (uint16_t)(bytes[0] | bytes[1] << 8);
  }

  static inline uint32_t
  fta_get_le32 (const uint8_t *bytes)
  {
    return fta_get_le16 (bytes) | (uint32_t)fta_get_le16 (bytes + 2) << 16;
  }

  static inline uint64_t
  fta_get_le64 (const uint8_t *bytes)
  {
    return fta_get_le32 (bytes) | (uint64_t)fta_get_le32 (bytes + 4) << 32;
  }

#ifdef __cplusplus
}
#endif
