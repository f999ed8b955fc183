/* SPDX-License-Identifier: Apache-2.0 */
/* usb.c: OTG_FS at the Nucleo-L4R5ZI's connector CN13, in place of the UART.
 *
 * NOT YET RUN ON HARDWARE: written after RM0432 (STM32L4+) and UM2179 (the board). */
#include "target-agent/boards/cortex-m/usb.h"

#include "target-agent/boards/cortex-m/registers.h"
#include "target-agent/usb/agent-port.h"
#include "target-agent/usb/otg-fs.h"

#define RCC_AHB2ENR  0x4002104Cu
#define RCC_APB1ENR1 0x40021058u
#define RCC_CCIPR    0x40021088u
#define RCC_CRRCR    0x40021098u
#define PWR_CR2      0x40007004u
#define CRS_CR       0x40006000u
#define GPIOA_MODER  0x48000000u
#define GPIOA_SPEED  0x48000008u
#define GPIOA_AFRH   0x48000024u

#define GPIOA_ON    1u
#define OTGFS_ON    (1u << 12)
#define CRS_ON      (1u << 24)
#define PWR_ON      (1u << 28)
#define CLK48_MASK  (3u << 26) /* 0: the oscillator of 48 MHz */
#define HSI48_ON    1u
#define HSI48_READY 2u
#define USB_POWER   (1u << 10)
/* CEN and AUTOTRIMEN: the host's frames are what CRS compares with after reset. */
#define TRIM_BY_FRAMES (1u << 5 | 1u << 6)

/* Reading it back waits until the peripheral has its clock; writes before are lost. */
static void
switch_on (uint32_t enable_register, uint32_t peripheral)
{
  register_change (enable_register, 0, peripheral);
  (void)register_read (enable_register);
}

/* PA11 and PA12 are DM and DP, alternate function 10. */
static void
start_pins (void)
{
  const uint32_t modes = 3u << 22 | 3u << 24;

  switch_on (RCC_AHB2ENR, GPIOA_ON);
  register_change (GPIOA_AFRH, 15u << 12 | 15u << 16, 10u << 12 | 10u << 16);
  register_change (GPIOA_SPEED, 0, modes);
  register_change (GPIOA_MODER, modes, 2u << 22 | 2u << 24);
}

/* The internal oscillator is exact enough for USB once it follows the host. */
static void
start_clock (void)
{
  register_change (RCC_CRRCR, 0, HSI48_ON);
  while (!(register_read (RCC_CRRCR) & HSI48_READY))
    ;
  register_change (RCC_CCIPR, CLK48_MASK, 0);
  switch_on (RCC_APB1ENR1, CRS_ON);
  register_change (CRS_CR, 0, TRIM_BY_FRAMES);
}

/* Until USV says that VDDUSB is there, the transceiver is cut off from the controller. */
static void
start_controller (void)
{
  switch_on (RCC_APB1ENR1, PWR_ON);
  register_change (PWR_CR2, 0, USB_POWER);
  switch_on (RCC_AHB2ENR, OTGFS_ON);
}

bool
board_open_usb (fta_port *port, const char *serial)
{
  static fta_usb_device device;
  static fta_otg_fs otg;
  const fta_usb_identity identity = {
    .vendor = FTA_USB_VENDOR_ID,
    .product = FTA_USB_PRODUCT_ID,
    .release = FTA_USB_RELEASE,
    .manufacturer = "Fettle",
    .name = "Nucleo-L4R5ZI",
    .serial = serial,
  };

  start_pins ();
  start_clock ();
  start_controller ();
  if (!fta_otg_fs_init (&otg, FTA_OTG_FS_STM32L4, false, &device, &identity))
    return false;
  fta_usb_agent_port (port, &device);
  fta_otg_fs_watch (&otg, port);
  return true;
}
