/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph.c: the container of tensors and operators. */
#include "model/graph-private.h"
#include "model/hybrid.h"

struct _FettleGraph
{
  GObject parent_instance;
  char *name;
  char *source_hash;
  guint n_hybrid_layers;
  GPtrArray *tensors;   /* FettleTensor */
  GPtrArray *operators; /* FettleOperator */
  GArray *inputs;       /* gint32 */
  GArray *outputs;      /* gint32 */
};

G_DEFINE_FINAL_TYPE (FettleGraph, fettle_graph, G_TYPE_OBJECT)

G_DEFINE_QUARK (fettle - model - error - quark, fettle_model_error)

static void
fettle_graph_finalize (GObject *object)
{
  FettleGraph *self = FETTLE_GRAPH (object);

  g_free (self->name);
  g_free (self->source_hash);
  g_ptr_array_unref (self->tensors);
  g_ptr_array_unref (self->operators);
  g_array_unref (self->inputs);
  g_array_unref (self->outputs);
  G_OBJECT_CLASS (fettle_graph_parent_class)->finalize (object);
}

static void
fettle_graph_class_init (FettleGraphClass *class)
{
  G_OBJECT_CLASS (class)->finalize = fettle_graph_finalize;
}

static void
fettle_graph_init (FettleGraph *self)
{
  self->name = g_strdup ("");
  self->source_hash = g_strdup ("");
  self->tensors = g_ptr_array_new_with_free_func ((GDestroyNotify)fettle_tensor_free);
  self->operators = g_ptr_array_new_with_free_func ((GDestroyNotify)fettle_operator_free);
  self->inputs = g_array_new (FALSE, FALSE, sizeof (gint32));
  self->outputs = g_array_new (FALSE, FALSE, sizeof (gint32));
}

FettleGraph *
fettle_graph_new (void)
{
  return g_object_new (FETTLE_TYPE_GRAPH, NULL);
}

static gint32 *
numbers (GArray *array)
{
  return (gint32 *)(gpointer)array->data;
}

FettleGraph *
fettle_graph_copy (FettleGraph *self)
{
  FettleGraph *copy;

  g_return_val_if_fail (FETTLE_IS_GRAPH (self), NULL);
  copy = fettle_graph_new ();
  fettle_graph_set_name (copy, self->name);
  fettle_graph_set_source_hash (copy, self->source_hash);
  copy->n_hybrid_layers = self->n_hybrid_layers;
  for (guint i = 0; i < self->tensors->len; i++)
    fettle_graph_take_tensor (copy, fettle_tensor_copy (self->tensors->pdata[i]));
  for (guint i = 0; i < self->operators->len; i++)
    {
      const FettleOperator *operator_ = self->operators->pdata[i];
      guint number = fettle_graph_add_operator (
          copy, operator_->opcode, operator_->name, numbers (operator_->inputs),
          operator_->inputs->len, numbers (operator_->outputs), operator_->outputs->len);

      fettle_graph_get_operator (copy, number)->options = operator_->options;
    }
  fettle_graph_set_inputs (copy, numbers (self->inputs), self->inputs->len);
  fettle_graph_set_outputs (copy, numbers (self->outputs), self->outputs->len);
  return copy;
}

const char *
fettle_graph_get_name (FettleGraph *self)
{
  g_return_val_if_fail (FETTLE_IS_GRAPH (self), NULL);
  return self->name;
}

void
fettle_graph_set_name (FettleGraph *self, const char *name)
{
  g_return_if_fail (FETTLE_IS_GRAPH (self) && name != NULL);
  g_free (self->name);
  self->name = g_strdup (name);
}

const char *
fettle_graph_get_source_hash (FettleGraph *self)
{
  g_return_val_if_fail (FETTLE_IS_GRAPH (self), NULL);
  return self->source_hash;
}

void
fettle_graph_set_source_hash (FettleGraph *self, const char *hash)
{
  g_return_if_fail (FETTLE_IS_GRAPH (self) && hash != NULL);
  g_free (self->source_hash);
  self->source_hash = g_strdup (hash);
}

guint
fettle_graph_get_n_hybrid_layers (FettleGraph *self)
{
  g_return_val_if_fail (FETTLE_IS_GRAPH (self), 0);
  return self->n_hybrid_layers;
}

void
fettle_graph_set_n_hybrid_layers (FettleGraph *self, guint n_layers)
{
  g_return_if_fail (FETTLE_IS_GRAPH (self));
  self->n_hybrid_layers = n_layers;
}

guint
fettle_graph_get_n_tensors (FettleGraph *self)
{
  g_return_val_if_fail (FETTLE_IS_GRAPH (self), 0);
  return self->tensors->len;
}

FettleTensor *
fettle_graph_get_tensor (FettleGraph *self, guint index)
{
  g_return_val_if_fail (FETTLE_IS_GRAPH (self), NULL);
  g_return_val_if_fail (index < self->tensors->len, NULL);
  return self->tensors->pdata[index];
}

guint
fettle_graph_get_n_operators (FettleGraph *self)
{
  g_return_val_if_fail (FETTLE_IS_GRAPH (self), 0);
  return self->operators->len;
}

FettleOperator *
fettle_graph_get_operator (FettleGraph *self, guint index)
{
  g_return_val_if_fail (FETTLE_IS_GRAPH (self), NULL);
  g_return_val_if_fail (index < self->operators->len, NULL);
  return self->operators->pdata[index];
}

guint
fettle_graph_get_n_inputs (FettleGraph *self)
{
  g_return_val_if_fail (FETTLE_IS_GRAPH (self), 0);
  return self->inputs->len;
}

guint
fettle_graph_get_input (FettleGraph *self, guint index)
{
  g_return_val_if_fail (FETTLE_IS_GRAPH (self), 0);
  g_return_val_if_fail (index < self->inputs->len, 0);
  return (guint)g_array_index (self->inputs, gint32, index);
}

guint
fettle_graph_get_n_outputs (FettleGraph *self)
{
  g_return_val_if_fail (FETTLE_IS_GRAPH (self), 0);
  return self->outputs->len;
}

guint
fettle_graph_get_output (FettleGraph *self, guint index)
{
  g_return_val_if_fail (FETTLE_IS_GRAPH (self), 0);
  g_return_val_if_fail (index < self->outputs->len, 0);
  return (guint)g_array_index (self->outputs, gint32, index);
}

guint
fettle_graph_take_tensor (FettleGraph *self, FettleTensor *tensor)
{
  g_ptr_array_add (self->tensors, tensor);
  return self->tensors->len - 1;
}

guint
fettle_graph_add_tensor (FettleGraph *self, const char *name, FettleType type, guint rank,
                         const gint32 *shape)
{
  g_return_val_if_fail (FETTLE_IS_GRAPH (self), 0);
  g_return_val_if_fail (name != NULL && rank <= FETTLE_MAX_RANK, 0);
  g_return_val_if_fail (rank == 0 || shape != NULL, 0);
  return fettle_graph_take_tensor (self, fettle_tensor_new (name, type, rank, shape));
}

guint
fettle_graph_copy_tensor (FettleGraph *self, FettleGraph *source, guint tensor)
{
  g_return_val_if_fail (FETTLE_IS_GRAPH (self) && FETTLE_IS_GRAPH (source), 0);
  g_return_val_if_fail (tensor < source->tensors->len, 0);
  return fettle_graph_take_tensor (self,
                                   fettle_tensor_copy (source->tensors->pdata[tensor]));
}

guint
fettle_graph_add_operator (FettleGraph *self, FettleOpcode opcode, const char *name,
                           const gint32 *inputs, guint n_inputs, const gint32 *outputs,
                           guint n_outputs)
{
  FettleOperator *operator_;

  g_return_val_if_fail (FETTLE_IS_GRAPH (self), 0);
  operator_ = fettle_operator_new (opcode, name);
  if (n_inputs > 0)
    g_array_append_vals (operator_->inputs, inputs, n_inputs);
  if (n_outputs > 0)
    g_array_append_vals (operator_->outputs, outputs, n_outputs);
  g_ptr_array_add (self->operators, operator_);
  return self->operators->len - 1;
}

void
fettle_graph_insert_operator (FettleGraph *self, guint position,
                              FettleOperator *operator_)
{
  g_return_if_fail (FETTLE_IS_GRAPH (self) && operator_ != NULL);
  g_return_if_fail (position <= self->operators->len);
  g_ptr_array_insert (self->operators, (int)position, operator_);
}

void
fettle_graph_remove_operator (FettleGraph *self, guint position)
{
  g_return_if_fail (FETTLE_IS_GRAPH (self) && position < self->operators->len);
  g_ptr_array_remove_index (self->operators, position);
}

static void
set_numbers (GArray *array, const gint32 *values, guint n_values)
{
  g_array_set_size (array, 0);
  if (n_values > 0)
    g_array_append_vals (array, values, n_values);
}

void
fettle_graph_set_inputs (FettleGraph *self, const gint32 *tensors, guint n_tensors)
{
  g_return_if_fail (FETTLE_IS_GRAPH (self));
  set_numbers (self->inputs, tensors, n_tensors);
}

void
fettle_graph_set_outputs (FettleGraph *self, const gint32 *tensors, guint n_tensors)
{
  g_return_if_fail (FETTLE_IS_GRAPH (self));
  set_numbers (self->outputs, tensors, n_tensors);
}

static void
mark_used (GArray *array, gint32 *new_number)
{
  for (guint i = 0; i < array->len; i++)
    if (numbers (array)[i] >= 0)
      new_number[numbers (array)[i]] = 0;
}

static void
renumber (GArray *array, gint32 *new_number)
{
  for (guint i = 0; i < array->len; i++)
    if (numbers (array)[i] >= 0)
      numbers (array)[i] = new_number[numbers (array)[i]];
}

typedef void (*NumbersFunc) (GArray *array, gint32 *new_number);

static void
for_all_numbers (FettleGraph *self, NumbersFunc func, gint32 *new_number)
{
  func (self->inputs, new_number);
  func (self->outputs, new_number);
  for (guint i = 0; i < self->operators->len; i++)
    {
      FettleOperator *operator_ = self->operators->pdata[i];

      func (operator_->inputs, new_number);
      func (operator_->outputs, new_number);
    }
}

void
fettle_graph_drop_unused_tensors (FettleGraph *self)
{
  g_autofree gint32 *new_number = NULL;
  GPtrArray *kept;

  g_return_if_fail (FETTLE_IS_GRAPH (self));
  new_number = g_new (gint32, self->tensors->len + 1);
  for (guint i = 0; i < self->tensors->len; i++)
    new_number[i] = -1;
  for_all_numbers (self, mark_used, new_number);
  kept = g_ptr_array_new_with_free_func ((GDestroyNotify)fettle_tensor_free);
  for (guint i = 0; i < self->tensors->len; i++)
    if (new_number[i] >= 0)
      {
        new_number[i] = (gint32)kept->len;
        g_ptr_array_add (kept, g_steal_pointer (&self->tensors->pdata[i]));
      }
    else
      fettle_tensor_free (g_steal_pointer (&self->tensors->pdata[i]));
  g_ptr_array_set_free_func (self->tensors, NULL);
  g_ptr_array_unref (self->tensors);
  self->tensors = kept;
  for_all_numbers (self, renumber, new_number);
}

FettleOperator *
fettle_operator_new (FettleOpcode opcode, const char *name)
{
  FettleOperator *operator_;

  g_return_val_if_fail ((guint)opcode < FETTLE_N_OPCODES && name != NULL, NULL);
  operator_ = g_new0 (FettleOperator, 1);
  operator_->opcode = opcode;
  operator_->name = g_strdup (name);
  operator_->inputs = g_array_new (FALSE, FALSE, sizeof (gint32));
  operator_->outputs = g_array_new (FALSE, FALSE, sizeof (gint32));
  return operator_;
}

void
fettle_operator_free (FettleOperator *operator_)
{
  g_return_if_fail (operator_ != NULL);
  g_free (operator_->name);
  g_array_unref (operator_->inputs);
  g_array_unref (operator_->outputs);
  g_free (operator_);
}

gint32
fettle_operator_get_input (const FettleOperator *operator_, guint k)
{
  g_return_val_if_fail (operator_ != NULL, -1);
  return k < operator_->inputs->len ? numbers (operator_->inputs)[k] : -1;
}

gint32
fettle_operator_get_output (const FettleOperator *operator_, guint k)
{
  g_return_val_if_fail (operator_ != NULL, -1);
  return k < operator_->outputs->len ? numbers (operator_->outputs)[k] : -1;
}

FettleTensor *
fettle_graph_get_operator_input (FettleGraph *self, const FettleOperator *operator_,
                                 guint k)
{
  gint32 number = fettle_operator_get_input (operator_, k);

  return number >= 0 ? fettle_graph_get_tensor (self, (guint)number) : NULL;
}

FettleTensor *
fettle_graph_get_operator_output (FettleGraph *self, const FettleOperator *operator_,
                                  guint k)
{
  gint32 number = fettle_operator_get_output (operator_, k);

  return number >= 0 ? fettle_graph_get_tensor (self, (guint)number) : NULL;
}

void
fettle_graph_prefix_layer (FettleGraph *self, guint layer, GError **error)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (self, layer);

  g_prefix_error (error, "Layer %u (%s, %s): ", layer, operator_->name,
                  fettle_opcode_get_name (operator_->opcode));
}
