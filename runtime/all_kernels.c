/* SPDX-License-Identifier: Apache-2.0 */
/* all_kernels.c: the table of every kernel, in a file of its own so that a program that
 * names single kernels does not link the others. */
#include "frt_format.h"

#define FRT_KERNEL_OBJECT(name) &name,
const struct frt_kernel *const frt_all_kernels[] = {
#include "frt_kernels.h"
};
#undef FRT_KERNEL_OBJECT

const size_t frt_all_kernels_count = sizeof frt_all_kernels / sizeof *frt_all_kernels;
