/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-run.c: the executor, its observer, state, status texts and the checksum. */
#include "image-builder.h"

#include <glib.h>
#include <string.h>

static struct image_builder builder;
static _Alignas(FRT_ALIGNMENT) uint8_t arena[256];

/* ADD of an int8 input and a variable into that variable, in place: it sums the inputs. */
static void
build_accumulator (frt_image *image)
{
  const int32_t shape[] = { 8 };
  /* y = x + state - 3: the state's zero point is 3; 2^20 * 2^-20 */
  const struct frt_binary_s8_parameters add = { 0, -3,      3,   1 << 30, 0,    1 << 30,
                                                0, 1 << 30, -18, 20,      -128, 127 };
  uint16_t input, state, counter;

  image_builder_start (&builder);
  input = image_builder_tensor (&builder, FRT_INT8, 1, shape);
  state = image_builder_tensor (&builder, FRT_INT8, 1, shape);
  counter = image_builder_tensor (&builder, FRT_INT16, 1, shape);
  builder.tensors[state].flags = FRT_TENSOR_VARIABLE;
  builder.tensors[state].zero_point = 3;
  builder.tensors[counter].flags = FRT_TENSOR_VARIABLE;
  builder.tensors[counter].zero_point = 9;
  image_builder_operator (&builder, FRT_KERNEL_ADD_S8, input, state, state, &add,
                          sizeof add);
  image_builder_operator (&builder, FRT_KERNEL_COPY, state, FRT_NO_TENSOR, state, NULL,
                          0);
  image_builder_input (&builder, input);
  image_builder_output (&builder, state);
  image_builder_output (&builder, counter);
  image_builder_finish (&builder);
  g_assert_cmpint (frt_image_open (image, builder.bytes, builder.size, frt_all_kernels,
                                   frt_all_kernels_count),
                   ==, FRT_OK);
}

static void
test_state (void)
{
  frt_image image;
  const int8_t *state;

  build_accumulator (&image);
  memset (arena, 0xA5, sizeof arena);
  frt_image_reset (&image, arena);
  state = frt_image_output (&image, arena, 0);
  g_assert_cmpint (state[0], ==, 3);
  g_assert_cmpint (state[7], ==, 3);
  /* Not int8: bytes of zero, whatever the zero point. */
  for (size_t i = 0; i < frt_image_output_size (&image, 1); i++)
    g_assert_cmpint (((uint8_t *)frt_image_output (&image, arena, 1))[i], ==, 0);
  g_assert_cmpint (arena[48], ==, 0xA5);
  for (int run = 1; run <= 3; run++)
    {
      memset (frt_image_input (&image, arena, 0), 2, 8);
      g_assert_cmpint (frt_image_run (&image, arena, sizeof arena, NULL), ==, FRT_OK);
      g_assert_cmpint (state[5], ==, 3 + 2 * run);
    }
  frt_image_reset (&image, arena);
  g_assert_cmpint (state[5], ==, 3);
}

/* Opens the image after the variable COUNTER has been moved to OFFSET. */
static int
open_with_counter_at (uint32_t offset, uint32_t scratch)
{
  frt_image image;
  struct frt_tensor *tensors;

  build_accumulator (&image);
  tensors = (struct frt_tensor *)(void *)(builder.bytes + image.header->tensors_offset);
  tensors[2].offset = offset;
  if (scratch > 0)
    {
      struct frt_operator *operators =
          (struct frt_operator *)(void *)(builder.bytes + image.header->operators_offset);

      operators[0].scratch_offset = scratch;
      operators[0].scratch_size = 16;
    }
  image_builder_sign (builder.bytes);
  return frt_image_open (&image, builder.bytes, builder.size, frt_all_kernels,
                         frt_all_kernels_count);
}

/* Nothing may lie where state is kept: not the input at 0, not other state at 16, no scratch. */
static void
test_state_apart (void)
{
  g_assert_cmpint (open_with_counter_at (32, 0), ==, FRT_OK);
  g_assert_cmpint (open_with_counter_at (0, 0), ==, FRT_E_TENSOR);
  g_assert_cmpint (open_with_counter_at (16, 0), ==, FRT_E_TENSOR);
  g_assert_cmpint (open_with_counter_at (32, 32), ==, FRT_E_LAYOUT);
}

static void
test_arena (void)
{
  frt_image image;
  const size_t size = 3 * 16;

  build_accumulator (&image);
  g_assert_cmpuint (frt_image_arena_size (&image), ==, size);
  g_assert_cmpint (frt_image_run (&image, arena, size - 1, NULL), ==, FRT_E_ARENA);
  g_assert_cmpint (frt_image_run (&image, arena + 8, size, NULL), ==, FRT_E_ALIGNMENT);
  g_assert_cmpint (frt_image_run (&image, arena, size, NULL), ==, FRT_OK);
}

struct log
{
  GString *events;
  const char *stop_at;
};

static int
record (struct log *log, char kind, uint32_t layer)
{
  g_string_append_printf (log->events, "%c%u", kind, layer);
  return log->stop_at != NULL && g_str_has_suffix (log->events->str, log->stop_at);
}

static int
on_before (void *user, uint32_t layer)
{
  return record (user, '(', layer);
}

static int
on_after (void *user, uint32_t layer)
{
  return record (user, ')', layer);
}

static void
test_observer (void)
{
  static const struct
  {
    const char *stop_at, *events;
    int status;
  } cases[] = {
    { NULL, "(0)0(1)1", FRT_OK },
    { "(0", "(0", FRT_E_ABORTED },
    { ")0", "(0)0", FRT_E_ABORTED },
    { "(1", "(0)0(1", FRT_E_ABORTED },
  };
  frt_image image;

  build_accumulator (&image);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      struct log log = { g_string_new (NULL), cases[i].stop_at };
      const frt_observer observer = { on_before, on_after, &log };

      g_assert_cmpint (frt_image_run (&image, arena, sizeof arena, &observer), ==,
                       cases[i].status);
      g_assert_cmpstr (log.events->str, ==, cases[i].events);
      g_string_free (log.events, TRUE);
    }
}

static void
test_checksum (void)
{
  g_assert_cmphex (frt_crc32 (0, "123456789", 9), ==, 0xCBF43926u);
  g_assert_cmphex (frt_crc32 (frt_crc32 (0, "1234", 4), "56789", 5), ==, 0xCBF43926u);
  g_assert_cmphex (frt_crc32 (0, "", 0), ==, 0);
}

static void
test_status_texts (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (int status = FRT_E_EFFORT; status <= FRT_OK; status++)
    {
      const char *text = frt_status_text (status);

      g_assert_true (g_str_has_suffix (text, "."));
      g_assert_cmpstr (text, !=, frt_status_text (1));
      g_assert_true (g_hash_table_add (seen, (gpointer)text));
    }
}

static void
test_kernels_sorted (void)
{
  g_assert_cmpuint (frt_all_kernels_count, >, 0);
  for (size_t i = 1; i < frt_all_kernels_count; i++)
    g_assert_cmpuint (frt_all_kernels[i - 1]->id, <, frt_all_kernels[i]->id);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/runtime/run/state", test_state);
  g_test_add_func ("/runtime/run/state-apart", test_state_apart);
  g_test_add_func ("/runtime/run/arena", test_arena);
  g_test_add_func ("/runtime/run/observer", test_observer);
  g_test_add_func ("/runtime/checksum", test_checksum);
  g_test_add_func ("/runtime/status-texts", test_status_texts);
  g_test_add_func ("/runtime/kernels-sorted", test_kernels_sorted);
  return g_test_run ();
}
