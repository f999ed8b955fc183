/* SPDX-License-Identifier: Apache-2.0 */
/* otg-fs-registers.h: registers of OTG_FS, by the names of RM0432. */
#pragma once

#include <stdint.h>

/* Offsets. */
enum
{
  OTG_GOTGCTL = 0x000,
  OTG_GOTGINT = 0x004,
  OTG_GAHBCFG = 0x008,
  OTG_GUSBCFG = 0x00C,
  OTG_GRSTCTL = 0x010,
  OTG_GINTSTS = 0x014,
  OTG_GINTMSK = 0x018,
  OTG_GRXSTSP = 0x020,
  OTG_GRXFSIZ = 0x024,
  OTG_DIEPTXF0 = 0x028,
  OTG_GCCFG = 0x038,
  OTG_DIEPTXF1 = 0x104,
  OTG_DCFG = 0x800,
  OTG_DCTL = 0x804,
  OTG_DIEPMSK = 0x810,
  OTG_DOEPMSK = 0x814,
  OTG_DAINTMSK = 0x81C,
  OTG_PCGCCTL = 0xE00,
};

/* Offsets of endpoint N. */
#define OTG_DIEPCTL(n)  (0x900u + 0x20u * (n))
#define OTG_DIEPINT(n)  (0x908u + 0x20u * (n))
#define OTG_DIEPTSIZ(n) (0x910u + 0x20u * (n))
#define OTG_DOEPCTL(n)  (0xB00u + 0x20u * (n))
#define OTG_DOEPINT(n)  (0xB08u + 0x20u * (n))
#define OTG_DOEPTSIZ(n) (0xB10u + 0x20u * (n))
#define OTG_FIFO(n)     (0x1000u + 0x1000u * (n))

#define OTG_GOTGCTL_BVALOEN   (1u << 6)
#define OTG_GOTGCTL_BVALOVAL  (1u << 7)
#define OTG_GOTGINT_SEDET     (1u << 2)
#define OTG_GUSBCFG_TRDT(n)   ((n) << 10)
#define OTG_GUSBCFG_FDMOD     (1u << 30)
#define OTG_GRSTCTL_CSRST     (1u << 0)
#define OTG_GRSTCTL_RXFFLSH   (1u << 4)
#define OTG_GRSTCTL_TXFFLSH   (1u << 5)
#define OTG_GRSTCTL_TXFNUM(n) ((n) << 6)
#define OTG_GRSTCTL_AHBIDL    (1u << 31)
#define OTG_GINTSTS_CMOD      (1u << 0)
#define OTG_GINTSTS_OTGINT    (1u << 2)
#define OTG_GINTSTS_RXFLVL    (1u << 4)
#define OTG_GINTSTS_USBRST    (1u << 12)
#define OTG_GINTSTS_ENUMDNE   (1u << 13)
#define OTG_GINTSTS_IEPINT    (1u << 18)
#define OTG_GINTSTS_OEPINT    (1u << 19)
#define OTG_GCCFG_PWRDWN      (1u << 16) /* 1: the transceiver is on */
#define OTG_GCCFG_VBDEN       (1u << 21)

#define OTG_GRXSTSP_EPNUM(status)  ((status)&0xFu)
#define OTG_GRXSTSP_BCNT(status)   ((status) >> 4 & 0x7FFu)
#define OTG_GRXSTSP_PKTSTS(status) ((status) >> 17 & 0xFu)

/* PKTSTS */
enum
{
  OTG_OUT_DATA = 2,
  OTG_OUT_COMPLETE = 3,
  OTG_SETUP_COMPLETE = 4,
  OTG_SETUP_DATA = 6,
};

#define OTG_DCFG_DSPD_FULL (3u << 0)
#define OTG_DCFG_DAD(n)    ((n) << 4)
#define OTG_DCTL_SDIS      (1u << 1)
#define OTG_DCTL_CGINAK    (1u << 8)

/* DIEPCTL, DOEPCTL */
#define OTG_EPCTL_MPSIZ(n)  (n)
#define OTG_EPCTL_USBAEP    (1u << 15)
#define OTG_EPCTL_BULK      (2u << 18)
#define OTG_EPCTL_STALL     (1u << 21)
#define OTG_EPCTL_TXFNUM(n) ((n) << 22)
#define OTG_EPCTL_CNAK      (1u << 26)
#define OTG_EPCTL_SNAK      (1u << 27)
#define OTG_EPCTL_SD0PID    (1u << 28)
#define OTG_EPCTL_EPDIS     (1u << 30)
#define OTG_EPCTL_EPENA     (1u << 31)

/* DIEPINT, DOEPINT, and the same bits in DIEPMSK, DOEPMSK */
#define OTG_EPINT_XFRC     (1u << 0)
#define OTG_EPINT_EPDISD   (1u << 1)
#define OTG_DOEPINT_STUP   (1u << 3)
#define OTG_DIEPINT_INEPNE (1u << 6)

/* DIEPTSIZ, DOEPTSIZ */
#define OTG_EPTSIZ_PKTCNT(n)  ((n) << 19)
#define OTG_EPTSIZ_STUPCNT(n) ((n) << 29)
