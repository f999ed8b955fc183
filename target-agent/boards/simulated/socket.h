/* SPDX-License-Identifier: Apache-2.0 */
/* socket.h: an agent's bytes over an inherited socket. */
#pragma once

#include "target-agent/agent.h"

/* Milliseconds that a read waits when there is nothing else to do; the rule of silence is looked at so often. */
#define SOCKET_IDLE_WAIT 100

/* Fills in what concerns bytes. *FD is an open socket and outlives the port. FALSE if it is not. The end of
 * file ends the process. */
bool socket_port_init (fta_port *port, int *fd);

bool socket_is_ready (int fd, short events, int milliseconds);
/* The other side is gone, and with it the reason for this process. RESULT is what read or write returned. */
void socket_leave_at_end (long result);
