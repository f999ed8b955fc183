/* SPDX-License-Identifier: Apache-2.0 */
/* main.c: the agent as a desktop process, served over an inherited socket.
 *
 * usage: fettle-simulated-board FD */
#include "target-agent/agent.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define IMAGE_SIZE (32u << 20)
#define ARENA_SIZE (32u << 20)
#define PAYLOAD    16384u
#define WINDOW     65536u
#define RECORDS    4096u
#define IDLE_WAIT  100 /* ms; the rule of silence is looked at so often */
#define WRITE_WAIT 10  /* ms */

static _Alignas(FRT_ALIGNMENT) uint8_t image[IMAGE_SIZE];
static _Alignas(FRT_ALIGNMENT) uint8_t arena[ARENA_SIZE];
static uint8_t receive[PAYLOAD + FTA_FRAME_OVERHEAD];
static uint8_t transmit[PAYLOAD + FTA_FRAME_OVERHEAD];
static fta_record records[RECORDS];

static bool
ready (int fd, short events, int timeout)
{
  struct pollfd descriptor = { .fd = fd, .events = events };

  return poll (&descriptor, 1, timeout) > 0;
}

/* The desktop is gone, and with it the reason for this process. */
static void
leave_at_end (ssize_t result)
{
  if (result == 0
      || (result < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR))
    exit (EXIT_SUCCESS);
}

static size_t
read_socket (void *user, uint8_t *bytes, size_t capacity)
{
  int fd = *(int *)user;
  ssize_t size;

  if (!ready (fd, POLLIN, IDLE_WAIT))
    return 0;
  size = read (fd, bytes, capacity);
  leave_at_end (size);
  return size > 0 ? (size_t)size : 0;
}

static size_t
write_socket (void *user, const uint8_t *bytes, size_t size)
{
  ssize_t written = write (*(int *)user, bytes, size);

  leave_at_end (written);
  return written > 0 ? (size_t)written : 0;
}

static void
wait_writable (void *user)
{
  ready (*(int *)user, POLLOUT, WRITE_WAIT);
}

static bool
is_readable (void *user)
{
  return ready (*(int *)user, POLLIN, 0);
}

static uint64_t
nanoseconds (void *user)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static uint32_t
milliseconds (void *user)
{
  return (uint32_t)(nanoseconds (user) / 1000000u);
}

static const fta_identity identity = {
  .board = "simulated",
  .core = "desktop",
  .unique_id = "simulated",
  .kernels = "portable",
  .source = FTA_SOURCE_CLOCK,
  .unit = FTA_UNIT_NANOSECONDS,
  .unit_icount = FTA_UNIT_NANOSECONDS,
  .numerator = 1,
  .denominator = 1,
};

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

int
main (int argc, char **argv)
{
  static fta_agent agent;
  int fd = argc == 2 ? atoi (argv[1]) : -1;
  int flags = fd >= 0 ? fcntl (fd, F_GETFL) : -1;
  fta_port port = {
    .read = read_socket,
    .write = write_socket,
    .wait = wait_writable,
    .ticks = nanoseconds,
    .milliseconds = milliseconds,
    .readable = is_readable,
    .user = &fd,
  };

  if (flags < 0 || fcntl (fd, F_SETFL, flags | O_NONBLOCK) < 0)
    {
      fputs ("usage: fettle-simulated-board FD (of an open socket)\n", stderr);
      return 2;
    }
  fta_agent_init (&agent, &port, &identity, &memory);
  for (;;)
    fta_agent_poll (&agent);
}
