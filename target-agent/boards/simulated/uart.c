/* SPDX-License-Identifier: Apache-2.0 */
/* uart.c: the simulated board as behind a UART. */
#include "uart.h"

#include "socket.h"

#include <poll.h>
#include <unistd.h>

static size_t
read_uart (void *user, uint8_t *bytes, size_t capacity)
{
  struct uart_board *board = user;
  ssize_t size;

  if (!socket_is_ready (board->fd, POLLIN, 0))
    return 0;
  size = read (board->fd, bytes, capacity);
  socket_leave_at_end (size);
  return size > 0 ? (size_t)size : 0;
}

static size_t
write_uart (void *user, const uint8_t *bytes, size_t size)
{
  ssize_t written = write (((struct uart_board *)user)->fd, bytes, size);

  socket_leave_at_end (written);
  return written > 0 ? (size_t)written : 0;
}

static int
descriptor (fta_serial *serial)
{
  return ((struct uart_board *)serial->user)->fd;
}

static size_t
read_frames (void *user, uint8_t *bytes, size_t capacity)
{
  fta_serial *serial = user;

  if (!fta_serial_readable (serial))
    socket_is_ready (descriptor (serial), POLLIN, SOCKET_IDLE_WAIT);
  return fta_serial_read (serial, bytes, capacity);
}

static void
wait_writable (void *user)
{
  socket_is_ready (descriptor (user), POLLOUT, SOCKET_IDLE_WAIT);
}

bool
uart_port_init (fta_port *port, fta_memory *memory, struct uart_board *board, int fd,
                const fta_identity *identity)
{
  board->fd = fd;
  if (!socket_port_init (port, &board->fd))
    return false;
  board->serial.read = read_uart;
  board->serial.write = write_uart;
  board->serial.user = board;
  board->serial.identity = identity;
  board->serial.packet = board->packet;
  board->serial.packet_size = sizeof board->packet;
  port->read = read_frames;
  port->write = fta_serial_write;
  port->wait = wait_writable;
  port->readable = fta_serial_readable;
  port->begin_frame = fta_serial_begin_frame;
  port->user = &board->serial;
  memory->receive_size = memory->transmit_size = UART_PAYLOAD + FTA_FRAME_OVERHEAD;
  memory->window = UART_WINDOW;
  return true;
}
