/* SPDX-License-Identifier: Apache-2.0 */
/* otg-fs.c: the OTG_FS controller of STM32L4. NOT YET RUN ON HARDWARE, see otg-fs.h. */
#include "target-agent/usb/otg-fs.h"

#include "target-agent/usb/otg-fs-registers.h"

#include <string.h>

/* The controller's memory of 320 words: what comes in (the manual asks for 52 with two endpoints), endpoint 0,
 * and a whole write to endpoint 1. */
#define RECEIVE_WORDS 128u
#define CONTROL_WORDS 32u
#define BULK_WORDS    (FTA_USB_WRITE_MOST / 4u)
#define ALL_FIFOS     0x10u

#define BULK 1u
/* Cycles of the bus between the bytes of a packet, for AHB clocks from 32 MHz. */
#define TURNAROUND 6u
/* Reads of a register after which hardware that does not answer is given up. The slowest answer, the change to
 * device mode, takes 25 ms. */
#define PATIENCE 1000000u

#ifdef FTA_OTG_FS_MODEL
/* A test's. */
uint32_t fta_otg_fs_read (uintptr_t base, uint32_t offset);
void fta_otg_fs_write (uintptr_t base, uint32_t offset, uint32_t value);
#else
static inline uint32_t
fta_otg_fs_read (uintptr_t base, uint32_t offset)
{
  return *(volatile uint32_t *)(base + offset);
}

static inline void
fta_otg_fs_write (uintptr_t base, uint32_t offset, uint32_t value)
{
  *(volatile uint32_t *)(base + offset) = value;
}
#endif

static inline uint32_t
get (const fta_otg_fs *otg, uint32_t offset)
{
  return fta_otg_fs_read (otg->base, offset);
}

static inline void
put (const fta_otg_fs *otg, uint32_t offset, uint32_t value)
{
  fta_otg_fs_write (otg->base, offset, value);
}

/* Of an endpoint's control register: what starts something when it is written as 1 is left out. */
static void
change_control (const fta_otg_fs *otg, uint32_t offset, uint32_t clear, uint32_t set)
{
  uint32_t kept = get (otg, offset) & ~(OTG_EPCTL_EPENA | OTG_EPCTL_EPDIS | clear);

  put (otg, offset, kept | set);
}

static bool
wait_until (const fta_otg_fs *otg, uint32_t offset, uint32_t mask, uint32_t value)
{
  for (uint32_t i = 0; i < PATIENCE; i++)
    if ((get (otg, offset) & mask) == value)
      return true;
  return false;
}

static void
flush_transmit (const fta_otg_fs *otg, uint32_t fifo)
{
  put (otg, OTG_GRSTCTL, OTG_GRSTCTL_TXFNUM (fifo) | OTG_GRSTCTL_TXFFLSH);
  wait_until (otg, OTG_GRSTCTL, OTG_GRSTCTL_TXFFLSH, 0);
}

/* Takes back what endpoint N was about to send. */
static void
stop_transmit (const fta_otg_fs *otg, uint32_t n)
{
  if (!(get (otg, OTG_DIEPCTL (n)) & OTG_EPCTL_EPENA))
    return;
  change_control (otg, OTG_DIEPCTL (n), 0, OTG_EPCTL_SNAK);
  wait_until (otg, OTG_DIEPINT (n), OTG_DIEPINT_INEPNE, OTG_DIEPINT_INEPNE);
  change_control (otg, OTG_DIEPCTL (n), 0, OTG_EPCTL_SNAK | OTG_EPCTL_EPDIS);
  wait_until (otg, OTG_DIEPINT (n), OTG_EPINT_EPDISD, OTG_EPINT_EPDISD);
  put (otg, OTG_DIEPINT (n), OTG_EPINT_EPDISD | OTG_EPINT_XFRC);
  flush_transmit (otg, n);
}

/* --- the port's functions --- */

static void
connect_device (void *user, bool on)
{
  fta_otg_fs *otg = user;
  uint32_t control = get (otg, OTG_DCTL) & ~OTG_DCTL_SDIS;

  put (otg, OTG_DCTL, on ? control : control | OTG_DCTL_SDIS);
}

/* The core uses it from the end of the status stage on. */
static void
set_address (void *user, uint8_t address)
{
  put (user, OTG_DCFG, OTG_DCFG_DSPD_FULL | OTG_DCFG_DAD ((uint32_t)address));
}

static void
close_endpoint (fta_otg_fs *otg, uint32_t offset)
{
  uint32_t disable = get (otg, offset) & OTG_EPCTL_EPENA ? OTG_EPCTL_EPDIS : 0;

  change_control (otg, offset, OTG_EPCTL_USBAEP | OTG_EPCTL_STALL,
                  OTG_EPCTL_SNAK | disable);
}

static void
open_endpoint (void *user, uint8_t endpoint, uint16_t size)
{
  fta_otg_fs *otg = user;
  bool in = endpoint == FTA_USB_ENDPOINT_IN;
  uint32_t offset = in ? OTG_DIEPCTL (BULK) : OTG_DOEPCTL (BULK);

  if (in)
    stop_transmit (otg, BULK);
  else
    otg->awaited[BULK] = NULL;
  if (size == 0)
    close_endpoint (otg, offset);
  else
    change_control (otg, offset, OTG_EPCTL_STALL,
                    OTG_EPCTL_MPSIZ (size) | OTG_EPCTL_USBAEP | OTG_EPCTL_BULK
                        | OTG_EPCTL_SD0PID | OTG_EPCTL_SNAK
                        | (in ? OTG_EPCTL_TXFNUM (BULK) : 0));
}

static void
flush (void *user, uint8_t endpoint)
{
  fta_otg_fs *otg = user;

  if (endpoint == FTA_USB_ENDPOINT_IN)
    stop_transmit (otg, BULK);
  else
    otg->awaited[BULK] = NULL;
}

static void
write_endpoint (void *user, uint8_t endpoint, const uint8_t *bytes, size_t size)
{
  fta_otg_fs *otg = user;
  const uint32_t n = endpoint & 0x7F;
  uint32_t packets =
      (uint32_t)((size + FTA_USB_CONTROL_PACKET - 1) / FTA_USB_CONTROL_PACKET);

  put (otg, OTG_DIEPTSIZ (n),
       OTG_EPTSIZ_PKTCNT (packets > 0 ? packets : 1) | (uint32_t)size);
  change_control (otg, OTG_DIEPCTL (n), 0, OTG_EPCTL_EPENA | OTG_EPCTL_CNAK);
  for (size_t at = 0; at < size; at += 4)
    {
      uint32_t word = 0;

      memcpy (&word, bytes + at, size - at < 4 ? size - at : 4);
      put (otg, OTG_FIFO (n), word);
    }
}

static void
receive (void *user, uint8_t endpoint, uint8_t *packet)
{
  fta_otg_fs *otg = user;
  const uint32_t n = endpoint;

  otg->awaited[n] = packet;
  otg->received[n] = 0;
  if (get (otg, OTG_DOEPCTL (n)) & OTG_EPCTL_EPENA)
    {
      /* It waits for a packet since before it was flushed or halted. */
      change_control (otg, OTG_DOEPCTL (n), 0, OTG_EPCTL_CNAK);
      return;
    }
  put (otg, OTG_DOEPTSIZ (n),
       OTG_EPTSIZ_PKTCNT (1u) | FTA_USB_CONTROL_PACKET
           | (n == 0 ? OTG_EPTSIZ_STUPCNT (3u) : 0));
  change_control (otg, OTG_DOEPCTL (n), 0, OTG_EPCTL_EPENA | OTG_EPCTL_CNAK);
}

static void
stall (void *user, uint8_t endpoint)
{
  fta_otg_fs *otg = user;

  if (endpoint == 0)
    change_control (otg, OTG_DOEPCTL (0), 0, OTG_EPCTL_STALL);
  if (endpoint == 0 || endpoint == FTA_USB_ENDPOINT_IN)
    {
      stop_transmit (otg, endpoint & 0x7F);
      change_control (otg, OTG_DIEPCTL (endpoint & 0x7Fu), 0, OTG_EPCTL_STALL);
    }
  else
    change_control (otg, OTG_DOEPCTL (BULK), 0, OTG_EPCTL_STALL);
}

/* --- what happens --- */

/* Endpoint 0 takes SETUP whether it is enabled or not, up to three on end. While it is enabled, it is for the
 * status stage of the transfer before, with the same number. */
static void
await_setup (const fta_otg_fs *otg)
{
  if (get (otg, OTG_DOEPCTL (0)) & OTG_EPCTL_EPENA)
    return;
  put (otg, OTG_DOEPTSIZ (0),
       OTG_EPTSIZ_STUPCNT (3u) | OTG_EPTSIZ_PKTCNT (1u) | 3 * sizeof otg->setup);
}

static void
begin_bus_reset (fta_otg_fs *otg)
{
  for (uint32_t n = 0; n <= BULK; n++)
    {
      change_control (otg, OTG_DOEPCTL (n), OTG_EPCTL_STALL, OTG_EPCTL_SNAK);
      put (otg, OTG_DIEPINT (n), 0xFF);
      put (otg, OTG_DOEPINT (n), 0xFF);
      otg->awaited[n] = NULL;
    }
  flush_transmit (otg, ALL_FIFOS);
  put (otg, OTG_DCFG, OTG_DCFG_DSPD_FULL);
  await_setup (otg);
}

static void
end_bus_reset (fta_otg_fs *otg)
{
  put (otg, OTG_DCTL, get (otg, OTG_DCTL) | OTG_DCTL_CGINAK);
  fta_usb_bus_reset (otg->device, FTA_USB_FULL_SPEED);
}

/* Reads SIZE bytes that stand in the FIFO, also those that nobody waits for. */
static void
read_packet (const fta_otg_fs *otg, uint8_t *bytes, uint32_t size, uint32_t room)
{
  for (uint32_t at = 0; at < size; at += 4)
    {
      uint32_t word = get (otg, OTG_FIFO (0));

      if (bytes != NULL && at < room)
        memcpy (bytes + at, &word, room - at < 4 ? room - at : 4);
    }
}

static void
take_from_fifo (fta_otg_fs *otg)
{
  const uint32_t status = get (otg, OTG_GRXSTSP);
  const uint32_t n = OTG_GRXSTSP_EPNUM (status), size = OTG_GRXSTSP_BCNT (status);
  const uint32_t room = size < FTA_USB_CONTROL_PACKET ? size : FTA_USB_CONTROL_PACKET;

  switch (OTG_GRXSTSP_PKTSTS (status))
    {
    case OTG_SETUP_DATA:
      read_packet (otg, otg->setup, size, sizeof otg->setup);
      break;
    case OTG_OUT_DATA:
      read_packet (otg, n <= BULK ? otg->awaited[n] : NULL, size, room);
      if (n <= BULK)
        otg->received[n] = room;
      break;
    default: /* the ends of transfers are told by DOEPINT too */
      break;
    }
}

static void
serve_in (fta_otg_fs *otg)
{
  for (uint32_t n = 0; n <= BULK; n++)
    if (get (otg, OTG_DIEPINT (n)) & OTG_EPINT_XFRC)
      {
        put (otg, OTG_DIEPINT (n), OTG_EPINT_XFRC);
        fta_usb_written (otg->device, n == 0 ? 0 : FTA_USB_ENDPOINT_IN);
      }
}

/* Ends of transfers before a SETUP, which came after them. */
static void
serve_out (fta_otg_fs *otg)
{
  const uint32_t control = get (otg, OTG_DOEPINT (0));

  for (uint32_t n = 0; n <= BULK; n++)
    if (get (otg, OTG_DOEPINT (n)) & OTG_EPINT_XFRC)
      {
        bool wanted = otg->awaited[n] != NULL;

        put (otg, OTG_DOEPINT (n), OTG_EPINT_XFRC);
        otg->awaited[n] = NULL;
        if (wanted)
          fta_usb_received (otg->device, (uint8_t)n, otg->received[n]);
      }
  if (control & OTG_DOEPINT_STUP)
    {
      put (otg, OTG_DOEPINT (0), OTG_DOEPINT_STUP);
      stop_transmit (otg, 0);
      await_setup (otg);
      fta_usb_setup (otg->device, otg->setup);
    }
}

static void
serve_cable (fta_otg_fs *otg)
{
  const uint32_t event = get (otg, OTG_GOTGINT);

  put (otg, OTG_GOTGINT, event);
  if (event & OTG_GOTGINT_SEDET)
    fta_usb_disconnected (otg->device);
}

#define NEWS                                                                             \
  (OTG_GINTSTS_OTGINT | OTG_GINTSTS_RXFLVL | OTG_GINTSTS_USBRST | OTG_GINTSTS_ENUMDNE    \
   | OTG_GINTSTS_IEPINT | OTG_GINTSTS_OEPINT)

void
fta_otg_fs_watch (const fta_otg_fs *otg, fta_port *port)
{
  port->attention = (const volatile uint32_t *)(otg->base + OTG_GINTSTS);
  port->attention_mask = NEWS;
}

static void
poll_registers (void *user, bool may_wait)
{
  fta_otg_fs *otg = user;
  const uint32_t events = get (otg, OTG_GINTSTS) & NEWS;

  if (events == 0)
    return;
  put (otg, OTG_GINTSTS, events & (OTG_GINTSTS_USBRST | OTG_GINTSTS_ENUMDNE));
  if (events & OTG_GINTSTS_OTGINT)
    serve_cable (otg);
  if (events & OTG_GINTSTS_USBRST)
    begin_bus_reset (otg);
  if (events & OTG_GINTSTS_ENUMDNE)
    end_bus_reset (otg);
  while (get (otg, OTG_GINTSTS) & OTG_GINTSTS_RXFLVL)
    take_from_fifo (otg);
  serve_in (otg);
  serve_out (otg);
}

/* --- start --- */

static bool
reset_core (const fta_otg_fs *otg)
{
  if (!wait_until (otg, OTG_GRSTCTL, OTG_GRSTCTL_AHBIDL, OTG_GRSTCTL_AHBIDL))
    return false;
  put (otg, OTG_GRSTCTL, OTG_GRSTCTL_CSRST);
  return wait_until (otg, OTG_GRSTCTL, OTG_GRSTCTL_CSRST, 0)
         && wait_until (otg, OTG_GRSTCTL, OTG_GRSTCTL_AHBIDL, OTG_GRSTCTL_AHBIDL);
}

static void
share_memory (const fta_otg_fs *otg)
{
  put (otg, OTG_GRXFSIZ, RECEIVE_WORDS);
  put (otg, OTG_DIEPTXF0, CONTROL_WORDS << 16 | RECEIVE_WORDS);
  put (otg, OTG_DIEPTXF1, BULK_WORDS << 16 | (RECEIVE_WORDS + CONTROL_WORDS));
  flush_transmit (otg, ALL_FIFOS);
  put (otg, OTG_GRSTCTL, OTG_GRSTCTL_RXFFLSH);
  wait_until (otg, OTG_GRSTCTL, OTG_GRSTCTL_RXFFLSH, 0);
}

/* No interrupt reaches the processor; the masks decide what GINTSTS sums up. */
static void
choose_events (const fta_otg_fs *otg)
{
  put (otg, OTG_GAHBCFG, 0);
  put (otg, OTG_GINTMSK, 0);
  put (otg, OTG_DIEPMSK, OTG_EPINT_XFRC);
  put (otg, OTG_DOEPMSK, OTG_EPINT_XFRC | OTG_DOEPINT_STUP);
  put (otg, OTG_DAINTMSK, 3u << 16 | 3u); /* endpoints 0 and 1, both ways */
  put (otg, OTG_GINTSTS, ~0u);
}

bool
fta_otg_fs_init (fta_otg_fs *otg, uintptr_t base, bool senses_vbus,
                 fta_usb_device *device, const fta_usb_identity *identity)
{
  const fta_usb_port port = {
    .connect = connect_device,
    .set_address = set_address,
    .open = open_endpoint,
    .flush = flush,
    .write = write_endpoint,
    .receive = receive,
    .stall = stall,
    .poll = poll_registers,
    .user = otg,
  };

  memset (otg, 0, sizeof *otg);
  otg->base = base;
  otg->device = device;
  if (!reset_core (otg))
    return false;
  put (otg, OTG_GUSBCFG, OTG_GUSBCFG_FDMOD | OTG_GUSBCFG_TRDT (TURNAROUND));
  if (!wait_until (otg, OTG_GINTSTS, OTG_GINTSTS_CMOD, 0))
    return false;
  if (!senses_vbus)
    put (otg, OTG_GOTGCTL,
         get (otg, OTG_GOTGCTL) | OTG_GOTGCTL_BVALOEN | OTG_GOTGCTL_BVALOVAL);
  put (otg, OTG_GCCFG, OTG_GCCFG_PWRDWN | (senses_vbus ? OTG_GCCFG_VBDEN : 0));
  put (otg, OTG_PCGCCTL, 0);
  put (otg, OTG_DCFG, OTG_DCFG_DSPD_FULL);
  put (otg, OTG_DCTL, OTG_DCTL_SDIS);
  share_memory (otg);
  choose_events (otg);
  fta_usb_init (device, &port, identity);
  return true;
}
