/* SPDX-License-Identifier: GPL-3.0-or-later */
/* slice.c: which elements SLICE and STRIDED_SLICE take. */
#include "model/movement.h"

/* The constants of STRIDED_SLICE. */
typedef struct
{
  const FettleTensor *input;
  const FettleOptions *options;
  gsize n; /* places of begin, end and strides */
  gint64 *begin, *end, *strides;
} Places;

static void
places_clear (Places *places)
{
  g_free (places->begin);
  g_free (places->end);
  g_free (places->strides);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Places, places_clear)

static gboolean
fail_empty (GError **error)
{
  return fettle_movement_refuse ("it takes no elements, or more than its input has.",
                                 error);
}

static gboolean
read_slice (const FettleTensor *input, const FettleTensor *begin,
            const FettleTensor *sizes, FettleSlice *slice, GError **error)
{
  g_autofree gint64 *begins = NULL;
  g_autofree gint64 *counts = NULL;
  gsize n_begins, n_counts;

  begins = fettle_tensor_read_integers (begin, &n_begins);
  counts = fettle_tensor_read_integers (sizes, &n_counts);
  if (n_begins != input->rank || n_counts != input->rank)
    return fettle_movement_refuse ("its begin and size do not have one number for each "
                                   "axis.",
                                   error);
  slice->rank = input->rank;
  for (guint i = 0; i < input->rank; i++)
    {
      gint64 size = input->shape[i];

      if (begins[i] < 0 || begins[i] >= size)
        return fail_empty (error);
      if (counts[i] == -1)
        counts[i] = size - begins[i];
      if (counts[i] < 1 || counts[i] > size - begins[i])
        return fail_empty (error);
      slice->axes[i].start = (gint32)begins[i];
      slice->axes[i].step = 1;
      slice->axes[i].count = slice->shape[i] = (gint32)counts[i];
    }
  return TRUE;
}

static void
append_dimension (FettleSlice *slice, gint32 extent)
{
  if (slice->rank < FETTLE_MAX_RANK)
    slice->shape[slice->rank] = extent;
  slice->rank++;
}

static void
take_whole_axis (FettleSlice *slice, gint32 extent, guint axis)
{
  slice->axes[axis].start = 0;
  slice->axes[axis].step = 1;
  slice->axes[axis].count = extent;
  append_dimension (slice, extent);
}

/* One place along one axis of the input, by the rules of TensorFlow Lite: ends are clamped, and a
 * mask's end is the farthest in the direction of the stride. */
static gboolean
take_range (const Places *places, guint place, guint axis, FettleSlice *slice,
            GError **error)
{
  const FettleOptions *options = places->options;
  gint64 size = places->input->shape[axis];
  gint64 stride = places->strides[place];
  gint64 begin = CLAMP (places->begin[place], G_MININT32, G_MAXINT32);
  gint64 end = CLAMP (places->end[place], G_MININT32, G_MAXINT32);
  gint64 first = stride > 0 ? 0 : -1, last = stride > 0 ? size : size - 1;
  gboolean is_shrunk = (options->shrink_axis_mask >> place & 1) != 0;
  gint64 count = 1;

  if (stride == 0 || stride < -G_MAXINT32 || stride > G_MAXINT32)
    return fettle_movement_refuse ("one of its strides is 0 or far too large.", error);
  begin = CLAMP (begin < 0 ? begin + size : begin, first, last);
  if (options->begin_mask >> place & 1)
    begin = stride > 0 ? 0 : size - 1;
  if (options->is_end_relative)
    end += begin;
  end = CLAMP (end < 0 && !options->is_end_relative ? end + size : end, first, last);
  if (options->end_mask >> place & 1)
    end = stride > 0 ? size : -1;
  if (!is_shrunk)
    count = stride > 0 ? (end - begin + stride - 1) / stride
                       : (begin - end - stride - 1) / -stride;
  if (count < 1 || begin < 0 || begin >= size)
    return fail_empty (error);
  slice->axes[axis].start = (gint32)begin;
  slice->axes[axis].step = (gint32)stride;
  slice->axes[axis].count = (gint32)count;
  if (!is_shrunk)
    append_dimension (slice, (gint32)count);
  return TRUE;
}

/* Axes of the input that an ellipsis stands for. */
static guint
count_ellipsis_axes (const Places *places)
{
  const FettleOptions *options = places->options;
  guint named = 0;

  for (gsize i = 0; i < places->n; i++)
    named += ((options->ellipsis_mask | options->new_axis_mask) >> i & 1) == 0;
  return named < places->input->rank ? places->input->rank - named : 0;
}

static gboolean
take_places (const Places *places, FettleSlice *slice, GError **error)
{
  const FettleTensor *input = places->input;
  guint axis = 0;

  for (guint i = 0; i < places->n; i++)
    if (places->options->ellipsis_mask >> i & 1)
      for (guint n = count_ellipsis_axes (places); n > 0; n--, axis++)
        take_whole_axis (slice, input->shape[axis], axis);
    else if (places->options->new_axis_mask >> i & 1)
      append_dimension (slice, 1);
    else if (axis >= input->rank)
      return fettle_movement_refuse ("it slices more axes than its input has.", error);
    else if (!take_range (places, i, axis++, slice, error))
      return FALSE;
  for (; axis < input->rank; axis++)
    take_whole_axis (slice, input->shape[axis], axis);
  return slice->rank <= FETTLE_MAX_RANK
             ? TRUE
             : fettle_movement_refuse ("its output has too many dimensions.", error);
}

gboolean
fettle_slice_read (FettleGraph *graph, const FettleOperator *operator_,
                   FettleSlice *slice, GError **error)
{
  const FettleTensor *input = fettle_graph_get_operator_input (graph, operator_, 0);
  const FettleTensor *begin = fettle_graph_get_operator_input (graph, operator_, 1);
  const FettleTensor *end = fettle_graph_get_operator_input (graph, operator_, 2);
  g_auto (Places) places = { .input = input, .options = &operator_->options };
  guint32 ellipsis = operator_->options.ellipsis_mask;
  gsize n_ends, n_strides;

  *slice = (FettleSlice){ 0 };
  if (operator_->opcode == FETTLE_OPCODE_SLICE)
    return read_slice (input, begin, end, slice, error);
  places.begin = fettle_tensor_read_integers (begin, &places.n);
  places.end = fettle_tensor_read_integers (end, &n_ends);
  places.strides = fettle_tensor_read_integers (
      fettle_graph_get_operator_input (graph, operator_, 3), &n_strides);
  if (n_ends != places.n || n_strides != places.n || places.n > 2 * FETTLE_MAX_RANK)
    return fettle_movement_refuse ("its begin, end and strides have different lengths, "
                                   "or more places than a tensor has axes.",
                                   error);
  if (ellipsis & (ellipsis - 1))
    return fettle_movement_refuse ("it has more than one ellipsis.", error);
  return take_places (&places, slice, error);
}
