/* SPDX-License-Identifier: Apache-2.0 */
/* doorbell.h: bytes on the UART tell what a semihosting read cannot: that there is something to read. */
#pragma once

#include "target-agent/agent.h"

void doorbell_init (void);
/* Tells an agent where to look for it. */
void doorbell_watch (fta_port *port);
/* Whether it rang; TRUE once for each byte. */
bool doorbell_rang (void);
