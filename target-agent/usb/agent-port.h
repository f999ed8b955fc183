/* SPDX-License-Identifier: Apache-2.0 */
/* agent-port.h: a USB device as the link of an agent. */
#pragma once

#include "target-agent/agent.h"
#include "target-agent/usb/device.h"

#ifdef __cplusplus
extern "C"
{
#endif

  /* Fills in what concerns bytes, ABORT and the end of a session; time is the board's. PORT's user
   * becomes DEVICE, which the board's own functions of PORT are then given. */
  void fta_usb_agent_port (fta_port *port, fta_usb_device *device);

#ifdef __cplusplus
}
#endif
