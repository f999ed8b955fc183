/* SPDX-License-Identifier: Apache-2.0 */
/* main.c: the agent on QEMU's machines with Arm's MPS2 and MPS3 boards. README.md says how they work. */
#include "target-agent/agent.h"

#include "board.h"
#include "link.h"
#include "semihost.h"
#include "startup.h"
#include "target-agent/boards/cortex-m/systick.h"
#include "timer.h"

#ifdef __ARM_FEATURE_DSP
#define KERNELS "portable, ARMv7E-M"
#else
#define KERNELS "portable"
#endif

#define IMAGE_SIZE (16u << 20)
#define ARENA_SIZE (3u << 20)
#define PAYLOAD    16384u
#define WINDOW     32768u /* half of what a Linux pipe holds */
#define RECORDS    4096u
/* Under -icount shift=0 an instruction takes one nanosecond of virtual time. */
#define INSTRUCTIONS_PER_MICROSECOND 1000u

static _Alignas(FRT_ALIGNMENT) uint8_t image[IMAGE_SIZE]
    __attribute__ ((section (".external")));
static _Alignas(FRT_ALIGNMENT) uint8_t arena[ARENA_SIZE]
    __attribute__ ((section (".arena")));
static uint8_t receive[PAYLOAD + FTA_FRAME_OVERHEAD];
static uint8_t transmit[PAYLOAD + FTA_FRAME_OVERHEAD];
static fta_record records[RECORDS];

static uint64_t
ticks (void *user)
{
  return systick_now ();
}

static uint32_t
stack_bytes (void *user)
{
  return startup_stack_bytes ();
}

static fta_identity
identify (void)
{
  return (fta_identity){
    .board = mps_board.id,
    .core = mps_board.core,
    .unique_id = mps_board.id,
    .kernels = KERNELS,
    .clock_hz = mps_board.megahertz * 1000000u,
    .source = FTA_SOURCE_SYSTICK,
    .unit = FTA_UNIT_NANOSECONDS,
    .unit_icount = FTA_UNIT_INSTRUCTIONS,
    .numerator = INSTRUCTIONS_PER_MICROSECOND,
    .denominator = mps_board.megahertz,
  };
}

static const fta_memory memory = {
  .image = image,
  .image_size = sizeof image,
  .arena = arena,
  .arena_size = sizeof arena,
  .receive = receive,
  .receive_size = sizeof receive,
  .transmit = transmit,
  .transmit_size = sizeof transmit,
  .records = records,
  .record_capacity = RECORDS,
  .window = WINDOW,
};

int main (void);

int
main (void)
{
  static fta_agent agent;
  const fta_identity identity = identify ();
  fta_port port = {
    .ticks = ticks,
    .stack_bytes = stack_bytes,
  };

  systick_start ();
  port.counter = timer_start ();
  port.counter_flip = UINT32_MAX;
  if (!link_init (&port, mps_board.id))
    {
      semihost_print ("the descriptors 3 and 4 of QEMU must be pipes\n");
      return 1;
    }
  fta_agent_init (&agent, &port, &identity, &memory);
  for (;;)
    fta_agent_poll (&agent);
}
