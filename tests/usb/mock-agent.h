/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mock-agent.h: a USB board with the project's own agent and device core, in a thread of this process. */
#pragma once

#include "mock-usb.h"

typedef struct _MockAgent MockAgent;

/* Enumerates the device as a kernel would and plugs it into PORT. */
MockAgent *mock_agent_plug (MockUsbBus *bus, guint port, const char *serial);
/* The cable is out: for whoever has it open at once, and for the agent, which goes back to waiting. */
void mock_agent_unplug (MockAgent *self);
/* Plugs the same board, with all that it remembers, in again. */
void mock_agent_replug (MockAgent *self, guint port);
/* Unplugs it if it is plugged in. */
void mock_agent_free (MockAgent *self);

/* NULL while it is unplugged. */
MockUsbDevice *mock_agent_get_device (MockAgent *self);

/* The firmware hangs, with interrupts off, or goes on. */
void mock_agent_set_stuck (MockAgent *self, gboolean stuck);
