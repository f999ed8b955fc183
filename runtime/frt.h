/* SPDX-License-Identifier: Apache-2.0 */
/* frt.h: the Fettle runtime, everything an application needs.
 *
 * An image is one flat block of bytes made by Fettle on the desktop. The runtime executes
 * it where it lies (flash will do), in an arena that the caller owns. No allocation, no
 * global state.
 *
 *   frt_image image;
 *   if (frt_image_open (&image, bytes, sizeof bytes, kernels, kernel_count) == FRT_OK)
 *     {
 *       memcpy (frt_image_input (&image, arena, 0), sample, ...);
 *       frt_image_run (&image, arena, sizeof arena, NULL);
 *       use (frt_image_output (&image, arena, 0));
 *     }
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C"
{
#endif

/* Version of this interface, announced by boards and checked by exported headers. */
#define FRT_ABI 1

/* Image format that this runtime reads: the same major, any minor up to this one. */
#define FRT_IMAGE_MAJOR 1
#define FRT_IMAGE_MINOR 0

/* The image and the arena must be aligned to this many bytes. */
#define FRT_ALIGNMENT 16

#define FRT_MAX_RANK 6

  enum frt_status
  {
    FRT_OK = 0,
    FRT_E_ALIGNMENT = -1, /* the image or the arena is not aligned to FRT_ALIGNMENT */
    FRT_E_TRUNCATED = -2, /* fewer bytes than the header says, or no room for a header */
    FRT_E_MAGIC = -3,     /* not a Fettle image */
    FRT_E_VERSION = -4,   /* made for another major version of the format */
    FRT_E_CHECKSUM = -5,  /* the bytes were damaged */
    FRT_E_LAYOUT =
        -6, /* a table or block lies outside the image, overlaps or is misaligned */
    FRT_E_TENSOR =
        -7, /* a tensor's type, shape, size or place in the arena is impossible */
    FRT_E_OPERATOR = -8,  /* an operator's tensors or parameters contradict each other */
    FRT_E_KERNEL = -9,    /* an operator needs a kernel that is not linked in */
    FRT_E_ARENA = -10,    /* the arena given is smaller than the image needs */
    FRT_E_ABORTED = -11,  /* the observer asked to stop */
    FRT_E_ROUNDING = -12, /* a rounding mode that this runtime does not implement */
    FRT_E_EFFORT = -13,   /* operators share so much that checking would take too long */
  };

  /* Element types. The values are part of the image format. */
  enum frt_type
  {
    FRT_FLOAT32 = 1,
    FRT_INT8 = 2,
    FRT_INT16 = 3,
    FRT_INT32 = 4,
    FRT_INT64 = 5,
    FRT_UINT8 = 6,
    FRT_BOOL = 7,
  };

  struct frt_image_header;
  struct frt_tensor;
  struct frt_operator;
  struct frt_kernel;
  struct frt_validation;

  /* An opened image. Caller-owned, read-only after frt_image_open, needs no closing; may
   * be shared between threads that use arenas of their own. Treat the fields as private.
   */
  typedef struct frt_image
  {
    const uint8_t *bytes;
    const struct frt_image_header *header;
    const struct frt_tensor *tensors;
    const struct frt_operator *operators;
    const struct frt_kernel *const *kernels;
    uint32_t kernel_count;
    uint32_t
        fault_offset; /* after a failed open: byte offset in the image of what is wrong */
    struct frt_validation *validation; /* NULL but during frt_image_open */
  } frt_image;

  /* Called around each layer; LAYER counts from 0 in execution order. Either may be NULL.
   * A nonzero result ends the run with FRT_E_ABORTED. */
  typedef struct frt_observer
  {
    int (*before_layer) (void *user, uint32_t layer);
    int (*after_layer) (void *user, uint32_t layer);
    void *user;
  } frt_observer;

  /* Validates BYTES completely and fills in IMAGE. BYTES and KERNELS must outlive IMAGE.
   * KERNELS is sorted by kernel id and may hold more than the image needs;
   * frt_all_kernels has all. Returns FRT_OK or a negative frt_status, with
   * image->fault_offset set. */
  int frt_image_open (frt_image *image, const void *bytes, size_t size,
                      const struct frt_kernel *const *kernels, size_t kernel_count);

  /* Executes all layers once. ARENA is caller-owned, FRT_ALIGNMENT-aligned, at least
   * frt_image_arena_size bytes; inputs are expected in it. OBSERVER may be NULL. */
  int frt_image_run (const frt_image *image, void *arena, size_t arena_size,
                     const frt_observer *observer);

  /* Brings all operator state kept in the arena (variable tensors) to its initial value.
   * Call it once before the first run and whenever a new, unrelated sequence begins. */
  void frt_image_reset (const frt_image *image, void *arena);

  /* Bytes. */
  size_t frt_image_arena_size (const frt_image *image);

  uint32_t frt_image_layer_count (const frt_image *image);
  uint32_t frt_image_input_count (const frt_image *image);
  uint32_t frt_image_output_count (const frt_image *image);

  /* Where input or output INDEX lies in ARENA, and its size in bytes. INDEX must be in
   * range. */
  void *frt_image_input (const frt_image *image, void *arena, uint32_t index);
  void *frt_image_output (const frt_image *image, void *arena, uint32_t index);
  size_t frt_image_input_size (const frt_image *image, uint32_t index);
  size_t frt_image_output_size (const frt_image *image, uint32_t index);

  /* A constant English sentence for an frt_status. */
  const char *frt_status_text (int status);

  /* CRC-32 (IEEE 802.3, reflected) of BYTES; continue with the previous result as SEED,
   * start with 0. */
  uint32_t frt_crc32 (uint32_t seed, const void *bytes, size_t size);

  /* Every kernel of this build, sorted by id. Refer to single kernels instead
   * (frt_kernels.h names them) and the linker drops the others. */
  extern const struct frt_kernel *const frt_all_kernels[];
  extern const size_t frt_all_kernels_count;

/* The kernels, one object each, so that a table of the few that a model needs links only
 * those. */
#define FRT_KERNEL_OBJECT(name) extern const struct frt_kernel name;
#include "frt_kernels.h"
#undef FRT_KERNEL_OBJECT

#ifdef __cplusplus
}
#endif
