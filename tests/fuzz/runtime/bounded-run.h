/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bounded-run.h: executes an image that may be hostile, if that is little work. */
#pragma once

#include "runtime/frt_format.h"

#include <stdbool.h>

/* Whether one run of IMAGE takes at most MOST steps, by a rough upper bound. */
bool bounded_work (const frt_image *image, uint64_t most);

/* Runs IMAGE twice, in an arena of exactly the size that it asks for, so that AddressSanitizer sees one
 * byte more. Returns false without a run if the arena or the work is large. */
bool bounded_run (const frt_image *image);
