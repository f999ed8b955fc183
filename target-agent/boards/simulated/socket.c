/* SPDX-License-Identifier: Apache-2.0 */
/* socket.c: an agent's bytes over an inherited socket. */
#include "socket.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#define WRITE_WAIT 10 /* ms */

bool
socket_is_ready (int fd, short events, int milliseconds)
{
  struct pollfd descriptor = { .fd = fd, .events = events };

  return poll (&descriptor, 1, milliseconds) > 0;
}

void
socket_leave_at_end (long result)
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

  if (!socket_is_ready (fd, POLLIN, SOCKET_IDLE_WAIT))
    return 0;
  size = read (fd, bytes, capacity);
  socket_leave_at_end (size);
  return size > 0 ? (size_t)size : 0;
}

static size_t
write_socket (void *user, const uint8_t *bytes, size_t size)
{
  ssize_t written = write (*(int *)user, bytes, size);

  socket_leave_at_end (written);
  return written > 0 ? (size_t)written : 0;
}

static void
wait_writable (void *user)
{
  socket_is_ready (*(int *)user, POLLOUT, WRITE_WAIT);
}

static bool
is_readable (void *user)
{
  return socket_is_ready (*(int *)user, POLLIN, 0);
}

bool
socket_port_init (fta_port *port, int *fd)
{
  int flags = fcntl (*fd, F_GETFL);

  port->read = read_socket;
  port->write = write_socket;
  port->wait = wait_writable;
  port->readable = is_readable;
  port->user = fd;
  return flags >= 0 && fcntl (*fd, F_SETFL, flags | O_NONBLOCK) == 0;
}
