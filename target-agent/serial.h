/* SPDX-License-Identifier: Apache-2.0 */
/* serial.h: frames of an agent over a UART, which can lose bytes.
 *
 * Between a UART's driver and an agent's port: each frame is encoded with COBS and followed by a zero byte,
 * so that a lost byte costs one frame. Damaged packets are dropped here, and the agent sees whole frames
 * only. A '?' outside of a packet is answered with a line of text, for a person with a terminal. */
#pragma once

#include "target-agent/agent.h"
#include "target-agent/cobs.h"

#ifdef __cplusplus
extern "C"
{
#endif

/* Bytes that PACKET below needs for frames of PAYLOAD bytes. */
#define FTA_SERIAL_PACKET(payload) FTA_COBS_BOUND ((payload) + FTA_FRAME_OVERHEAD)

  typedef struct fta_serial
  {
    /* The driver's: without waiting, as in fta_port. */
    size_t (*read) (void *user, uint8_t *bytes, size_t capacity);
    size_t (*write) (void *user, const uint8_t *bytes, size_t size);
    void *user;
    const fta_identity *identity; /* what the line of text tells */
    uint8_t *packet;
    size_t packet_size;

    /* The rest is private and begins as zero. */
    uint32_t damaged; /* packets dropped */
    uint8_t raw[64];  /* read, not yet looked at */
    size_t raw_begin, raw_end;
    size_t received;               /* bytes of the packet that is coming in */
    bool overflows;                /* it is longer than PACKET */
    size_t frame_begin, frame_end; /* decoded in PACKET, being handed out */

    uint8_t block[254]; /* not yet encoded: no zero among them */
    size_t block_size;
    uint8_t out[512]; /* encoded, on its way to WRITE */
    size_t out_begin, out_end;
    size_t position;     /* in the frame that is going out */
    uint32_t frame_size; /* of it; known once its length has passed */
  } fta_serial;

  /* For fta_port, whose user must be the fta_serial. */
  size_t fta_serial_read (void *serial, uint8_t *bytes, size_t capacity);
  size_t fta_serial_write (void *serial, const uint8_t *bytes, size_t size);
  /* TRUE if a whole frame, or a part of one, is there to be read. */
  bool fta_serial_readable (void *serial);
  void fta_serial_begin_frame (void *serial);

#ifdef __cplusplus
}
#endif
