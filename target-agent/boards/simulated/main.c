/* SPDX-License-Identifier: Apache-2.0 */
/* main.c: the agent as a desktop process, over an inherited socket, as a USB device, or as over a UART. */
#include "target-agent/agent.h"

#include "socket.h"
#include "uart.h"
#ifdef FTA_USB_VENDOR_ID
#include "usb.h"
#endif

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define IMAGE_SIZE (32u << 20)
#define ARENA_SIZE (32u << 20)
#define PAYLOAD    16384u
#define WINDOW     65536u
#define RECORDS    4096u

static _Alignas(FRT_ALIGNMENT) uint8_t image[IMAGE_SIZE];
static _Alignas(FRT_ALIGNMENT) uint8_t arena[ARENA_SIZE];
static uint8_t receive[PAYLOAD + FTA_FRAME_OVERHEAD];
static uint8_t transmit[PAYLOAD + FTA_FRAME_OVERHEAD];
static fta_record records[RECORDS];

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

static int
explain (void)
{
  fputs ("usage: fettle-simulated-board FD          frames over an open socket\n"
         "       fettle-simulated-board --serial FD frames in COBS, as over a UART\n"
#ifdef FTA_USB_VENDOR_ID
         "       fettle-simulated-board --usbip FD  a USB device, by USB/IP over an open "
         "socket\n"
         "       fettle-simulated-board --vhci PORT a USB device of this kernel (root, "
         "module vhci-hcd)\n",
#else
         "This build has no USB identity; the build option usb_id gives it one.\n",
#endif
         stderr);
  return 2;
}

#ifdef FTA_USB_VENDOR_ID
/* FALSE if ARGUMENTS are none of USB's. */
static bool
open_usb (fta_port *port, char **arguments)
{
  static struct usb_board board;
  int fd;

  if (strcmp (arguments[0], "--usbip") == 0)
    fd = atoi (arguments[1]);
  else if (strcmp (arguments[0], "--vhci") == 0)
    fd = usb_attach_to_kernel (arguments[1]);
  else
    return false;
  if (fd < 0)
    {
      fprintf (stderr,
               "fettle-simulated-board cannot be attached to port %s of vhci_hcd: %s.\n",
               arguments[1], strerror (errno));
      exit (EXIT_FAILURE);
    }
  usb_port_init (port, &board, fd, identity.unique_id);
  return true;
}
#else
static bool
open_usb (fta_port *port, char **arguments)
{
  return false;
}
#endif

int
main (int argc, char **argv)
{
  static fta_agent agent;
  static int fd;
  static struct uart_board uart;
  fta_port port = { .ticks = nanoseconds, .milliseconds = milliseconds };
  fta_memory chosen = memory;
  bool opened = false;

  if (argc == 2)
    {
      fd = atoi (argv[1]);
      opened = socket_port_init (&port, &fd);
    }
  else if (argc == 3 && strcmp (argv[1], "--serial") == 0)
    opened = uart_port_init (&port, &chosen, &uart, atoi (argv[2]), &identity);
  else if (argc == 3)
    opened = open_usb (&port, argv + 1);
  if (!opened)
    return explain ();
  fta_agent_init (&agent, &port, &identity, &chosen);
  for (;;)
    fta_agent_poll (&agent);
}
