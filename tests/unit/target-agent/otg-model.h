/* SPDX-License-Identifier: GPL-3.0-or-later */
/* otg-model.h: registers and FIFOs of OTG_FS in memory, with a host on the other side.
 *
 * It does what RM0432 says that the core does, and fails a test that breaks one of the manual's rules: sizes are
 * set while an endpoint is off, a FIFO gets no more than was announced and fits, what was received is popped
 * word by word, and so on. It is a model of the manual, not of silicon. */
#pragma once

#include "target-agent/usb/otg-fs.h"

#include <glib.h>

#define OTG_ENDPOINTS 2

typedef enum
{
  OTG_NAK,
  OTG_STALL,
  OTG_ACK,
} OtgHandshake;

typedef struct
{
  guint32 registers[0x400]; /* by offset / 4 */
  GQueue events;            /* of OtgEvent: what GRXSTSP pops */
  GQueue words; /* what the popped event left to read from the FIFO, guint32 */
  GByteArray *transmit[OTG_ENDPOINTS];
  guint packets_left[OTG_ENDPOINTS]; /* of IN, from PKTCNT */
  guint bytes_left[OTG_ENDPOINTS];   /* announced, not yet written */
  guint n_reads;
  gboolean dead;               /* a core without a clock */
  guint in_toggle, out_toggle; /* of the bulk endpoints */
  fta_usb_device device;
  fta_otg_fs otg;
} OtgModel;

/* For g_test_add. */
void otg_set_up (OtgModel *model, gconstpointer senses_vbus);
void otg_tear_down (OtgModel *model, gconstpointer data);

/* The host. Nothing here polls the device but otg_control and otg_enumerate. */
void otg_bus_reset (OtgModel *model);
void otg_pull_cable (OtgModel *model);
void otg_send_setup (OtgModel *model, const guint8 *setup);
OtgHandshake otg_send (OtgModel *model, guint endpoint, const void *bytes, guint size);
/* A packet from the device, to BYTES. */
OtgHandshake otg_take (OtgModel *model, guint endpoint, guint8 *bytes, guint *size);
void otg_poll (OtgModel *model);
/* GINTSTS, as the device would read it. */
guint32 otg_get_status (OtgModel *model);

/* As usb_control in usb-fixture.h. */
gint otg_control (OtgModel *model, guint type, guint code, guint value, guint index,
                  guint8 *data, guint length);
void otg_enumerate (OtgModel *model);
