/* SPDX-License-Identifier: Apache-2.0 */
/* pipe.c: frames over two pipes that QEMU inherits as descriptors 3 and 4. */
#include "doorbell.h"
#include "link.h"
#include "semihost.h"

/* A doorbell is followed by one frame ABORT. The two travel on different ways; either may be first. */
struct pipes
{
  int from_desktop, to_desktop;
  uint32_t doorbells, aborts;
};

/* The desktop is gone, and with it the reason for this machine. */
static size_t
read_pipe (void *user, uint8_t *bytes, size_t capacity)
{
  struct pipes *pipes = user;
  size_t size = semihost_read (pipes->from_desktop, bytes, capacity);

  if (size == 0 || size > capacity)
    semihost_exit (0);
  return size;
}

static size_t
write_pipe (void *user, const uint8_t *bytes, size_t size)
{
  struct pipes *pipes = user;
  size_t written = semihost_write (pipes->to_desktop, bytes, size);

  if (written == 0 || written > size)
    semihost_exit (0);
  return written;
}

static bool
is_interrupted (void *user)
{
  struct pipes *pipes = user;

  if (!doorbell_rang ())
    return false;
  pipes->doorbells++;
  return true;
}

static void
wait_for_doorbell (void *user)
{
  struct pipes *pipes = user;

  pipes->aborts++;
  while (pipes->doorbells != pipes->aborts)
    is_interrupted (pipes);
}

bool
link_init (fta_port *port, const char *serial)
{
  static struct pipes pipes;

  doorbell_init ();
  doorbell_watch (port);
  pipes.from_desktop = semihost_open ("/proc/self/fd/3", SEMIHOST_READ);
  pipes.to_desktop = semihost_open ("/proc/self/fd/4", SEMIHOST_WRITE);
  port->read = read_pipe;
  port->write = write_pipe;
  port->interrupted = is_interrupted;
  port->settle = wait_for_doorbell;
  port->user = &pipes;
  return pipes.from_desktop >= 0 && pipes.to_desktop >= 0;
}
