/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-identity.c: which ids are boards, and the rule that lets one use them.
 *
 * The argument is 70-fettle.rules with the pair for private tests. */
#include "config.h"
#include "profiler/usb-identity.h"

#include <string.h>

static const char *rules;

static void
test_chosen (void)
{
  FettleUsbId id;

  g_setenv ("FETTLE_USB_ID", "12ab:CDEF", TRUE);
  g_assert_true (fettle_usb_identity_get (&id));
  g_assert_cmphex (id.vendor, ==, 0x12ab);
  g_assert_cmphex (id.product, ==, 0xcdef);
}

/* What is no pair chooses nothing: the build's own, if it has one. */
static void
test_not_chosen (void)
{
  static const char *const wrong[] = { "",           "1209",      "1209:", "1209:00011",
                                       "1209:0001 ", "0000:0001", "xyz" };
  FettleUsbId id;

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_setenv ("FETTLE_USB_ID", wrong[i], TRUE);
      g_assert_true (fettle_usb_identity_get (&id) == (FETTLE_USB_VENDOR_ID != 0));
      g_assert_cmphex (id.vendor, ==, FETTLE_USB_VENDOR_ID);
      g_assert_cmphex (id.product, ==, FETTLE_USB_PRODUCT_ID);
    }
}

static void
test_boot_loaders (void)
{
  g_assert_cmpstr (fettle_usb_identity_get_boot_loader ((FettleUsbId){ 0x0483, 0xdf11 }),
                   ==, "STM32 in its boot loader");
  g_assert_null (fettle_usb_identity_get_boot_loader ((FettleUsbId){ 0x0483, 0x374b }));
}

/* What is shown to copy is what is installed. */
static void
test_rule (void)
{
  const FettleUsbId id = { 0x1209, 0x0001 };
  g_autofree char *rule = fettle_usb_identity_get_rule (id);
  g_autofree char *remedy = fettle_usb_identity_get_remedy (id);
  g_autofree char *installed = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert_true (g_file_get_contents (rules, &installed, NULL, NULL));
  lines = g_strsplit (installed, "\n", -1);
  g_assert_true (g_strv_contains ((const char *const *)lines, rule));
  g_assert_nonnull (strstr (remedy, rule));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  rules = argv[1];
  g_test_add_func ("/usb-identity/chosen", test_chosen);
  g_test_add_func ("/usb-identity/not-chosen", test_not_chosen);
  g_test_add_func ("/usb-identity/boot-loaders", test_boot_loaders);
  g_test_add_func ("/usb-identity/rule", test_rule);
  return g_test_run ();
}
