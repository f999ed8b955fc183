/* SPDX-License-Identifier: Apache-2.0 */
/* usb.c: OTG_FS at the Nucleo-L4R5ZI's connector CN13, in place of the UART.
 *
 * NOT YET RUN ON HARDWARE: written after RM0432 (STM32L4+) and UM2179 (the board). */
#include "target-agent/boards/cortex-m/usb.h"

#include "target-agent/usb/agent-port.h"
#include "target-agent/usb/otg-fs.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))

#define RCC_AHB2ENR  REGISTER (0x4002104Cu)
#define RCC_APB1ENR1 REGISTER (0x40021058u)
#define RCC_CCIPR    REGISTER (0x40021088u)
#define RCC_CRRCR    REGISTER (0x40021098u)
#define PWR_CR2      REGISTER (0x40007004u)
#define CRS_CR       REGISTER (0x40006000u)
#define GPIOA_MODER  REGISTER (0x48000000u)
#define GPIOA_SPEED  REGISTER (0x48000008u)
#define GPIOA_AFRH   REGISTER (0x48000024u)

#define GPIOA_ON    1u
#define OTGFS_ON    (1u << 12)
#define CRS_ON      (1u << 24)
#define CLK48_MASK  (3u << 26) /* 0: the oscillator of 48 MHz */
#define HSI48_ON    1u
#define HSI48_READY 2u
#define USB_POWER   (1u << 10)
#define TRIM_BY_FRAMES                                                                   \
  (1u << 6 | 1u << 5) /* the host's frames are what CRS compares with after reset */

/* PA11 and PA12 are DM and DP, alternate function 10. */
static void
start_pins (void)
{
  const uint32_t modes = 3u << 22 | 3u << 24;

  RCC_AHB2ENR |= GPIOA_ON;
  (void)RCC_AHB2ENR; /* until it is switched on */
  GPIOA_AFRH = (GPIOA_AFRH & ~(15u << 12 | 15u << 16)) | 10u << 12 | 10u << 16;
  GPIOA_SPEED |= modes;
  GPIOA_MODER = (GPIOA_MODER & ~modes) | 2u << 22 | 2u << 24;
}

/* The internal oscillator is exact enough for USB once it follows the host. */
static void
start_clock (void)
{
  RCC_CRRCR |= HSI48_ON;
  while (!(RCC_CRRCR & HSI48_READY))
    ;
  RCC_CCIPR &= ~CLK48_MASK;
  RCC_APB1ENR1 |= CRS_ON;
  (void)RCC_APB1ENR1;
  CRS_CR |= TRIM_BY_FRAMES;
  PWR_CR2 |= USB_POWER;
  RCC_AHB2ENR |= OTGFS_ON;
  (void)RCC_AHB2ENR;
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
  if (!fta_otg_fs_init (&otg, FTA_OTG_FS_STM32L4, false, &device, &identity))
    return false;
  fta_usb_agent_port (port, &device);
  fta_otg_fs_watch (&otg, port);
  return true;
}
