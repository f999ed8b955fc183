/* SPDX-License-Identifier: Apache-2.0 */
/* ring.h: bytes between the UART's interrupt, which writes, and the agent, which reads. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* More than the desktop has in flight (main.c's WINDOW), frames and all. A power of two. */
#define RING_SIZE 4096u

struct ring
{
  volatile uint32_t written, read; /* of all time */
  uint8_t bytes[RING_SIZE];
};

/* Defined by main.c. */
extern struct ring received;

/* What does not fit is lost, as it is on the way. */
static inline void
ring_put (struct ring *ring, uint8_t byte)
{
  if (ring->written - ring->read == RING_SIZE)
    return;
  ring->bytes[ring->written % RING_SIZE] = byte;
  ring->written++;
}

static inline bool
ring_take (struct ring *ring, uint8_t *byte)
{
  if (ring->written == ring->read)
    return false;
  *byte = ring->bytes[ring->read % RING_SIZE];
  ring->read++;
  return true;
}
