/* SPDX-License-Identifier: Apache-2.0 */
/* otg-fs.h: the OTG_FS controller of STM32L4, and others with the same core, as a port of the device core.
 *
 * NOT YET RUN ON HARDWARE: written after RM0432 (STM32L4+), chapter "USB on-the-go full-speed", and run against a
 * model of its registers in tests/unit/target-agent. Whoever runs it on silicon, please report.
 *
 * The core is a DesignWare USB 2.0 OTG in device mode, without DMA and without interrupts: the controller answers
 * NAK until it is polled. Before fta_otg_fs_init the board gives it a clock of 48 MHz, its bus clock (AHB of
 * at least 32 MHz), power (PWR_CR2.USV) and the pins DM and DP. */
#pragma once

#include "target-agent/agent.h"
#include "target-agent/usb/device.h"

#ifdef __cplusplus
extern "C"
{
#endif

#define FTA_OTG_FS_STM32L4 0x50000000u

  /* Private to otg-fs.c. */
  typedef struct fta_otg_fs
  {
    fta_usb_device *device;
    uintptr_t base;
    uint8_t setup[8];
    uint8_t *awaited[2];  /* of OUT endpoints 0 and 1; NULL: what comes is dropped */
    uint32_t received[2]; /* bytes */
  } fta_otg_fs;

  /* BASE is where the registers are. SENSES_VBUS: the pin VBUS is wired, so that the cable is seen to be pulled;
   * without, only the next bus reset tells. DEVICE is filled in and connected; the caller owns both. FALSE if the
   * core does not answer, as it does without a clock. */
  bool fta_otg_fs_init (fta_otg_fs *otg, uintptr_t base, bool senses_vbus,
                        fta_usb_device *device, const fta_usb_identity *identity);

  /* Tells an agent which register has news, so that it need not ask around each layer. */
  void fta_otg_fs_watch (const fta_otg_fs *otg, fta_port *port);

#ifdef __cplusplus
}
#endif
