/* SPDX-License-Identifier: GPL-3.0-or-later */
/* otg-model.c: registers and FIFOs of OTG_FS in memory. */
#include "otg-model.h"

#include "target-agent/usb/otg-fs-registers.h"

#include <string.h>

#define DAINT         0x818
#define DTXFSTS(n)    (0x918u + 0x20u * (n))
#define MEMORY_WORDS  320u
#define NAKSTS        (1u << 17)
#define AHB_IDLE      (1u << 31)
#define DEVICE_PACKET 64u
#define EPINT_XFRC    1u
#define EPINT_EPDISD  2u
#define EPINT_STUP    8u
#define EPINT_INEPNE  (1u << 6)

typedef struct
{
  guint32 status;
  guint8 bytes[64];
  guint size;
} OtgEvent;

uint32_t fta_otg_fs_read (uintptr_t base, uint32_t offset);
void fta_otg_fs_write (uintptr_t base, uint32_t offset, uint32_t value);

static guint32 *
at (OtgModel *model, guint offset)
{
  g_assert_cmpuint (offset, <, sizeof model->registers);
  g_assert_cmpuint (offset % 4, ==, 0);
  return &model->registers[offset / 4];
}

/* --- reading --- */

static guint32
all_endpoints (OtgModel *model)
{
  guint32 events = 0;

  for (guint n = 0; n < OTG_ENDPOINTS; n++)
    {
      if (*at (model, OTG_DIEPINT (n)) & *at (model, OTG_DIEPMSK))
        events |= 1u << n;
      if (*at (model, OTG_DOEPINT (n)) & *at (model, OTG_DOEPMSK))
        events |= 1u << (16 + n);
    }
  return events & *at (model, OTG_DAINTMSK);
}

static guint32
sum_up (OtgModel *model)
{
  guint32 status = *at (model, OTG_GINTSTS), events = all_endpoints (model);

  status |= g_queue_is_empty (&model->events) ? 0 : OTG_GINTSTS_RXFLVL;
  status |= events & 0xFFFF ? OTG_GINTSTS_IEPINT : 0;
  status |= events >> 16 ? OTG_GINTSTS_OEPINT : 0;
  status |= *at (model, OTG_GOTGINT) ? OTG_GINTSTS_OTGINT : 0;
  return status;
}

static guint32
pop_status (OtgModel *model)
{
  OtgEvent *event = g_queue_pop_head (&model->events);
  guint32 status;
  guint n;

  g_assert_nonnull (event);
  /* What the event before brought has been read. */
  g_assert_true (g_queue_is_empty (&model->words));
  status = event->status;
  n = OTG_GRXSTSP_EPNUM (status);
  for (guint i = 0; i < event->size; i += 4)
    {
      guint32 word = 0;

      memcpy (&word, event->bytes + i, MIN (4, event->size - i));
      g_queue_push_tail (&model->words, GUINT_TO_POINTER (word));
    }
  if (OTG_GRXSTSP_PKTSTS (status) == OTG_OUT_COMPLETE)
    *at (model, OTG_DOEPINT (n)) |= EPINT_XFRC;
  if (OTG_GRXSTSP_PKTSTS (status) == OTG_SETUP_COMPLETE)
    *at (model, OTG_DOEPINT (n)) |= EPINT_STUP;
  g_free (event);
  return status;
}

uint32_t
fta_otg_fs_read (uintptr_t base, uint32_t offset)
{
  OtgModel *model = (OtgModel *)base;

  model->n_reads++;
  if (model->dead)
    return 0;
  if (offset >= OTG_FIFO (0))
    {
      g_assert_cmpuint (offset, ==, OTG_FIFO (0));
      g_assert_false (g_queue_is_empty (&model->words));
      return GPOINTER_TO_UINT (g_queue_pop_head (&model->words));
    }
  switch (offset)
    {
    case OTG_GINTSTS:
      return sum_up (model);
    case OTG_GRXSTSP:
      return pop_status (model);
    case OTG_GRSTCTL:
      return AHB_IDLE;
    default:
      return *at (model, offset);
    }
}

/* --- writing --- */

static guint
fifo_words (OtgModel *model, guint n)
{
  return *at (model, n == 0 ? (guint)OTG_DIEPTXF0 : (guint)OTG_DIEPTXF1) >> 16;
}

static void
write_fifo (OtgModel *model, guint n, guint32 word)
{
  guint size;

  g_assert_cmpuint (n, <, OTG_ENDPOINTS);
  g_assert_true (*at (model, OTG_DIEPCTL (n)) & OTG_EPCTL_EPENA);
  g_assert_cmpuint (model->bytes_left[n], >, 0);
  size = MIN (4, model->bytes_left[n]);
  g_byte_array_append (model->transmit[n], (const guint8 *)&word, size);
  model->bytes_left[n] -= size;
  g_assert_cmpuint ((model->transmit[n]->len + 3) / 4, <=, fifo_words (model, n));
}

static void
flush_fifo (OtgModel *model, guint n)
{
  g_byte_array_set_size (model->transmit[n], 0);
  model->bytes_left[n] = 0;
}

static void
write_reset (OtgModel *model, guint32 value)
{
  guint number = value >> 6 & 0x1F;

  if (value & OTG_GRSTCTL_CSRST)
    {
      memset (model->registers, 0, sizeof model->registers);
      *at (model, OTG_DCTL) = OTG_DCTL_SDIS;
    }
  for (guint n = 0; (value & OTG_GRSTCTL_TXFFLSH) && n < OTG_ENDPOINTS; n++)
    if (number == 0x10 || number == n)
      flush_fifo (model, n);
}

static void
start_in (OtgModel *model, guint n)
{
  guint32 size = *at (model, OTG_DIEPTSIZ (n));

  model->bytes_left[n] = size & 0x7FFFF;
  model->packets_left[n] = size >> 19 & 0x3FF;
  g_assert_cmpuint (model->transmit[n]->len, ==, 0);
  g_assert_cmpuint (model->packets_left[n], ==,
                    MAX (1, (model->bytes_left[n] + DEVICE_PACKET - 1) / DEVICE_PACKET));
}

static void
write_in_control (OtgModel *model, guint n, guint32 value)
{
  guint32 *control = at (model, OTG_DIEPCTL (n));
  gboolean enabled = (*control & OTG_EPCTL_EPENA) != 0;

  if (value & OTG_EPCTL_EPDIS)
    {
      g_assert_true (enabled);
      g_assert_true (*control & NAKSTS); /* the manual: NAK first */
      *at (model, OTG_DIEPINT (n)) |= EPINT_EPDISD;
      enabled = FALSE;
    }
  if (value & OTG_EPCTL_SNAK)
    *at (model, OTG_DIEPINT (n)) |= EPINT_INEPNE;
  if (value & OTG_EPCTL_SD0PID)
    model->in_toggle = 0;
  *control = (value
              & ~(OTG_EPCTL_EPENA | OTG_EPCTL_EPDIS | OTG_EPCTL_CNAK | OTG_EPCTL_SNAK
                  | OTG_EPCTL_SD0PID | NAKSTS))
             | (*control & NAKSTS);
  if (value & (OTG_EPCTL_CNAK | OTG_EPCTL_SNAK))
    *control = (*control & ~NAKSTS) | (value & OTG_EPCTL_SNAK ? NAKSTS : 0);
  if (value & OTG_EPCTL_EPENA)
    {
      g_assert_false (enabled);
      g_assert_true (n == 0 || (value & OTG_EPCTL_USBAEP));
      start_in (model, n);
      enabled = TRUE;
    }
  *control |= enabled ? OTG_EPCTL_EPENA : 0;
}

static void
write_out_control (OtgModel *model, guint n, guint32 value)
{
  guint32 *control = at (model, OTG_DOEPCTL (n));
  gboolean enabled = (*control & OTG_EPCTL_EPENA) != 0;

  if (value & OTG_EPCTL_SD0PID)
    model->out_toggle = 0;
  if (value & OTG_EPCTL_EPENA)
    g_assert_false (enabled);
  *control = (value
              & ~(OTG_EPCTL_EPENA | OTG_EPCTL_EPDIS | OTG_EPCTL_CNAK | OTG_EPCTL_SNAK
                  | OTG_EPCTL_SD0PID | NAKSTS))
             | (*control & NAKSTS);
  if (value & (OTG_EPCTL_CNAK | OTG_EPCTL_SNAK))
    *control = (*control & ~NAKSTS) | (value & OTG_EPCTL_SNAK ? NAKSTS : 0);
  enabled = (enabled || (value & OTG_EPCTL_EPENA)) && !(value & OTG_EPCTL_EPDIS);
  *control |= enabled ? OTG_EPCTL_EPENA : 0;
}

static gboolean
write_endpoint (OtgModel *model, guint32 offset, guint32 value)
{
  for (guint n = 0; n < OTG_ENDPOINTS; n++)
    {
      if (offset == OTG_DIEPCTL (n))
        write_in_control (model, n, value);
      else if (offset == OTG_DOEPCTL (n))
        write_out_control (model, n, value);
      else if (offset == OTG_DIEPINT (n) || offset == OTG_DOEPINT (n))
        *at (model, offset) &= ~value; /* written as 1 to clear */
      else if (offset == OTG_DIEPTSIZ (n) || offset == OTG_DOEPTSIZ (n))
        {
          guint control = offset == OTG_DIEPTSIZ (n) ? OTG_DIEPCTL (n) : OTG_DOEPCTL (n);

          g_assert_false (*at (model, control) & OTG_EPCTL_EPENA);
          *at (model, offset) = value;
        }
      else
        continue;
      return TRUE;
    }
  return FALSE;
}

void
fta_otg_fs_write (uintptr_t base, uint32_t offset, uint32_t value)
{
  OtgModel *model = (OtgModel *)base;

  if (model->dead || (offset < OTG_FIFO (0) && write_endpoint (model, offset, value)))
    return;
  if (offset >= OTG_FIFO (0))
    write_fifo (model, offset / 0x1000 - 1, value);
  else if (offset == OTG_GRSTCTL)
    write_reset (model, value);
  else if (offset == OTG_GINTSTS || offset == OTG_GOTGINT)
    *at (model, offset) &= ~value;
  else if (offset == OTG_DCTL)
    *at (model, offset) = value & ~OTG_DCTL_CGINAK;
  else
    *at (model, offset) = value;
}

/* --- set up --- */

static void
check_memory (OtgModel *model)
{
  guint receive = *at (model, OTG_GRXFSIZ);
  guint32 control = *at (model, OTG_DIEPTXF0), bulk = *at (model, OTG_DIEPTXF1);

  /* 10 for SETUP, 1, status and data twice over of the largest packet, one for each endpoint */
  g_assert_cmpuint (receive, >=, 13 + 2 * (64 / 4 + 1) + 5);
  g_assert_cmpuint (control & 0xFFFF, >=, receive);
  g_assert_cmpuint (control >> 16, >=, 16);
  g_assert_cmpuint (bulk & 0xFFFF, >=, (control & 0xFFFF) + (control >> 16));
  g_assert_cmpuint ((bulk & 0xFFFF) + (bulk >> 16), <=, MEMORY_WORDS);
}

void
otg_set_up (OtgModel *model, gconstpointer senses_vbus)
{
  const fta_usb_identity identity = {
    .vendor = FETTLE_USB_TEST_VENDOR_ID,
    .product = FETTLE_USB_TEST_PRODUCT_ID,
    .manufacturer = "Fettle",
    .name = "Board",
    .serial = "1",
  };

  g_queue_init (&model->events);
  g_queue_init (&model->words);
  for (guint n = 0; n < OTG_ENDPOINTS; n++)
    model->transmit[n] = g_byte_array_new ();
  g_assert_true (fta_otg_fs_init (&model->otg, (uintptr_t)model, senses_vbus != NULL,
                                  &model->device, &identity));
  check_memory (model);
  g_assert_cmpuint (*at (model, OTG_DCFG) & 3, ==, 3);
  g_assert_false (*at (model, OTG_DCTL) & OTG_DCTL_SDIS);
}

void
otg_tear_down (OtgModel *model, gconstpointer data)
{
  for (guint n = 0; n < OTG_ENDPOINTS; n++)
    g_byte_array_unref (model->transmit[n]);
  g_queue_clear_full (&model->events, g_free);
  g_queue_clear (&model->words);
}

/* --- the host --- */

void
otg_bus_reset (OtgModel *model)
{
  for (guint n = 0; n < OTG_ENDPOINTS; n++)
    {
      *at (model, OTG_DIEPCTL (n)) &= ~(OTG_EPCTL_EPENA | OTG_EPCTL_USBAEP);
      *at (model, OTG_DOEPCTL (n)) &= ~(OTG_EPCTL_EPENA | OTG_EPCTL_USBAEP);
    }
  *at (model, OTG_GINTSTS) |= OTG_GINTSTS_USBRST;
  otg_poll (model);
  g_assert_cmpuint (*at (model, OTG_DOEPTSIZ (0)) >> 29 & 3, ==, 3);
  g_assert_cmpuint (*at (model, OTG_DCFG) >> 4 & 0x7F, ==, 0);
  *at (model, OTG_GINTSTS) |= OTG_GINTSTS_ENUMDNE;
  otg_poll (model);
}

void
otg_pull_cable (OtgModel *model)
{
  *at (model, OTG_GOTGINT) |= OTG_GOTGINT_SEDET;
}

static void
push_event (OtgModel *model, guint kind, guint endpoint, const void *bytes, guint size)
{
  OtgEvent *event = g_new0 (OtgEvent, 1);

  g_assert_cmpuint (size, <=, sizeof event->bytes);
  event->status = kind << 17 | size << 4 | endpoint;
  event->size = size;
  if (size > 0)
    memcpy (event->bytes, bytes, size);
  g_queue_push_tail (&model->events, event);
}

void
otg_send_setup (OtgModel *model, const guint8 *setup)
{
  /* Taken in any state; what was stalled is so no longer, and NAK is set both ways. */
  *at (model, OTG_DIEPCTL (0)) &= ~OTG_EPCTL_STALL;
  *at (model, OTG_DOEPCTL (0)) &= ~OTG_EPCTL_STALL;
  *at (model, OTG_DIEPCTL (0)) |= NAKSTS;
  *at (model, OTG_DOEPCTL (0)) |= NAKSTS;
  push_event (model, OTG_SETUP_DATA, 0, setup, 8);
  push_event (model, OTG_SETUP_COMPLETE, 0, NULL, 0);
}

OtgHandshake
otg_send (OtgModel *model, guint endpoint, const void *bytes, guint size)
{
  guint32 *control = at (model, OTG_DOEPCTL (endpoint));

  if (*control & OTG_EPCTL_STALL)
    return OTG_STALL;
  if (!(*control & OTG_EPCTL_EPENA) || (*control & NAKSTS))
    return OTG_NAK;
  g_assert_cmpuint (*at (model, OTG_DOEPTSIZ (endpoint)) >> 19 & 0x3FF, ==, 1);
  g_assert_cmpuint (*at (model, OTG_DOEPTSIZ (endpoint)) & 0x7F, ==, DEVICE_PACKET);
  push_event (model, OTG_OUT_DATA, endpoint, bytes, size);
  push_event (model, OTG_OUT_COMPLETE, endpoint, NULL, 0);
  *control = (*control & ~OTG_EPCTL_EPENA) | NAKSTS;
  model->out_toggle ^= endpoint;
  return OTG_ACK;
}

OtgHandshake
otg_take (OtgModel *model, guint endpoint, guint8 *bytes, guint *size)
{
  guint32 *control = at (model, OTG_DIEPCTL (endpoint));
  GByteArray *fifo = model->transmit[endpoint];

  if (*control & OTG_EPCTL_STALL)
    return OTG_STALL;
  if (!(*control & OTG_EPCTL_EPENA) || (*control & NAKSTS))
    return OTG_NAK;
  *size = MIN (fifo->len, DEVICE_PACKET);
  if (*size > 0)
    {
      memcpy (bytes, fifo->data, *size);
      g_byte_array_remove_range (fifo, 0, *size);
    }
  model->in_toggle ^= endpoint;
  if (--model->packets_left[endpoint] > 0)
    return OTG_ACK;
  /* All that was announced has been written. */
  g_assert_cmpuint (model->bytes_left[endpoint] + fifo->len, ==, 0);
  *control &= ~OTG_EPCTL_EPENA;
  *at (model, OTG_DIEPINT (endpoint)) |= EPINT_XFRC;
  return OTG_ACK;
}

guint32
otg_get_status (OtgModel *model)
{
  return sum_up (model);
}

void
otg_poll (OtgModel *model)
{
  fta_usb_poll (&model->device, false);
  g_assert_true (g_queue_is_empty (&model->words));
}

/* --- control transfers --- */

gint
otg_control (OtgModel *model, guint type, guint code, guint value, guint index,
             guint8 *data, guint length)
{
  const guint8 setup[8] = { (guint8)type,   (guint8)code,
                            (guint8)value,  (guint8)(value >> 8),
                            (guint8)index,  (guint8)(index >> 8),
                            (guint8)length, (guint8)(length >> 8) };
  guint8 packet[64];
  guint size = 0, total = 0;

  otg_send_setup (model, setup);
  otg_poll (model);
  do
    {
      OtgHandshake handshake = otg_take (model, 0, packet, &size);

      if (handshake == OTG_STALL)
        return -1;
      g_assert_cmpint (handshake, ==, OTG_ACK);
      g_assert_cmpuint (total + size, <=, length);
      if (size > 0)
        memcpy (data + total, packet, size);
      total += size;
      otg_poll (model);
    }
  while (size == sizeof packet && total < length);
  if (length > 0)
    {
      g_assert_cmpint (otg_send (model, 0, NULL, 0), ==, OTG_ACK);
      otg_poll (model);
    }
  return (gint)total;
}

void
otg_enumerate (OtgModel *model)
{
  guint8 bytes[18];

  otg_bus_reset (model);
  g_assert_cmpint (otg_control (model, 0x80, 6, 0x0100, 0, bytes, 18), ==, 18);
  g_assert_cmpint (otg_control (model, 0, 5, 42, 0, NULL, 0), ==, 0);
  g_assert_cmpuint (*at (model, OTG_DCFG) >> 4 & 0x7F, ==, 42);
  g_assert_cmpint (otg_control (model, 0, 9, FTA_USB_CONFIGURATION, 0, NULL, 0), ==, 0);
}
