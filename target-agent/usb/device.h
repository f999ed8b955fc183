/* SPDX-License-Identifier: Apache-2.0 */
/* device.h: a USB device of one vendor interface with a pair of bulk endpoints.
 *
 * The core answers enumeration and moves packets; a port below it drives one controller. All state is
 * the caller's, nothing is allocated, and nothing happens outside of fta_usb_poll. Chapter 9 of the USB
 * 2.0 specification says what a device answers to which request. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "target-agent/usb/identity.h"

#ifdef __cplusplus
extern "C"
{
#endif

#define FTA_USB_CONTROL_PACKET 64
/* The most that the core hands to a port at once: a packet at high speed, eight at full speed. */
#define FTA_USB_WRITE_MOST 512
/* A string descriptor of 126 characters is the longest that the core composes. */
#define FTA_USB_CONTROL_MOST 254

  enum fta_usb_speed
  {
    FTA_USB_FULL_SPEED,
    FTA_USB_HIGH_SPEED,
  };

  /* What the device says of itself. Strings are ASCII and live as long as the device. */
  typedef struct fta_usb_identity
  {
    uint16_t vendor, product;
    uint16_t release; /* of the firmware, binary-coded decimal: 0x0100 is 1.00 */
    const char *manufacturer;
    const char *name;
    const char *serial; /* the unique id that HELLO tells too */
    bool high_speed;    /* the controller is capable of it */
  } fta_usb_identity;

  /* One controller. USER is passed to each function. None of them calls back into the core, except poll. */
  typedef struct fta_usb_port
  {
    /* Makes the device visible to the host, or not. */
    void (*connect) (void *user, bool on);
    /* Called before the status stage of SET_ADDRESS; a controller that would use ADDRESS at once has to
     * wait until that stage is over. */
    void (*set_address) (void *user, uint8_t address);
    /* Makes a bulk endpoint ready for packets of SIZE bytes: toggle at DATA0, not stalled, nothing
     * queued. Size 0: takes the endpoint out of use. Endpoint 0 is ready after each bus reset. */
    void (*open) (void *user, uint8_t endpoint, uint16_t size);
    /* Drops what is queued, and a packet that is waited for; the toggle goes on. */
    void (*flush) (void *user, uint8_t endpoint);
    /* Queues up to FTA_USB_WRITE_MOST bytes, on endpoint 0 up to FTA_USB_CONTROL_PACKET, as packets of
     * which all but the last are full; size 0 is an empty packet. Copies them. Not called again before
     * fta_usb_written, except after open and flush. */
    void (*write) (void *user, uint8_t endpoint, const uint8_t *bytes, size_t size);
    /* Takes the next packet to PACKET, which has room for a full one. The answer is fta_usb_received. */
    void (*receive) (void *user, uint8_t endpoint, uint8_t *packet);
    /* Answers STALL: a bulk endpoint until it is opened, endpoint 0 until the next SETUP. */
    void (*stall) (void *user, uint8_t endpoint);
    /* Reports what has happened since, by the functions below. If MAY_WAIT, it may wait some
     * milliseconds for something to happen. */
    void (*poll) (void *user, bool may_wait);
    void *user;
  } fta_usb_port;

  enum fta_usb_stage
  {
    FTA_USB_STAGE_IDLE,
    FTA_USB_STAGE_DATA,       /* to the host */
    FTA_USB_STAGE_STATUS_OUT, /* the host confirms data */
    FTA_USB_STAGE_STATUS_IN,  /* the device confirms a request without data */
  };

  /* Private to target-agent/usb. */
  typedef struct fta_usb_device
  {
    fta_usb_port port;
    fta_usb_identity identity;
    enum fta_usb_speed speed;
    uint8_t configuration; /* 0: not configured */

    /* endpoint 0 */
    enum fta_usb_stage stage;
    uint16_t control_begin, control_end;
    bool control_zero_length; /* a short packet is due after the data */
    uint8_t control[FTA_USB_CONTROL_MOST];
    uint8_t control_status[FTA_USB_CONTROL_PACKET];

    /* bulk */
    bool in_halted, out_halted;
    bool in_busy, in_zero_length;
    bool out_armed;
    uint16_t out_begin, out_end;
    uint8_t out[FTA_USB_HIGH_SPEED_PACKET];

    /* reported once each */
    bool abort_requested, session_ended;
  } fta_usb_device;

  /* Copies PORT and IDENTITY; connects. */
  void fta_usb_init (fta_usb_device *device, const fta_usb_port *port,
                     const fta_usb_identity *identity);

  void fta_usb_poll (fta_usb_device *device, bool may_wait);

  bool fta_usb_is_configured (const fta_usb_device *device);

  /* --- bytes; target-agent/usb/agent-port.h makes an agent's port of them --- */

  /* Copies up to CAPACITY bytes of what has arrived. */
  size_t fta_usb_read (fta_usb_device *device, uint8_t *bytes, size_t capacity);
  bool fta_usb_readable (const fta_usb_device *device);
  /* Takes what it can, 0 while the endpoint is busy. BYTES end where the transfer shall end: if they are
   * all taken and fill the last packet, an empty packet follows. */
  size_t fta_usb_write (fta_usb_device *device, const uint8_t *bytes, size_t size);

  /* --- what a port reports, from its poll only --- */

  void fta_usb_bus_reset (fta_usb_device *device, enum fta_usb_speed speed);
  /* The cable is out, or as good as. */
  void fta_usb_disconnected (fta_usb_device *device);
  /* Eight bytes. Also in the middle of another control transfer, which then is over. */
  void fta_usb_setup (fta_usb_device *device, const uint8_t *setup);
  /* All that was handed to port.write has been taken by the host. */
  void fta_usb_written (fta_usb_device *device, uint8_t endpoint);
  /* A packet of SIZE bytes, at most the endpoint's, is where port.receive wanted it. */
  void fta_usb_received (fta_usb_device *device, uint8_t endpoint, size_t size);

#ifdef __cplusplus
}
#endif
