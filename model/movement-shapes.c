/* SPDX-License-Identifier: GPL-3.0-or-later */
/* movement-shapes.c: the shapes that operators give which move or convert elements. */
#include "model/movement.h"
#include "model/movement-spread.h"

#include <string.h>

/* An operator, and the shape of its output K. */
typedef struct
{
  FettleGraph *graph;
  const FettleOperator *operator_;
  const FettleTensor *input; /* the data */
  const FettleTensor *output;
  guint k;
  guint rank;
  gint64 shape[FETTLE_MAX_RANK + 1];
} Inference;

gboolean
fettle_movement_refuse (const char *message, GError **error)
{
  g_set_error_literal (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_INVALID, message);
  return FALSE;
}

gboolean
fettle_movement_axis (gint64 value, guint rank, guint *axis, GError **error)
{
  gint64 counted = value < 0 ? value + rank : value;

  if (counted < 0 || counted >= rank)
    return fettle_movement_refuse ("it names an axis that its tensor does not have.",
                                   error);
  *axis = (guint)counted;
  return TRUE;
}

static const FettleTensor *
get_input (const Inference *self, guint k)
{
  return fettle_graph_get_operator_input (self->graph, self->operator_, k);
}

/* The elements of constant input K; NULL with an error unless there are N of them. */
static gint64 *
read_input (const Inference *self, guint k, gsize n, GError **error)
{
  const FettleTensor *tensor = get_input (self, k);
  gsize found;
  gint64 *values = fettle_tensor_read_integers (tensor, &found);

  if (found == n)
    return values;
  g_free (values);
  g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_INVALID,
               "its constant “%s” has %" G_GSIZE_FORMAT
               " numbers instead of %" G_GSIZE_FORMAT ".",
               tensor->name, found, n);
  return NULL;
}

static void
copy_shape (Inference *self, const FettleTensor *tensor)
{
  self->rank = tensor->rank;
  for (guint i = 0; i < tensor->rank; i++)
    self->shape[i] = tensor->shape[i];
}

static void
insert_axis (Inference *self, guint axis, gint64 extent)
{
  memmove (self->shape + axis + 1, self->shape + axis,
           (self->rank - axis) * sizeof *self->shape);
  self->shape[axis] = extent;
  self->rank++;
}

static void
remove_axis (Inference *self, guint axis)
{
  self->rank--;
  memmove (self->shape + axis, self->shape + axis + 1,
           (self->rank - axis) * sizeof *self->shape);
}

static gboolean
infer_reshape (Inference *self, GError **error)
{
  if (fettle_tensor_get_size (self->input) != fettle_tensor_get_size (self->output))
    return fettle_movement_refuse ("its output has another number of elements than its "
                                   "input.",
                                   error);
  copy_shape (self, self->output);
  return TRUE;
}

static gboolean
infer_expand_dims (Inference *self, GError **error)
{
  g_autofree gint64 *value = read_input (self, 1, 1, error);
  guint axis;

  if (value == NULL
      || !fettle_movement_axis (*value, self->input->rank + 1, &axis, error))
    return FALSE;
  copy_shape (self, self->input);
  insert_axis (self, axis, 1);
  return TRUE;
}

/* All inputs have the first one's shape, except along AXIS if it is below the rank. */
static gboolean
check_alike (const Inference *self, guint axis, GError **error)
{
  for (guint k = 1; k < self->operator_->inputs->len; k++)
    {
      const FettleTensor *other = get_input (self, k);
      gboolean fits = other->rank == self->input->rank;

      for (guint i = 0; fits && i < other->rank; i++)
        fits = i == axis || other->shape[i] == self->input->shape[i];
      if (!fits)
        return fettle_movement_refuse ("the shapes of its inputs do not go together.",
                                       error);
    }
  return TRUE;
}

static gboolean
infer_concatenation (Inference *self, GError **error)
{
  guint axis;

  if (!fettle_movement_axis (self->operator_->options.axis, self->input->rank, &axis,
                             error)
      || !check_alike (self, axis, error))
    return FALSE;
  copy_shape (self, self->input);
  for (guint k = 1; k < self->operator_->inputs->len; k++)
    self->shape[axis] += get_input (self, k)->shape[axis];
  return TRUE;
}

static gboolean
infer_pack (Inference *self, GError **error)
{
  guint axis;

  if (!fettle_movement_axis (self->operator_->options.axis, self->input->rank + 1, &axis,
                             error)
      || !check_alike (self, G_MAXUINT, error))
    return FALSE;
  copy_shape (self, self->input);
  insert_axis (self, axis, self->operator_->inputs->len);
  return TRUE;
}

static gboolean
infer_unpack (Inference *self, GError **error)
{
  guint axis;

  if (!fettle_movement_axis (self->operator_->options.axis, self->input->rank, &axis,
                             error))
    return FALSE;
  if (self->input->shape[axis] != (gint64)self->operator_->outputs->len)
    return fettle_movement_refuse ("it has more or fewer outputs than slices.", error);
  copy_shape (self, self->input);
  remove_axis (self, axis);
  return TRUE;
}

static gboolean
infer_split (Inference *self, GError **error)
{
  g_autofree gint64 *value = read_input (self, 0, 1, error);
  guint n = self->operator_->outputs->len, axis;

  if (value == NULL || !fettle_movement_axis (*value, self->input->rank, &axis, error))
    return FALSE;
  if (self->input->shape[axis] % (gint64)n != 0)
    return fettle_movement_refuse ("its input does not divide into equal parts.", error);
  copy_shape (self, self->input);
  self->shape[axis] /= n;
  return TRUE;
}

/* One of the sizes may be -1: the rest. */
static gboolean
infer_split_v (Inference *self, GError **error)
{
  guint n = self->operator_->outputs->len, axis;
  g_autofree gint64 *sizes = read_input (self, 1, n, error);
  g_autofree gint64 *value = sizes != NULL ? read_input (self, 2, 1, error) : NULL;
  gint64 left;
  guint n_open = 0;

  if (value == NULL || !fettle_movement_axis (*value, self->input->rank, &axis, error))
    return FALSE;
  copy_shape (self, self->input);
  left = self->shape[axis];
  for (guint i = 0; i < n; i++)
    if (sizes[i] == -1)
      n_open++;
    else
      left -= CLAMP (sizes[i], 0, G_MAXINT32);
  if (n_open > 1 || left < n_open || (n_open == 0 && left != 0))
    return fettle_movement_refuse ("its sizes do not add up to those of its input.",
                                   error);
  self->shape[axis] = sizes[self->k] == -1 ? left : sizes[self->k];
  return TRUE;
}

static gboolean
infer_slice (Inference *self, GError **error)
{
  FettleSlice slice;

  if (!fettle_slice_read (self->graph, self->operator_, &slice, error))
    return FALSE;
  self->rank = slice.rank;
  for (guint i = 0; i < slice.rank; i++)
    self->shape[i] = slice.shape[i];
  return TRUE;
}

static gboolean
infer_transpose (Inference *self, GError **error)
{
  g_autofree gint64 *order = read_input (self, 1, self->input->rank, error);
  guint seen = 0, axis;

  if (order == NULL)
    return FALSE;
  self->rank = self->input->rank;
  for (guint i = 0; i < self->rank; i++)
    {
      if (!fettle_movement_axis (order[i], self->rank, &axis, error))
        return FALSE;
      seen |= 1u << axis;
      self->shape[i] = self->input->shape[axis];
    }
  return seen + 1 == 1u << self->rank
             ? TRUE
             : fettle_movement_refuse ("its permutation names an axis twice.", error);
}

static gboolean
infer_pad (Inference *self, GError **error)
{
  const FettleOperator *operator_ = self->operator_;
  gboolean is_mirrored = operator_->opcode == FETTLE_OPCODE_MIRROR_PAD;
  g_autofree gint64 *values = read_input (self, 1, 2 * (gsize)self->input->rank, error);

  if (values == NULL)
    return FALSE;
  if (operator_->opcode == FETTLE_OPCODE_PADV2
      && fettle_tensor_get_n_elements (get_input (self, 2)) != 1)
    return fettle_movement_refuse ("it fills with more than one number.", error);
  copy_shape (self, self->input);
  for (guint i = 0; i < self->rank; i++)
    {
      gint64 before = values[2 * i], behind = values[2 * i + 1];
      gint64 most = G_MAXINT32;

      if (is_mirrored)
        most =
            self->shape[i] - (operator_->options.mirror == FETTLE_MIRROR_REFLECT ? 1 : 0);
      if (before < 0 || behind < 0 || before > most || behind > most)
        return fettle_movement_refuse ("its paddings are negative or far too large.",
                                       error);
      self->shape[i] += before + behind;
    }
  return TRUE;
}

/* batches, the axes before AXIS, those of the indices behind the batches, the axes behind AXIS. */
static gboolean
infer_gather (Inference *self, GError **error)
{
  const FettleTensor *indices = get_input (self, 1);
  guint batches, axis;

  if (!fettle_movement_axis (self->operator_->options.axis, self->input->rank, &axis,
                             error)
      || !fettle_movement_axis (self->operator_->options.batch_dims, indices->rank + 1,
                                &batches, error))
    return FALSE;
  if (self->operator_->options.batch_dims < 0)
    batches--;
  if (batches > axis || batches > indices->rank
      || memcmp (indices->shape, self->input->shape, batches * sizeof (gint32)) != 0)
    return fettle_movement_refuse ("its indices do not have the batches of its data.",
                                   error);
  if (self->input->rank - 1 + indices->rank - batches > FETTLE_MAX_RANK)
    return fettle_movement_refuse ("its output has too many dimensions.", error);
  copy_shape (self, self->input);
  remove_axis (self, axis);
  for (guint i = batches; i < indices->rank; i++)
    insert_axis (self, axis + i - batches, indices->shape[i]);
  return TRUE;
}

static gboolean
infer_blocks (Inference *self, GError **error)
{
  gint64 size = self->operator_->options.block_size;

  copy_shape (self, self->input);
  if (size < 1 || size > G_MAXUINT16)
    return fettle_movement_refuse ("its block size is not positive, or far too large.",
                                   error);
  if (self->operator_->opcode == FETTLE_OPCODE_DEPTH_TO_SPACE)
    {
      if (self->shape[3] % (size * size) != 0)
        return fettle_movement_refuse ("its depth does not divide into blocks.", error);
      self->shape[1] *= size;
      self->shape[2] *= size;
      self->shape[3] /= size * size;
      return TRUE;
    }
  if (self->shape[1] % size != 0 || self->shape[2] % size != 0)
    return fettle_movement_refuse ("its input does not divide into blocks.", error);
  self->shape[1] /= size;
  self->shape[2] /= size;
  self->shape[3] *= size * size;
  return TRUE;
}

static gboolean
infer_resize (Inference *self, GError **error)
{
  g_autofree gint64 *size = read_input (self, 1, 2, error);

  if (size == NULL)
    return FALSE;
  copy_shape (self, self->input);
  self->shape[1] = size[0];
  self->shape[2] = size[1];
  return TRUE;
}

static gboolean
infer (Inference *self, GError **error)
{
  switch (self->operator_->opcode)
    {
    case FETTLE_OPCODE_RESHAPE:
    case FETTLE_OPCODE_SQUEEZE:
      return infer_reshape (self, error);
    case FETTLE_OPCODE_EXPAND_DIMS:
      return infer_expand_dims (self, error);
    case FETTLE_OPCODE_CONCATENATION:
      return infer_concatenation (self, error);
    case FETTLE_OPCODE_PACK:
      return infer_pack (self, error);
    case FETTLE_OPCODE_UNPACK:
      return infer_unpack (self, error);
    case FETTLE_OPCODE_SPLIT:
      return infer_split (self, error);
    case FETTLE_OPCODE_SPLIT_V:
      return infer_split_v (self, error);
    case FETTLE_OPCODE_SLICE:
    case FETTLE_OPCODE_STRIDED_SLICE:
      return infer_slice (self, error);
    case FETTLE_OPCODE_TRANSPOSE:
      return infer_transpose (self, error);
    case FETTLE_OPCODE_PAD:
    case FETTLE_OPCODE_PADV2:
    case FETTLE_OPCODE_MIRROR_PAD:
      return infer_pad (self, error);
    case FETTLE_OPCODE_GATHER:
      return infer_gather (self, error);
    case FETTLE_OPCODE_SPACE_TO_DEPTH:
    case FETTLE_OPCODE_DEPTH_TO_SPACE:
      return infer_blocks (self, error);
    case FETTLE_OPCODE_RESIZE_BILINEAR:
    case FETTLE_OPCODE_RESIZE_NEAREST_NEIGHBOR:
      return infer_resize (self, error);
    default: /* CAST, QUANTIZE, DEQUANTIZE */
      copy_shape (self, self->input);
      return TRUE;
    }
}

gboolean
fettle_movement_infer_shape (FettleGraph *graph, const FettleOperator *operator_, guint k,
                             guint *rank, gint32 shape[FETTLE_MAX_RANK], GError **error)
{
  guint data_input = fettle_opcode_get_data_input (operator_->opcode);
  Inference self = {
    .graph = graph,
    .operator_ = operator_,
    .input = fettle_graph_get_operator_input (graph, operator_, data_input),
    .output = fettle_graph_get_operator_output (graph, operator_, k),
    .k = k,
  };

  if (fettle_opcode_spreads_data (operator_->opcode))
    return fettle_spread_infer_shape (graph, operator_, rank, shape, error);
  if (!infer (&self, error))
    return FALSE;
  if (self.rank > FETTLE_MAX_RANK)
    return fettle_movement_refuse ("its output has too many dimensions.", error);
  *rank = self.rank;
  for (guint i = 0; i < self.rank; i++)
    {
      if (self.shape[i] < 1 || self.shape[i] > G_MAXINT32)
        return fettle_movement_refuse ("its output is empty, or far too large.", error);
      shape[i] = (gint32)self.shape[i];
    }
  return TRUE;
}
