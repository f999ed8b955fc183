/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link-virtual.h: a link to agent firmware on a machine of QEMU. */
#pragma once

#include "profiler/link-process.h"

G_BEGIN_DECLS

#define FETTLE_TYPE_LINK_VIRTUAL (fettle_link_virtual_get_type ())
G_DECLARE_FINAL_TYPE (FettleLinkVirtual, fettle_link_virtual, FETTLE, LINK_VIRTUAL,
                      FettleLinkProcess)

/* MACHINE is QEMU's name of it ("mps2-an386"), FIRMWARE the path of the agent's ELF file. */
FettleLink *fettle_link_virtual_new (const char *machine, const char *firmware);

G_END_DECLS
