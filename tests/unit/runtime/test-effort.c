/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-effort.c: how many steps frt_image_open takes for images whose entries share as much as they can.
 *
 * A step is a basic block of the runtime, which is compiled here with a call in front of each. Every image
 * is valid but for its size; without a limit each would take a number of steps that grows with the square
 * of its bytes. */
#include "runtime/frt_format.h"

#include <glib.h>
#include <string.h>

#define MOST_STEPS_PER_BYTE 500
#define LARGE               (512u * 1024)

void __sanitizer_cov_trace_pc (void);

static guint64 n_steps;

void
__sanitizer_cov_trace_pc (void)
{
  n_steps++;
}

/* An image on its way; BYTES holds everything but the tables' final place in the header. */
typedef struct
{
  GByteArray *bytes;
  struct frt_image_header header;
} Draft;

static guint32
add (Draft *draft, gconstpointer data, gsize size)
{
  guint32 at;

  g_byte_array_set_size (draft->bytes, (draft->bytes->len + 15) & ~15u);
  at = draft->bytes->len;
  g_byte_array_append (draft->bytes, data, (guint)size);
  return at;
}

/* N bytes of VALUE. */
static guint32
add_filled (Draft *draft, guint8 value, gsize n)
{
  g_autofree guint8 *data = g_malloc (n);

  memset (data, value, n);
  return add (draft, data, n);
}

static void
start (Draft *draft)
{
  *draft = (Draft){
    .bytes = g_byte_array_new (),
    .header = { .magic = FRT_MAGIC,
                .major = FRT_IMAGE_MAJOR,
                .packing = FRT_PACKING_ARMV7E_M,
                .arena_size = 1u << 20 },
  };
  g_byte_array_set_size (draft->bytes, sizeof draft->header);
}

static struct frt_tensor
tensor_s8 (guint32 offset, gint32 depth)
{
  return (struct frt_tensor){
    .type = FRT_INT8,
    .rank = 4,
    .offset = offset,
    .size = (guint32)depth,
    .dimensions = { 1, 1, 1, depth, 1, 1 },
  };
}

static void
set_tensors (Draft *draft, const struct frt_tensor *tensors, guint n)
{
  draft->header.tensor_count = n;
  draft->header.tensors_offset = add (draft, tensors, n * sizeof *tensors);
}

/* The same operator N times, with OPERANDS and PARAMETERS in common. */
static void
repeat_operator (Draft *draft, struct frt_operator operator_, const guint16 *operands,
                 gconstpointer parameters, guint n)
{
  guint count = (guint)operator_.input_count + operator_.output_count;

  operator_.operands_offset = add (draft, operands, count * sizeof *operands);
  operator_.parameters_offset = add (draft, parameters, operator_.parameters_size);
  draft->header.operator_count = n;
  draft->header.operators_offset = add (draft, NULL, 0);
  for (guint i = 0; i < n; i++)
    g_byte_array_append (draft->bytes, (gpointer)&operator_, sizeof operator_);
}

/* All tensors are variables: each is compared with all others. */
static void
fill_variables (Draft *draft, guint size)
{
  guint n = size / sizeof (struct frt_tensor);
  g_autofree struct frt_tensor *tensors = g_new (struct frt_tensor, n);

  for (guint i = 0; i < n; i++)
    {
      tensors[i] = tensor_s8 (i * FRT_ALIGNMENT, 1);
      tensors[i].flags = FRT_TENSOR_VARIABLE;
    }
  set_tensors (draft, tensors, n);
}

/* Scratch, which is compared with all tensors for the sake of one variable. */
static void
fill_scratch (Draft *draft, guint size)
{
  const struct frt_clamp_s8_parameters clamp = { -128, 127 };
  const guint16 operands[] = { 1, 2 };
  guint n = size / 2 / sizeof (struct frt_tensor);
  g_autofree struct frt_tensor *tensors = g_new (struct frt_tensor, n);

  for (guint i = 0; i < n; i++)
    tensors[i] = tensor_s8 (i * FRT_ALIGNMENT, 1);
  tensors[0].flags = FRT_TENSOR_VARIABLE;
  set_tensors (draft, tensors, n);
  repeat_operator (draft,
                   (struct frt_operator){ .kernel = FRT_KERNEL_CLAMP_S8,
                                          .input_count = 1,
                                          .output_count = 1,
                                          .parameters_size = sizeof clamp,
                                          .scratch_offset = n * FRT_ALIGNMENT,
                                          .scratch_size = 16 },
                   operands, &clamp, size / 2 / sizeof (struct frt_operator));
}

/* SPLITs into 254 outputs, each compared with each. */
static void
fill_outputs (Draft *draft, guint size)
{
  struct frt_tensor tensors[FRT_MAX_OPERANDS + 1];
  guint16 operands[FRT_MAX_OPERANDS + 1];
  const struct frt_rows_parameters rows = { 1 };

  for (guint16 i = 0; i <= FRT_MAX_OPERANDS; i++)
    {
      tensors[i] = tensor_s8 (4096 + i * FRT_ALIGNMENT, 1);
      operands[i] = i;
    }
  tensors[0] = tensor_s8 (0, FRT_MAX_OPERANDS);
  set_tensors (draft, tensors, FRT_MAX_OPERANDS + 1);
  repeat_operator (draft,
                   (struct frt_operator){ .kernel = FRT_KERNEL_SPLIT,
                                          .input_count = 1,
                                          .output_count = FRT_MAX_OPERANDS,
                                          .parameters_size = sizeof rows },
                   operands, &rows, size / sizeof (struct frt_operator));
}

/* From one element to DEPTH, which lie in the arena behind each other. */
static void
set_two_tensors (Draft *draft, gint32 depth)
{
  const struct frt_tensor tensors[] = { tensor_s8 (0, 1),
                                        tensor_s8 (FRT_ALIGNMENT, depth) };

  set_tensors (draft, tensors, G_N_ELEMENTS (tensors));
}

static void
repeat_layer (Draft *draft, enum frt_kernel_id kernel, gconstpointer parameters,
              gsize parameters_size, guint size)
{
  const guint16 operands[] = { 0, 1 };

  repeat_operator (draft,
                   (struct frt_operator){ .kernel = (guint16)kernel,
                                          .input_count = 1,
                                          .output_count = 1,
                                          .parameters_size = (guint32)parameters_size,
                                          .scratch_offset = 1u << 19,
                                          .scratch_size = 64 },
                   operands, parameters, size / sizeof (struct frt_operator));
}

/* FULLY_CONNECTED with as many channels as half of the image has room for. */
static void
fill_multipliers (Draft *draft, guint size)
{
  guint n = size / 12;
  const guint32 weights = add_filled (draft, 0, n),
                multipliers = add_filled (draft, 0, 4 * n);
  const struct frt_fully_connected_s8_parameters parameters = {
    .weights_offset = weights,
    .multiplier_offset = multipliers,
    .shift_offset = weights,
    .input_depth = 1,
  };

  set_two_tensors (draft, (gint32)n);
  repeat_layer (draft, FRT_KERNEL_FULLY_CONNECTED_S8, &parameters, sizeof parameters,
                size / 2);
}

static void
fill_packed_channels (Draft *draft, guint size)
{
  guint n = size / 64 * 4;
  const guint32 channels = add_filled (draft, 0, n * sizeof (struct frt_packed_channel));
  const guint32 weights = add_filled (draft, 0, n * FRT_PACKED_TAPS);
  const struct frt_fully_connected_s8_packed_parameters parameters = {
    .weights_offset = weights,
    .channels_offset = channels,
    .input_depth = 1,
  };

  set_two_tensors (draft, (gint32)n);
  repeat_layer (draft, FRT_KERNEL_FULLY_CONNECTED_S8_PACKED, &parameters,
                sizeof parameters, size / 2);
}

static void
fill_places (Draft *draft, guint size)
{
  guint n = size / 8;
  struct frt_rearrange_parameters parameters = {
    .block = 1,
    .extent = { 1, 1, 1, 1, 1, n },
    .table_offset = { [5] = add_filled (draft, 0, 4 * n) },
  };

  set_two_tensors (draft, (gint32)n);
  repeat_layer (draft, FRT_KERNEL_REARRANGE, &parameters, sizeof parameters, size / 2);
}

static void
fill_positions (Draft *draft, guint size)
{
  guint n = size / 8;
  const guint32 positions = add_filled (draft, 0, 4 * n);
  const struct frt_resize_bilinear_parameters parameters = { positions, positions };
  struct frt_tensor tensors[] = { tensor_s8 (0, 1),
                                  tensor_s8 (FRT_ALIGNMENT, (gint32)n) };

  tensors[1].dimensions[2] = (gint32)n;
  tensors[1].dimensions[3] = 1;
  set_tensors (draft, tensors, 2);
  repeat_layer (draft, FRT_KERNEL_RESIZE_BILINEAR_S8, &parameters, sizeof parameters,
                size / 2);
}

/* Steps to open the image that FILL makes of about SIZE bytes. */
static guint64
count_steps (void (*fill) (Draft *, guint), guint size, int expected)
{
  const gsize signed_from = G_STRUCT_OFFSET (struct frt_image_header, packing);
  Draft draft;
  frt_image image;
  gpointer bytes;
  gsize n;

  start (&draft);
  fill (&draft, size);
  n = draft.bytes->len;
  bytes = g_aligned_alloc (n, 1, FRT_ALIGNMENT);
  draft.header.size = (guint32)n;
  memcpy (draft.bytes->data, &draft.header, sizeof draft.header);
  memcpy (bytes, draft.bytes->data, n);
  ((struct frt_image_header *)bytes)->checksum =
      frt_crc32 (0, (guint8 *)bytes + signed_from, n - signed_from);
  n_steps = 0;
  g_assert_cmpint (
      frt_image_open (&image, bytes, n, frt_all_kernels, frt_all_kernels_count), ==,
      expected);
  g_assert_null (image.validation);
  g_assert_cmpuint (n_steps, <=, MOST_STEPS_PER_BYTE * n);
  g_aligned_free (bytes);
  g_byte_array_unref (draft.bytes);
  return n_steps;
}

static void
test_steps (gconstpointer data)
{
  void (*fill) (Draft *, guint) = *(void (*const *) (Draft *, guint))data;
  guint64 steps;

  /* Nothing is wrong with these images but what they cost: a small one is accepted. */
  g_assert_cmpuint (count_steps (fill, 320, FRT_OK), >, 0);
  steps = count_steps (fill, LARGE, FRT_E_EFFORT);
  g_assert_cmpuint (count_steps (fill, 2 * LARGE, FRT_E_EFFORT), <=, steps * 21 / 10);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*fill) (Draft *, guint);
  } cases[] = {
    { "/effort/variables", fill_variables },
    { "/effort/scratch", fill_scratch },
    { "/effort/outputs", fill_outputs },
    { "/effort/multipliers", fill_multipliers },
    { "/effort/packed-channels", fill_packed_channels },
    { "/effort/places", fill_places },
    { "/effort/positions", fill_positions },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].name, &cases[i].fill, test_steps);
  return g_test_run ();
}
