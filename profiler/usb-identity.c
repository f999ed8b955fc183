/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usb-identity.c: which USB ids are boards, and the udev rule that lets one use them. */
#include "profiler/usb-identity.h"

#include "config.h"

#include <stdio.h>
#include <string.h>

static const struct
{
  FettleUsbId id;
  const char *name;
} boot_loaders[] = {
  { { 0x0483, 0xdf11 }, "STM32 in its boot loader" },
  { { 0x1915, 0x521f }, "nRF52 in its boot loader" },
  { { 0x2e8a, 0x0003 }, "RP2040 in its boot loader" },
};

static gboolean
parse (const char *text, FettleUsbId *id)
{
  unsigned int vendor, product;
  int length = 0;

  if (sscanf (text, "%4x:%4x%n", &vendor, &product, &length) != 2
      || (gsize)length != strlen (text))
    return FALSE;
  id->vendor = (guint16)vendor;
  id->product = (guint16)product;
  return vendor != 0;
}

gboolean
fettle_usb_identity_get (FettleUsbId *id)
{
  const char *chosen = g_getenv ("FETTLE_USB_ID");

  if (chosen != NULL && parse (chosen, id))
    return TRUE;
  id->vendor = FETTLE_USB_VENDOR_ID;
  id->product = FETTLE_USB_PRODUCT_ID;
  return id->vendor != 0;
}

const char *
fettle_usb_identity_get_boot_loader (FettleUsbId id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (boot_loaders); i++)
    if (boot_loaders[i].id.vendor == id.vendor
        && boot_loaders[i].id.product == id.product)
      return boot_loaders[i].name;
  return NULL;
}

char *
fettle_usb_identity_get_rule (FettleUsbId id)
{
  return g_strdup_printf ("SUBSYSTEM==\"usb\", ENV{DEVTYPE}==\"usb_device\", "
                          "ATTR{idVendor}==\"%04x\", ATTR{idProduct}==\"%04x\", "
                          "MODE=\"0660\", TAG+=\"uaccess\"",
                          id.vendor, id.product);
}

char *
fettle_usb_identity_get_remedy (FettleUsbId id)
{
  g_autofree char *rule = fettle_usb_identity_get_rule (id);

  return g_strdup_printf ("sudo tee /etc/udev/rules.d/70-fettle.rules <<'END'\n"
                          "%s\n"
                          "END\n"
                          "sudo udevadm control --reload\n"
                          "sudo udevadm trigger --subsystem-match=usb\n",
                          rule);
}
