/* SPDX-License-Identifier: Apache-2.0 */
/* link.h: how a virtual board's bytes travel. A firmware is linked with pipe.c or with usb.c. */
#pragma once

#include "target-agent/agent.h"

/* Fills in what concerns bytes and ABORT. FALSE if QEMU was not given what it needs. SERIAL names the board. */
bool link_init (fta_port *port, const char *serial);
