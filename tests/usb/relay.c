/* SPDX-License-Identifier: GPL-3.0-or-later */
/* relay.c: runs in the guest and plugs the firmware of another QEMU into this kernel.
 *
 *     usb-relay LINK DOORBELL PORT
 *
 * LINK and DOORBELL are virtio-serial ports that lead to the virtual board; PORT is one of vhci_hcd. The kernel is
 * handed one end of a pair of sockets, on which it talks USB/IP; this process carries the bytes, as chunks, which
 * target-agent/boards/mps/usb.c describes. It ends when the kernel lets go of the device. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#define ATTACH     "/sys/devices/platform/vhci_hcd.0/attach"
#define DEVICE_ID  0x10002 /* bus 1, device 2; any pair but zero will do */
#define HIGH_SPEED 3       /* enum usb_device_speed of Linux */
#define CHUNK_MOST 0xFFFF
#define NONCE_SIZE 8

static void
die (const char *what)
{
  fprintf (stderr, "usb-relay: %s: %s\n", what, strerror (errno));
  exit (1);
}

/* FALSE at the end of the file. */
static int
read_all (int fd, uint8_t *bytes, size_t size)
{
  while (size > 0)
    {
      ssize_t n = read (fd, bytes, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return 0;
      bytes += n;
      size -= (size_t)n;
    }
  return 1;
}

static int
write_all (int fd, const uint8_t *bytes, size_t size)
{
  while (size > 0)
    {
      ssize_t n = write (fd, bytes, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return 0;
      bytes += n;
      size -= (size_t)n;
    }
  return 1;
}

/* CHUNK has room for two bytes in front of SIZE. */
static void
send_chunk (int link, int doorbell, uint8_t *chunk, size_t size)
{
  chunk[0] = (uint8_t)size;
  chunk[1] = (uint8_t)(size >> 8);
  if (!write_all (link, chunk, 2 + size) || !write_all (doorbell, chunk, 1))
    die ("the board is gone");
}

/* Returns the size. */
static size_t
take_chunk (int link, uint8_t *bytes)
{
  uint8_t head[2];
  size_t size;

  if (!read_all (link, head, 2))
    die ("the board is gone");
  size = (size_t)(head[0] | head[1] << 8);
  if (!read_all (link, bytes, size))
    die ("the board is gone");
  return size;
}

/* What the board said in the port where it was last may be cut anywhere, since a closed port of virtio drops what
 * it holds; so its answer is looked for byte by byte, and has a number that nothing else has. */
static void
announce_port (int link, int doorbell)
{
  uint8_t announcement[2 + NONCE_SIZE] = { 0 }, last[sizeof announcement] = { 1 };

  if (getrandom (announcement + 2, NONCE_SIZE, 0) != NONCE_SIZE)
    die ("getrandom");
  if (!write_all (link, announcement, sizeof announcement)
      || !write_all (doorbell, announcement, 1))
    die ("the board is gone");
  while (memcmp (last, announcement, sizeof last) != 0)
    {
      memmove (last, last + 1, sizeof last - 1);
      if (!read_all (link, last + sizeof last - 1, 1))
        die ("the board is gone");
    }
}

/* Returns the socket. */
static int
attach (const char *port)
{
  int pair[2], file, size;
  char line[64];

  if (socketpair (AF_UNIX, SOCK_STREAM, 0, pair) != 0)
    die ("socketpair");
  size =
      snprintf (line, sizeof line, "%s %d %d %d", port, pair[1], DEVICE_ID, HIGH_SPEED);
  file = open (ATTACH, O_WRONLY);
  if (file < 0 || write (file, line, (size_t)size) != size)
    die (ATTACH);
  close (file);
  close (pair[1]); /* the kernel holds its own reference */
  return pair[0];
}

int
main (int argc, char **argv)
{
  static uint8_t buffer[2 + CHUNK_MOST];
  int link, doorbell, kernel;

  if (argc != 4)
    {
      fprintf (stderr, "usage: usb-relay LINK DOORBELL PORT\n");
      return 2;
    }
  link = open (argv[1], O_RDWR);
  doorbell = open (argv[2], O_WRONLY);
  if (link < 0 || doorbell < 0)
    die (argv[1]);
  announce_port (link, doorbell);
  kernel = attach (argv[3]);
  for (;;)
    {
      struct pollfd ready[] = { { .fd = kernel, .events = POLLIN },
                                { .fd = link, .events = POLLIN } };

      if (poll (ready, 2, -1) < 0)
        die ("poll");
      if (ready[0].revents != 0)
        {
          ssize_t size = read (kernel, buffer + 2, CHUNK_MOST);

          if (size <= 0)
            return 0;
          send_chunk (link, doorbell, buffer, (size_t)size);
        }
      if (ready[1].revents & POLLIN)
        {
          size_t size = take_chunk (link, buffer);

          if (!write_all (kernel, buffer, size))
            return 0;
        }
      else if (ready[1].revents != 0)
        die ("the board is gone");
    }
}
