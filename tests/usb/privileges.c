/* SPDX-License-Identifier: GPL-3.0-or-later */
/* privileges.c: what root may do and users may not. */
#include "privileges.h"

#include <glib.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

void
drop_file_privileges (void)
{
  struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
  struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
  const guint32 dropped = 1u << CAP_DAC_OVERRIDE | 1u << CAP_DAC_READ_SEARCH;

  g_assert_cmpint (syscall (SYS_capget, &header, data), ==, 0);
  data[0].effective &= ~dropped;
  data[0].permitted &= ~dropped;
  g_assert_cmpint (syscall (SYS_capset, &header, data), ==, 0);
}
