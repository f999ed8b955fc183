/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fold-reshapes.c: detours through shapes and types that nobody else sees. */
#include "config.h"
#include "tuner/fold.h"
#include "tuner/graph-edit.h"

#include <glib/gi18n.h>

static gboolean
only_reshapes (FettleOpcode opcode)
{
  return opcode == FETTLE_OPCODE_RESHAPE || opcode == FETTLE_OPCODE_SQUEEZE
         || opcode == FETTLE_OPCODE_EXPAND_DIMS;
}

/* The layer before OPERATOR_, and the tensor before that. */
static const FettleOperator *
find_previous (FettleGraph *graph, const FettleOperator *operator_, FettleTensor **source)
{
  guint writer =
      fettle_graph_find_writer (graph, fettle_operator_get_input (operator_, 0));
  const FettleOperator *previous;

  if (writer == FETTLE_NO_LAYER)
    return NULL;
  previous = fettle_graph_get_operator (graph, writer);
  *source = fettle_graph_get_operator_input (graph, previous, 0);
  /* A variable may change between the two layers. */
  return (*source)->is_variable ? NULL : previous;
}

/* Through float and back; float holds the steps of these types well enough to find them again. */
static gboolean
returns (const FettleOperator *operator_, const FettleOperator *previous,
         const FettleTensor *source)
{
  return operator_->opcode == FETTLE_OPCODE_QUANTIZE
         && previous->opcode == FETTLE_OPCODE_DEQUANTIZE
         && (source->type == FETTLE_TYPE_INT8 || source->type == FETTLE_TYPE_UINT8
             || source->type == FETTLE_TYPE_INT16);
}

guint
fettle_fold_reshapes (FettleTuning *tuning, FettleGraph *graph)
{
  guint n_folded = 0;

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      FettleOperator *operator_ = fettle_graph_get_operator (graph, i);
      FettleTensor *source = NULL;
      const FettleOperator *previous = find_previous (graph, operator_, &source);
      gboolean reshapes;

      if (previous == NULL
          || !fettle_tensors_have_same_encoding (
              source, fettle_graph_get_operator_output (graph, operator_, 0)))
        continue;
      reshapes = only_reshapes (operator_->opcode) && only_reshapes (previous->opcode);
      if (!reshapes && !returns (operator_, previous, source))
        continue;
      if (reshapes)
        {
          operator_->opcode = FETTLE_OPCODE_RESHAPE;
          g_array_set_size (operator_->inputs, 1); /* its output knows the shape */
        }
      fettle_tuning_report (tuning, operator_->name,
                            _ ("Reads what %s read, whose work it undoes or repeats."),
                            previous->name);
      g_array_index (operator_->inputs, gint32, 0) =
          fettle_operator_get_input (previous, 0);
      n_folded++;
    }
  return n_folded;
}
