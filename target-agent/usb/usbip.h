/* SPDX-License-Identifier: Apache-2.0 */
/* usbip.h: a controller whose bus is a stream of USB/IP messages.
 *
 * Linux's vhci_hcd is the other end, so a process or a virtual machine is a device of a real kernel. The
 * messages are those of Documentation/usb/usbip_protocol.rst, version 1.1.1, after the import. A message cannot
 * overtake the one before it: what a host sends to the bulk endpoint is buffered here, so that requests to
 * endpoint 0 get through while the device answers NAK. */
#pragma once

#include "target-agent/usb/device.h"

#ifdef __cplusplus
extern "C"
{
#endif

#define FTA_USBIP_HEADER 48
/* The longest IN transfer that is filled; a longer one ends early, as by a short packet. */
#define FTA_USBIP_TRANSFER 16384
#define FTA_USBIP_OUT      131072 /* bytes of bulk OUT that may wait for the device */
#define FTA_USBIP_PENDING  32     /* transfers in each direction */

  typedef struct fta_usbip_stream
  {
    /* Copies up to CAPACITY bytes; 0 if none have come. May wait some milliseconds for the first if
     * MAY_WAIT. It may call fta_usbip_plug before it returns the first bytes of another bus. */
    size_t (*read) (void *user, uint8_t *bytes, size_t capacity, bool may_wait);
    /* All SIZE bytes; waits for room, which the kernel makes at once. */
    void (*write) (void *user, const uint8_t *bytes, size_t size);
    void *user;
  } fta_usbip_stream;

  typedef struct fta_usbip_transfer
  {
    uint32_t sequence, length;
    uint32_t done; /* bytes */
  } fta_usbip_transfer;

  typedef struct fta_usbip_endpoint
  {
    uint16_t packet_size; /* 0: not open */
    bool stalled;
    uint32_t n_pending;
    fta_usbip_transfer pending[FTA_USBIP_PENDING]; /* oldest first */
  } fta_usbip_endpoint;

  /* Private to usbip.c. */
  typedef struct fta_usbip
  {
    fta_usb_device *device;
    fta_usbip_stream stream;
    bool broken; /* not USB/IP: nothing more is read */

    /* the message that is being received */
    uint8_t inbox[4096];
    size_t inbox_begin, inbox_end;
    uint8_t header[FTA_USBIP_HEADER];
    uint32_t header_size, data_left;

    struct
    {
      uint32_t sequence, wanted, size;
      bool active, written, awaited, stalled;
      uint8_t reply[FTA_USBIP_HEADER + FTA_USB_CONTROL_MOST];
    } control;

    fta_usbip_endpoint out_endpoint, in_endpoint;
    uint8_t out[FTA_USBIP_OUT]; /* of the pending transfers, one after the other */
    size_t out_begin, out_end;
    uint8_t *awaited; /* where the device wants the next packet */
    uint8_t fifo[FTA_USB_WRITE_MOST];
    size_t fifo_begin, fifo_end;
    bool fifo_full; /* also with an empty packet */
    uint8_t reply[FTA_USBIP_HEADER + FTA_USBIP_TRANSFER];
  } fta_usbip;

  /* DEVICE is filled in and connected; the caller owns both. */
  void fta_usbip_init (fta_usbip *usbip, const fta_usbip_stream *stream,
                       fta_usb_device *device, const fta_usb_identity *identity);

  /* The device is in a port of another bus: nothing of the one before is answered any more. */
  void fta_usbip_plug (fta_usbip *usbip);

#ifdef __cplusplus
}
#endif
