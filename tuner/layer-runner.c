/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-runner.c: one layer of a graph, run by itself. */
#include "config.h"
#include "tuner/layer-runner.h"
#include "model/runner.h"

#include <string.h>

#define NOT_GIVEN (-1)

struct _FettleLayerRunner
{
  FettleRunner *runner;
  GArray *places; /* gint per operand: number of the runner's input, or NOT_GIVEN */
  GBytes
      *constant; /* the data input, which the runtime expects to vary; NULL if it does */
};

static gint32
copy_tensor (FettleGraph *graph, const FettleTensor *tensor, gboolean is_given)
{
  const FettleQuantization *quantization = &tensor->quantization;
  guint index = fettle_graph_add_tensor (graph, tensor->name, tensor->type, tensor->rank,
                                         tensor->shape);
  FettleTensor *copy = fettle_graph_get_tensor (graph, index);

  fettle_tensor_set_quantization (copy, quantization->n_channels, quantization->axis,
                                  quantization->scales, quantization->zero_points);
  if (tensor->data != NULL && !is_given)
    copy->data = g_bytes_ref (tensor->data);
  copy->is_variable = tensor->is_variable;
  return (gint32)index;
}

/* Each operand is a tensor of its own, even where the layer reads one twice. A constant data input is the
 * first of the graph's inputs. */
static FettleGraph *
isolate (FettleLayerRunner *self, FettleGraph *graph, const FettleOperator *operator_)
{
  FettleGraph *alone = fettle_graph_new ();
  g_autoptr (GArray) inputs = g_array_new (FALSE, FALSE, sizeof (gint32));
  FettleOperator *copy = fettle_operator_new (operator_->opcode, operator_->name);
  guint n_varying = 0;

  copy->options = operator_->options;
  for (guint k = 0; k < operator_->inputs->len; k++)
    {
      const FettleTensor *tensor = fettle_graph_get_operator_input (graph, operator_, k);
      gboolean varies = tensor != NULL && tensor->data == NULL && !tensor->is_variable;
      gboolean is_data = k == fettle_opcode_get_data_input (operator_->opcode);
      gint32 number =
          tensor != NULL ? copy_tensor (alone, tensor, varies || is_data) : -1;
      gint place = NOT_GIVEN;

      if (varies)
        {
          place = (gint)n_varying++ + (self->constant != NULL);
          g_array_append_val (inputs, number);
        }
      else if (is_data)
        g_array_prepend_val (inputs, number);
      g_array_append_val (copy->inputs, number);
      g_array_append_val (self->places, place);
    }
  for (guint k = 0; k < operator_->outputs->len; k++)
    {
      gint32 number = copy_tensor (
          alone, fettle_graph_get_operator_output (graph, operator_, k), FALSE);

      g_array_append_val (copy->outputs, number);
    }
  fettle_graph_insert_operator (alone, 0, copy);
  fettle_graph_set_inputs (alone, (gint32 *)(gpointer)inputs->data, inputs->len);
  fettle_graph_set_outputs (alone, (gint32 *)(gpointer)copy->outputs->data,
                            copy->outputs->len);
  return alone;
}

FettleLayerRunner *
fettle_layer_runner_new (FettleGraph *graph, guint layer, GError **error)
{
  g_autoptr (FettleLayerRunner) self = g_new0 (FettleLayerRunner, 1);
  g_autoptr (FettleGraph) alone = NULL;
  g_autoptr (FettleLowered) lowered = NULL;
  const FettleOperator *operator_ = fettle_graph_get_operator (graph, layer);
  const FettleTensor *data;

  self->places = g_array_new (FALSE, FALSE, sizeof (gint));
  data = fettle_graph_get_operator_input (
      graph, operator_, fettle_opcode_get_data_input (operator_->opcode));
  if (data->data != NULL)
    self->constant = g_bytes_ref (data->data);
  alone = isolate (self, graph, operator_);
  lowered = fettle_lower (alone, &fettle_lower_for_desktop, error);
  if (lowered == NULL)
    return NULL;
  self->runner = fettle_runner_new (lowered->image, error);
  return self->runner != NULL ? g_steal_pointer (&self) : NULL;
}

void
fettle_layer_runner_free (FettleLayerRunner *runner)
{
  g_clear_pointer (&runner->runner, fettle_runner_free);
  g_clear_pointer (&runner->constant, g_bytes_unref);
  g_array_unref (runner->places);
  g_free (runner);
}

gpointer
fettle_layer_runner_get_input (FettleLayerRunner *runner, guint k, gsize *size)
{
  gint place = g_array_index (runner->places, gint, k);

  return place != NOT_GIVEN ? fettle_runner_get_input (runner->runner, (guint)place, size)
                            : NULL;
}

void
fettle_layer_runner_reset (FettleLayerRunner *runner)
{
  fettle_runner_reset (runner->runner);
}

void
fettle_layer_runner_run (FettleLayerRunner *runner)
{
  gboolean is_complete;

  if (runner->constant != NULL)
    memcpy (fettle_runner_get_input (runner->runner, 0, NULL),
            g_bytes_get_data (runner->constant, NULL),
            g_bytes_get_size (runner->constant));
  /* It fails only if it is cancelled, which it cannot be. */
  is_complete = fettle_runner_run (runner->runner, NULL, NULL, NULL, NULL);
  g_assert (is_complete);
}

gconstpointer
fettle_layer_runner_get_output (FettleLayerRunner *runner, guint k, gsize *size)
{
  return fettle_runner_get_output (runner->runner, k, size);
}
