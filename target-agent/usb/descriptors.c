/* SPDX-License-Identifier: Apache-2.0 */
/* descriptors.c: what the device tells a host about itself.
 *
 * USB 2.0 specification, 9.6; BOS: USB 3.2 specification, 9.6.2; "Microsoft OS 2.0 Descriptors
 * Specification", Microsoft. */
#include "target-agent/usb/device-private.h"

#include <string.h>

enum
{
  DEVICE = 1,
  CONFIGURATION = 2,
  STRING = 3,
  INTERFACE = 4,
  ENDPOINT = 5,
  DEVICE_QUALIFIER = 6,
  OTHER_SPEED_CONFIGURATION = 7,
  BOS = 15,
  DEVICE_CAPABILITY = 16,
};

enum
{
  STRING_LANGUAGES,
  STRING_MANUFACTURER,
  STRING_PRODUCT,
  STRING_SERIAL,
};

#define LOW(value)  ((uint8_t)((value)&0xFF))
#define HIGH(value) ((uint8_t)((value) >> 8))

/* 2.01 is the oldest version whose devices have a BOS descriptor. */
#define USB_VERSION        0x0201
#define ENGLISH            0x0409
#define BUS_POWERED        0x80
#define MAXIMUM_POWER      50 /* in units of 2 mA */
#define BULK               2
#define CONFIGURATION_SIZE 32
#define STRING_MOST        ((FTA_USB_CONTROL_MOST - 2) / 2)

static size_t
device_descriptor (const fta_usb_device *device, uint8_t *bytes)
{
  const fta_usb_identity *identity = &device->identity;
  /* A class of its own on this level too: Windows then never takes the device for a composite one, and
   * the MS OS descriptors below apply to all of it. */
  /* clang-format off */
  const uint8_t descriptor[] = {
    18, DEVICE, LOW (USB_VERSION), HIGH (USB_VERSION),
    FTA_USB_CLASS, FTA_USB_SUBCLASS, FTA_USB_PROTOCOL, FTA_USB_CONTROL_PACKET,
    LOW (identity->vendor), HIGH (identity->vendor),
    LOW (identity->product), HIGH (identity->product),
    LOW (identity->release), HIGH (identity->release),
    STRING_MANUFACTURER, STRING_PRODUCT, STRING_SERIAL,
    1, /* configuration */
  };
  /* clang-format on */

  memcpy (bytes, descriptor, sizeof descriptor);
  return sizeof descriptor;
}

static size_t
qualifier_descriptor (uint8_t *bytes)
{
  /* clang-format off */
  const uint8_t descriptor[] = {
    10, DEVICE_QUALIFIER, LOW (USB_VERSION), HIGH (USB_VERSION),
    FTA_USB_CLASS, FTA_USB_SUBCLASS, FTA_USB_PROTOCOL, FTA_USB_CONTROL_PACKET,
    1, /* configuration */
    0,
  };
  /* clang-format on */

  memcpy (bytes, descriptor, sizeof descriptor);
  return sizeof descriptor;
}

static size_t
configuration_descriptor (uint8_t type, enum fta_usb_speed speed, uint8_t *bytes)
{
  const uint16_t packet = fta_usb_packet_size (speed);
  /* clang-format off */
  const uint8_t descriptor[CONFIGURATION_SIZE] = {
    9, type, CONFIGURATION_SIZE, 0, 1, FTA_USB_CONFIGURATION, 0, BUS_POWERED,
    MAXIMUM_POWER,
    /* one alternate setting, two endpoints */
    9, INTERFACE, FTA_USB_INTERFACE, 0, 2, FTA_USB_CLASS, FTA_USB_SUBCLASS,
    FTA_USB_PROTOCOL, 0,
    7, ENDPOINT, FTA_USB_ENDPOINT_OUT, BULK, LOW (packet), HIGH (packet), 0,
    7, ENDPOINT, FTA_USB_ENDPOINT_IN, BULK, LOW (packet), HIGH (packet), 0,
  };
  /* clang-format on */

  memcpy (bytes, descriptor, sizeof descriptor);
  return sizeof descriptor;
}

/* As UTF-16; TEXT is ASCII. Returns the size. */
static size_t
widen (uint8_t *bytes, const char *text)
{
  size_t size = 0;

  for (; *text != '\0' && size < 2 * STRING_MOST; text++)
    {
      bytes[size++] = (uint8_t)*text;
      bytes[size++] = 0;
    }
  return size;
}

static size_t
string_descriptor (const fta_usb_device *device, uint8_t index, uint8_t *bytes)
{
  const char *text = NULL;
  size_t size = 2;

  switch (index)
    {
    case STRING_LANGUAGES:
      bytes[size++] = LOW (ENGLISH);
      bytes[size++] = HIGH (ENGLISH);
      break;
    case STRING_MANUFACTURER:
      text = device->identity.manufacturer;
      break;
    case STRING_PRODUCT:
      text = device->identity.name;
      break;
    case STRING_SERIAL:
      text = device->identity.serial;
      break;
    default:
      return 0;
    }
  if (text != NULL)
    size += widen (bytes + size, text);
  bytes[0] = (uint8_t)size;
  bytes[1] = STRING;
  return size;
}

/* --- Windows --- */

#define WINDOWS_8_1 0x00, 0x00, 0x03, 0x06
/* wDescriptorType of the set's parts. */
enum
{
  SET_HEADER = 0,
  COMPATIBLE_ID = 3,
  REGISTRY_PROPERTY = 4,
};
#define REGISTRY_STRINGS   7 /* REG_MULTI_SZ */
#define SET_HEADER_SIZE    10
#define COMPATIBLE_ID_SIZE 20
#define PROPERTY_NAME      "DeviceInterfaceGUIDs"
#define PROPERTY_NAME_SIZE (2 * sizeof PROPERTY_NAME)
#define INTERFACE_GUID     "{66a67ab8-0a97-4d7a-8e08-9ffb2a524b2b}"
/* A list of strings ends with an empty one. */
#define INTERFACE_GUIDS_SIZE (2 * (sizeof INTERFACE_GUID + 1))
#define PROPERTY_SIZE        (10 + PROPERTY_NAME_SIZE + INTERFACE_GUIDS_SIZE)
#define SET_SIZE             (SET_HEADER_SIZE + COMPATIBLE_ID_SIZE + PROPERTY_SIZE)

_Static_assert(SET_SIZE <= FTA_USB_CONTROL_MOST, "the set fits the control buffer");

/* There is no function subset header: a set uses it for composite devices and those that are driven by
 * usbccgp, and in the set of any other device Windows ignores what stands behind it. */
size_t
fta_usb_ms_os_descriptors (uint8_t *bytes)
{
  /* clang-format off */
  const uint8_t head[] = {
    SET_HEADER_SIZE, 0, SET_HEADER, 0, WINDOWS_8_1, LOW (SET_SIZE), HIGH (SET_SIZE),
    COMPATIBLE_ID_SIZE, 0, COMPATIBLE_ID, 0,
    'W', 'I', 'N', 'U', 'S', 'B', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    PROPERTY_SIZE, 0, REGISTRY_PROPERTY, 0, REGISTRY_STRINGS, 0, PROPERTY_NAME_SIZE, 0,
  };
  /* clang-format on */
  uint8_t *at = bytes + sizeof head;

  memset (bytes, 0, SET_SIZE);
  memcpy (bytes, head, sizeof head);
  widen (at, PROPERTY_NAME);
  at += PROPERTY_NAME_SIZE;
  *at = INTERFACE_GUIDS_SIZE;
  widen (at + 2, INTERFACE_GUID);
  return SET_SIZE;
}

static size_t
bos_descriptor (uint8_t *bytes)
{
  /* The platform capability D8DD60DF-4589-4CC7-9CD2-659D9E648A9F: MS OS 2.0 descriptors. */
  /* clang-format off */
  const uint8_t descriptor[] = {
    5, BOS, 40, 0, 2,
    /* USB 2.0 extension: no link power management */
    7, DEVICE_CAPABILITY, 2, 0, 0, 0, 0,
    28, DEVICE_CAPABILITY, 5, 0,
    0xDF, 0x60, 0xDD, 0xD8, 0x89, 0x45, 0xC7, 0x4C,
    0x9C, 0xD2, 0x65, 0x9D, 0x9E, 0x64, 0x8A, 0x9F,
    WINDOWS_8_1, LOW (SET_SIZE), HIGH (SET_SIZE), FTA_USB_MS_OS_VENDOR_CODE, 0,
  };
  /* clang-format on */

  memcpy (bytes, descriptor, sizeof descriptor);
  return sizeof descriptor;
}

/* --- --- */

size_t
fta_usb_descriptor (const fta_usb_device *device, uint16_t type_and_index, uint8_t *bytes)
{
  const uint8_t index = LOW (type_and_index), type = HIGH (type_and_index);
  enum fta_usb_speed other =
      device->speed == FTA_USB_HIGH_SPEED ? FTA_USB_FULL_SPEED : FTA_USB_HIGH_SPEED;

  if (type == STRING)
    return string_descriptor (device, index, bytes);
  if (index != 0)
    return 0;
  switch (type)
    {
    case DEVICE:
      return device_descriptor (device, bytes);
    case CONFIGURATION:
      return configuration_descriptor (CONFIGURATION, device->speed, bytes);
    case DEVICE_QUALIFIER: /* a device without high speed must not have these two */
      return device->identity.high_speed ? qualifier_descriptor (bytes) : 0;
    case OTHER_SPEED_CONFIGURATION:
      return device->identity.high_speed
                 ? configuration_descriptor (OTHER_SPEED_CONFIGURATION, other, bytes)
                 : 0;
    case BOS:
      return bos_descriptor (bytes);
    default:
      return 0;
    }
}
