/* SPDX-License-Identifier: GPL-3.0-or-later */
/* privileges.h: what root may do and users may not. */
#pragma once

/* From here on the permissions of files hold for root too. Before the first thread is started. */
void drop_file_privileges (void);
