/* SPDX-License-Identifier: Apache-2.0 */
/* main.c: the agent on QEMU's machines with Arm's MPS2 and MPS3 boards. README.md says how they work. */
#include "target-agent/agent.h"

#include "board.h"
#include "semihost.h"
#include "startup.h"
#include "systick.h"

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

/* Words of the CMSDK APB UART. */
enum
{
  UART_DATA,
  UART_STATE,
  UART_CONTROL,
  UART_DIVIDER = 4,
};

#define UART_RECEIVED       2u
#define UART_ENABLE         3u
#define UART_DIVIDER_LOWEST 16u

static _Alignas(FRT_ALIGNMENT) uint8_t image[IMAGE_SIZE]
    __attribute__ ((section (".external")));
static _Alignas(FRT_ALIGNMENT) uint8_t arena[ARENA_SIZE]
    __attribute__ ((section (".arena")));
static uint8_t receive[PAYLOAD + FTA_FRAME_OVERHEAD];
static uint8_t transmit[PAYLOAD + FTA_FRAME_OVERHEAD];
static fta_record records[RECORDS];

/* A doorbell is followed by one frame ABORT. The two travel on different ways; either may be first. */
struct virtual_board
{
  int from_desktop, to_desktop;
  uint32_t doorbells, aborts;
};

/* The desktop is gone, and with it the reason for this machine. */
static size_t
read_pipe (void *user, uint8_t *bytes, size_t capacity)
{
  struct virtual_board *board = user;
  size_t size = semihost_read (board->from_desktop, bytes, capacity);

  if (size == 0 || size > capacity)
    semihost_exit (0);
  return size;
}

static size_t
write_pipe (void *user, const uint8_t *bytes, size_t size)
{
  struct virtual_board *board = user;
  size_t written = semihost_write (board->to_desktop, bytes, size);

  if (written == 0 || written > size)
    semihost_exit (0);
  return written;
}

static volatile uint32_t *
uart (void)
{
  return (volatile uint32_t *)mps_board.uart;
}

static bool
doorbell_rang (void *user)
{
  struct virtual_board *board = user;

  if (!(uart ()[UART_STATE] & UART_RECEIVED))
    return false;
  (void)uart ()[UART_DATA];
  board->doorbells++;
  return true;
}

static void
wait_for_doorbell (void *user)
{
  struct virtual_board *board = user;

  board->aborts++;
  while (board->doorbells != board->aborts)
    doorbell_rang (board);
}

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
  static struct virtual_board board;
  const fta_identity identity = identify ();
  const fta_port port = {
    .read = read_pipe,
    .write = write_pipe,
    .ticks = ticks,
    .interrupted = doorbell_rang,
    .settle = wait_for_doorbell,
    .stack_bytes = stack_bytes,
    .user = &board,
  };

  uart ()[UART_DIVIDER] = UART_DIVIDER_LOWEST;
  uart ()[UART_CONTROL] = UART_ENABLE;
  systick_start ();
  board.from_desktop = semihost_open ("/proc/self/fd/3", SEMIHOST_READ);
  board.to_desktop = semihost_open ("/proc/self/fd/4", SEMIHOST_WRITE);
  if (board.from_desktop < 0 || board.to_desktop < 0)
    {
      semihost_print ("the descriptors 3 and 4 of QEMU must be pipes\n");
      return 1;
    }
  fta_agent_init (&agent, &port, &identity, &memory);
  for (;;)
    fta_agent_poll (&agent);
}
