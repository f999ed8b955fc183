/* SPDX-License-Identifier: GPL-3.0-or-later */
/* movement-spread.c: shapes of operators that repeat, choose or regroup elements. */
#include "model/movement-spread.h"
#include "model/movement.h"

#include <string.h>

#define NO_FIT "the shapes of its inputs do not go together."

gboolean
fettle_opcode_selects (FettleOpcode opcode)
{
  return opcode == FETTLE_OPCODE_SELECT || opcode == FETTLE_OPCODE_SELECT_V2;
}

gboolean
fettle_opcode_spreads_data (FettleOpcode opcode)
{
  return opcode == FETTLE_OPCODE_FILL || opcode == FETTLE_OPCODE_BROADCAST_TO
         || opcode == FETTLE_OPCODE_TILE || opcode == FETTLE_OPCODE_REVERSE_V2
         || opcode == FETTLE_OPCODE_SPACE_TO_BATCH_ND
         || opcode == FETTLE_OPCODE_BATCH_TO_SPACE_ND || fettle_opcode_selects (opcode);
}

guint32
fettle_spread_get_axes (FettleGraph *graph, const FettleOperator *operator_)
{
  const FettleTensor *input = fettle_graph_get_operator_input (graph, operator_, 0);
  const FettleTensor *axes = fettle_graph_get_operator_input (graph, operator_, 1);
  guint32 mask;

  return fettle_reduced_axes (input, axes, &mask, NULL) ? mask : 0;
}

gint32
fettle_extent_from_last (const FettleTensor *tensor, guint axis)
{
  return axis < tensor->rank ? tensor->shape[tensor->rank - 1 - axis] : 1;
}

static gboolean
copy_shape (const FettleTensor *tensor, guint *rank, gint32 *shape)
{
  *rank = tensor->rank;
  memcpy (shape, tensor->shape, sizeof tensor->shape);
  return TRUE;
}

/* BROADCAST_TO and TILE give the shape that the file says: what their second input holds need not be known
 * before the model runs. */
static gboolean
infer_repetition (const FettleTensor *input, const FettleTensor *output,
                  gboolean is_broadcast, guint *rank, gint32 *shape, GError **error)
{
  if (is_broadcast ? output->rank < input->rank : output->rank != input->rank)
    return fettle_movement_refuse (NO_FIT, error);
  for (guint i = 0; i < output->rank; i++)
    {
      gint32 from = fettle_extent_from_last (input, i);
      gint32 to = fettle_extent_from_last (output, i);

      if (is_broadcast ? from != to && from != 1 : to % from != 0)
        return fettle_movement_refuse ("its output is no repetition of its input.",
                                       error);
    }
  return copy_shape (output, rank, shape);
}

static gboolean
infer_fill (const FettleTensor *value, const FettleTensor *output, guint *rank,
            gint32 *shape, GError **error)
{
  if (fettle_tensor_get_n_elements (value) != 1)
    return fettle_movement_refuse ("it fills with more than one number.", error);
  return copy_shape (output, rank, shape);
}

static gboolean
infer_reverse (const FettleTensor *input, const FettleTensor *axes, guint *rank,
               gint32 *shape, GError **error)
{
  guint32 mask;

  return fettle_reduced_axes (input, axes, &mask, error)
         && copy_shape (input, rank, shape);
}

/* The condition of SELECT chooses whole rows if it is a vector. */
static gboolean
infer_select (FettleGraph *graph, const FettleOperator *operator_, guint *rank,
              gint32 *shape, GError **error)
{
  const FettleTensor *condition = fettle_graph_get_operator_input (graph, operator_, 0);
  const FettleTensor *first = fettle_graph_get_operator_input (graph, operator_, 1);
  const FettleTensor *second = fettle_graph_get_operator_input (graph, operator_, 2);

  if (fettle_select_takes_rows (operator_, condition, first))
    return first->rank == second->rank
                   && memcmp (first->shape, second->shape, sizeof first->shape) == 0
               ? copy_shape (first, rank, shape)
               : fettle_movement_refuse (NO_FIT, error);
  *rank = MAX (MAX (first->rank, second->rank), condition->rank);
  for (guint i = 0; i < *rank; i++)
    {
      gint32 extents[] = { fettle_extent_from_last (condition, i),
                           fettle_extent_from_last (first, i),
                           fettle_extent_from_last (second, i) };
      gint32 most = MAX (MAX (extents[0], extents[1]), extents[2]);

      for (guint k = 0; k < G_N_ELEMENTS (extents); k++)
        if (extents[k] != most && extents[k] != 1)
          return fettle_movement_refuse (NO_FIT, error);
      shape[*rank - 1 - i] = most;
    }
  return TRUE;
}

gboolean
fettle_select_takes_rows (const FettleOperator *operator_, const FettleTensor *condition,
                          const FettleTensor *first)
{
  return operator_->opcode == FETTLE_OPCODE_SELECT && condition->rank == 1
         && first->rank > 1 && condition->shape[0] == first->shape[0];
}

/* SPACE_TO_BATCH_ND and BATCH_TO_SPACE_ND: batches, one or two axes of space, depth. */
gboolean
fettle_blocks_read (FettleGraph *graph, const FettleOperator *operator_,
                    FettleBlocks *blocks, GError **error)
{
  const FettleTensor *input = fettle_graph_get_operator_input (graph, operator_, 0);
  g_autofree gint64 *sizes = NULL;
  g_autofree gint64 *edges = NULL;
  gsize n, n_edges;

  sizes = fettle_tensor_read_integers (
      fettle_graph_get_operator_input (graph, operator_, 1), &n);
  edges = fettle_tensor_read_integers (
      fettle_graph_get_operator_input (graph, operator_, 2), &n_edges);
  *blocks = (FettleBlocks){ .size = { 1, 1 } };
  if ((input->rank != 3 && input->rank != 4) || n != input->rank - 2 || n_edges != 2 * n)
    return fettle_movement_refuse ("its input does not have three or four dimensions, or "
                                   "its blocks do not fit them.",
                                   error);
  for (gsize i = 0; i < n; i++)
    {
      if (sizes[i] < 1 || sizes[i] > G_MAXUINT16 || edges[2 * i] < 0
          || edges[2 * i + 1] < 0 || edges[2 * i] > G_MAXUINT16
          || edges[2 * i + 1] > G_MAXUINT16)
        return fettle_movement_refuse ("its blocks, paddings or crops are impossible.",
                                       error);
      blocks->size[i] = (gint32)sizes[i];
      blocks->before[i] = (gint32)edges[2 * i];
      blocks->after[i] = (gint32)edges[2 * i + 1];
    }
  return TRUE;
}

static gboolean
infer_blocks (FettleGraph *graph, const FettleOperator *operator_, guint *rank,
              gint32 *shape, GError **error)
{
  const FettleTensor *input = fettle_graph_get_operator_input (graph, operator_, 0);
  gboolean to_batch = operator_->opcode == FETTLE_OPCODE_SPACE_TO_BATCH_ND;
  FettleBlocks blocks;
  gint64 product;

  if (!fettle_blocks_read (graph, operator_, &blocks, error))
    return FALSE;
  copy_shape (input, rank, shape);
  product = (gint64)blocks.size[0] * blocks.size[1];
  if (to_batch ? product * shape[0] > G_MAXINT32 : shape[0] % product != 0)
    return fettle_movement_refuse ("its batches do not divide into blocks.", error);
  shape[0] = (gint32)(to_batch ? shape[0] * product : shape[0] / product);
  for (guint i = 0; i + 2 < *rank; i++)
    {
      gint64 edges = (gint64)blocks.before[i] + blocks.after[i];
      gint64 extent =
          to_batch ? shape[1 + i] : (gint64)shape[1 + i] * blocks.size[i] - edges;

      if (to_batch && edges != 0)
        return fettle_movement_refuse ("it pads by itself; put a PAD in front.", error);
      if (extent < 1 || extent > G_MAXINT32 || (to_batch && extent % blocks.size[i] != 0))
        return fettle_movement_refuse ("its input does not divide into blocks.", error);
      shape[1 + i] = (gint32)(to_batch ? extent / blocks.size[i] : extent);
    }
  return TRUE;
}

gboolean
fettle_spread_infer_shape (FettleGraph *graph, const FettleOperator *operator_,
                           guint *rank, gint32 shape[FETTLE_MAX_RANK], GError **error)
{
  const FettleTensor *first = fettle_graph_get_operator_input (graph, operator_, 0);
  const FettleTensor *second = fettle_graph_get_operator_input (graph, operator_, 1);
  const FettleTensor *output = fettle_graph_get_operator_output (graph, operator_, 0);

  switch (operator_->opcode)
    {
    case FETTLE_OPCODE_FILL:
      return infer_fill (second, output, rank, shape, error);
    case FETTLE_OPCODE_REVERSE_V2:
      return infer_reverse (first, second, rank, shape, error);
    case FETTLE_OPCODE_SELECT:
    case FETTLE_OPCODE_SELECT_V2:
      return infer_select (graph, operator_, rank, shape, error);
    case FETTLE_OPCODE_SPACE_TO_BATCH_ND:
    case FETTLE_OPCODE_BATCH_TO_SPACE_ND:
      return infer_blocks (graph, operator_, rank, shape, error);
    default:
      return infer_repetition (first, output,
                               operator_->opcode == FETTLE_OPCODE_BROADCAST_TO, rank,
                               shape, error);
    }
}
