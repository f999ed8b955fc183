/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-nucleo-usb.c: what the Nucleo-L4R5ZI switches on for USB, and in which order, by a model of its registers.
 *
 * As on silicon, a write to a peripheral without a clock is lost, and a clock that was switched on is there from
 * the next read of its register on. Addresses and bits are written here once more, from RM0432. */
#include "target-agent/boards/cortex-m/registers.h"
#include "target-agent/boards/cortex-m/usb.h"
#include "target-agent/usb/device.h"
#include "target-agent/usb/otg-fs-registers.h"
#include "target-agent/usb/otg-fs.h"

#include <glib.h>

#define RCC         0x40021000u
#define AHB2ENR     (RCC + 0x4C)
#define APB1ENR1    (RCC + 0x58)
#define CCIPR       (RCC + 0x88)
#define CRRCR       (RCC + 0x98)
#define CRS         0x40006000u
#define PWR         0x40007000u
#define PWR_CR2     (PWR + 0x04)
#define GPIOA       0x48000000u
#define GPIOA_MODER GPIOA
#define GPIOA_SPEED (GPIOA + 0x08)
#define GPIOA_AFRH  (GPIOA + 0x24)

#define GPIOAEN  (1u << 0)
#define OTGFSEN  (1u << 12)
#define CRSEN    (1u << 24)
#define PWREN    (1u << 28)
#define USV      (1u << 10)
#define IOSV     (1u << 9)
#define HSI48ON  (1u << 0)
#define HSI48RDY (1u << 1)
#define CLK48SEL (3u << 26)
#define LPUART1  (1u << 10) /* CCIPR: its clock, which is not USB's to change */
#define AHB_IDLE (1u << 31)
#define SLOWNESS 5 /* reads until the oscillator is ready */

/* What functions without an argument for it reach. */
static struct
{
  GHashTable *values;
  guint32 ahb2, apb1; /* clocks that have arrived */
  guint reads_until_ready;
  gboolean dead;
  guint n_controller_writes;
} chip;

static guint32
value_at (guint32 address)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (chip.values, GUINT_TO_POINTER (address)));
}

static void
set_value (guint32 address, guint32 value)
{
  g_hash_table_insert (chip.values, GUINT_TO_POINTER (address), GUINT_TO_POINTER (value));
}

static gboolean
has_clock (guint32 address)
{
  switch (address & ~0x3FFu)
    {
    case GPIOA:
      return (chip.ahb2 & GPIOAEN) != 0;
    case CRS:
      return (chip.apb1 & CRSEN) != 0;
    case PWR:
      return (chip.apb1 & PWREN) != 0;
    default:
      g_assert_cmphex (address & ~0x3FFu, ==, RCC);
      return TRUE;
    }
}

uint32_t
register_read (uint32_t address)
{
  if (!has_clock (address))
    return 0;
  if (address == AHB2ENR)
    chip.ahb2 = value_at (address);
  if (address == APB1ENR1)
    chip.apb1 = value_at (address);
  if (address == CRRCR && (value_at (CRRCR) & HSI48ON) && chip.reads_until_ready > 0
      && --chip.reads_until_ready == 0)
    set_value (CRRCR, value_at (CRRCR) | HSI48RDY);
  return value_at (address);
}

void
register_write (uint32_t address, uint32_t value)
{
  if (!has_clock (address))
    return;
  if (address == AHB2ENR && (value & OTGFSEN))
    {
      g_assert_cmphex (value_at (PWR_CR2) & USV, ==, USV);
      g_assert_cmphex (value_at (CRRCR) & HSI48RDY, ==, HSI48RDY);
    }
  if (address == CRS) /* it trims an oscillator that runs */
    g_assert_cmphex (value_at (CRRCR) & HSI48RDY, ==, HSI48RDY);
  set_value (address, value);
}

/* --- the controller: it needs all of them before it is touched --- */

uint32_t fta_otg_fs_read (uintptr_t base, uint32_t offset);
void fta_otg_fs_write (uintptr_t base, uint32_t offset, uint32_t value);

static void
check_controller_is_on (uintptr_t base)
{
  g_assert_cmphex (base, ==, 0x50000000);
  g_assert_cmphex (chip.ahb2 & OTGFSEN, ==, OTGFSEN);
  g_assert_cmphex (value_at (CRRCR) & HSI48RDY, ==, HSI48RDY);
  g_assert_cmphex (value_at (CCIPR) & CLK48SEL, ==, 0);
}

uint32_t
fta_otg_fs_read (uintptr_t base, uint32_t offset)
{
  check_controller_is_on (base);
  return offset == OTG_GRSTCTL && !chip.dead ? AHB_IDLE : 0;
}

void
fta_otg_fs_write (uintptr_t base, uint32_t offset, uint32_t value)
{
  check_controller_is_on (base);
  chip.n_controller_writes++;
}

/* --- tests --- */

/* After reset, and with what board_start has done for the UART: PG2 to PG15 have power, PWR and LPUART1 a clock. */
static void
reset_chip (void)
{
  g_clear_pointer (&chip.values, g_hash_table_unref);
  chip.values = g_hash_table_new (NULL, NULL);
  chip.ahb2 = 0;
  chip.apb1 = PWREN;
  chip.reads_until_ready = SLOWNESS;
  chip.dead = FALSE;
  chip.n_controller_writes = 0;
  set_value (APB1ENR1, PWREN);
  set_value (PWR_CR2, IOSV);
  set_value (CCIPR, CLK48SEL | LPUART1);
  set_value (GPIOA_MODER, 0xABFFFFFF);
  set_value (GPIOA_SPEED, 0x0C000000);
  set_value (GPIOA_AFRH, 0x00012300);
}

static void
test_order (void)
{
  fta_port port = { 0 };

  reset_chip ();
  g_assert_true (board_open_usb (&port, "1"));
  g_assert_cmpuint (chip.n_controller_writes, >, 0);
  g_assert_cmphex (value_at (PWR_CR2), ==, USV | IOSV);
  g_assert_cmphex (value_at (CCIPR), ==, LPUART1);
  g_assert_cmphex (value_at (CRS), ==, 1u << 5 | 1u << 6);
  g_assert_cmphex (value_at (APB1ENR1), ==, PWREN | CRSEN);
}

/* PWR gets its clock from whoever needs it first. */
static void
test_without_uart (void)
{
  fta_port port = { 0 };

  reset_chip ();
  chip.apb1 = 0;
  set_value (APB1ENR1, 0);
  set_value (PWR_CR2, 0);
  g_assert_true (board_open_usb (&port, "1"));
  g_assert_cmphex (value_at (PWR_CR2), ==, USV);
}

/* PA11 and PA12, and no other: PA13 to PA15 are the debugger's. */
static void
test_pins (void)
{
  fta_port port = { 0 };

  reset_chip ();
  g_assert_true (board_open_usb (&port, "1"));
  g_assert_cmphex (value_at (GPIOA_MODER), ==, 0xAABFFFFF);
  g_assert_cmphex (value_at (GPIOA_SPEED), ==, 0x0FC00000);
  g_assert_cmphex (value_at (GPIOA_AFRH), ==, 0x000AA300);
}

static void
test_port (void)
{
  const char *serial = "0123456789abcdef01234567";
  fta_port port = { 0 };
  const fta_usb_device *device;

  reset_chip ();
  g_assert_true (board_open_usb (&port, serial));
  device = port.user;
  g_assert_cmpstr (device->identity.serial, ==, serial);
  g_assert_cmphex (device->identity.vendor, ==, FETTLE_USB_TEST_VENDOR_ID);
  g_assert_cmphex (device->identity.product, ==, FETTLE_USB_TEST_PRODUCT_ID);
  g_assert_false (device->identity.high_speed);
  g_assert_nonnull (port.read);
  g_assert_nonnull (port.write);
  g_assert_nonnull (port.reset);
  g_assert_nonnull (port.interrupted);
  g_assert_cmphex ((uintptr_t)port.attention, ==, 0x50000000 + OTG_GINTSTS);
}

static void
test_dead_controller (void)
{
  fta_port port = { 0 };

  reset_chip ();
  chip.dead = TRUE;
  g_assert_false (board_open_usb (&port, "1"));
  g_assert_null (port.read);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nucleo-usb/order", test_order);
  g_test_add_func ("/nucleo-usb/without-uart", test_without_uart);
  g_test_add_func ("/nucleo-usb/pins", test_pins);
  g_test_add_func ("/nucleo-usb/port", test_port);
  g_test_add_func ("/nucleo-usb/dead-controller", test_dead_controller);
  status = g_test_run ();
  g_clear_pointer (&chip.values, g_hash_table_unref);
  return status;
}
