/* SPDX-License-Identifier: Apache-2.0 */
/* main.c: the agent on a microcontroller, behind a UART. README.md says how to add another. */
#include "target-agent/agent.h"
#include "target-agent/serial.h"

#include "board.h"
#include "cycles.h"
#include "ring.h"
#include "startup.h"
#include "usb.h"

#ifdef __ARM_FEATURE_DSP
#define KERNELS "portable, ARMv7E-M"
#else
#define KERNELS "portable"
#endif

#define PAYLOAD 1024u
/* With its frames and their COBS it fits into the ring. */
#define WINDOW  2048u
#define RECORDS 256u

/* Made by sections.ld, of the sizes that memory.ld gives. */
extern uint8_t image_start[], image_end[], arena_start[], arena_end[];

struct ring received;

static uint8_t receive[PAYLOAD + FTA_FRAME_OVERHEAD];
static uint8_t transmit[PAYLOAD + FTA_FRAME_OVERHEAD];
static uint8_t packet[FTA_SERIAL_PACKET (PAYLOAD)];
static fta_record records[RECORDS];

static size_t
read_uart (void *user, uint8_t *bytes, size_t capacity)
{
  size_t size = 0;

  while (size < capacity && ring_take (&received, &bytes[size]))
    size++;
  return size;
}

static size_t
write_uart (void *user, const uint8_t *bytes, size_t size)
{
  return board_write (bytes, size);
}

static uint64_t
ticks (void *user)
{
  return cycles_now ();
}

static uint32_t
milliseconds (void *user)
{
  return (uint32_t)(cycles_now () / (board.clock_hz / 1000));
}

static uint32_t
stack_bytes (void *user)
{
  return startup_stack_bytes ();
}

static fta_identity
identify (const char *unique_id, bool has_dwt)
{
  return (fta_identity){
    .board = board.id,
    .core = board.core,
    .unique_id = unique_id,
    .kernels = KERNELS,
    .clock_hz = board.clock_hz,
    .source = has_dwt ? FTA_SOURCE_DWT : FTA_SOURCE_SYSTICK,
    .unit = FTA_UNIT_CYCLES,
    .unit_icount = FTA_UNIT_INSTRUCTIONS,
    .numerator = 1,
    .denominator = 1,
    .verified_on_hardware = board.verified_on_hardware,
  };
}

static fta_memory
find_memory (void)
{
  return (fta_memory){
    .image = image_start,
    .image_size = (size_t)(image_end - image_start),
    .arena = arena_start,
    .arena_size = (size_t)(arena_end - arena_start),
    .receive = receive,
    .receive_size = sizeof receive,
    .transmit = transmit,
    .transmit_size = sizeof transmit,
    .records = records,
    .record_capacity = RECORDS,
    .window = WINDOW,
  };
}

int main (void);

int
main (void)
{
  static fta_agent agent;
  static fta_serial serial = {
    .read = read_uart, .write = write_uart, .packet = packet, .packet_size = sizeof packet
  };
  static char unique_id[BOARD_UNIQUE_ID_SIZE];
  static fta_identity identity;
  fta_port port = {
    .read = fta_serial_read,
    .write = fta_serial_write,
    .ticks = ticks,
    .milliseconds = board.has_virtual_time ? NULL : milliseconds,
    .readable = fta_serial_readable,
    .stack_bytes = stack_bytes,
    .begin_frame = fta_serial_begin_frame,
    .user = &serial,
  };
  const fta_memory memory = find_memory ();

  board_start ();
  board_unique_id (unique_id);
  port.counter = cycles_start ();
  identity = identify (unique_id, port.counter != NULL);
  serial.identity = &identity;
  if (board_open_usb != NULL)
    {
      port.begin_frame = NULL; /* the UART's, which stays unused */
      if (!board_open_usb (&port, unique_id))
        return 1;
    }
  fta_agent_init (&agent, &port, &identity, &memory);
  for (;;)
    fta_agent_poll (&agent);
}
