/* SPDX-License-Identifier: GPL-3.0-or-later */
/* type-boundaries.c: QUANTIZE and DEQUANTIZE where layers of different types meet. */
#include "model/type-boundaries.h"
#include "model/graph-private.h"
#include "model/runner.h"

#define NO_LAYER (-1)

typedef struct
{
  gint32 from, to; /* tensors */
  guint position;  /* among the layers before any was inserted */
} Conversion;

typedef struct
{
  FettleGraph *graph;
  gint32 *writers;     /* per tensor before the call: its layer, or NO_LAYER */
  guint n_tensors;     /* of them */
  GArray *conversions; /* Conversion; of constants, too: those without a layer */
  GHashTable *names;   /* of layers */
} Boundaries;

FettleForm
fettle_tensor_get_form (const FettleTensor *tensor)
{
  FettleForm form = { 0 };

  g_return_val_if_fail (tensor != NULL, form);
  form.type = tensor->type;
  if (form.type != FETTLE_TYPE_FLOAT32)
    fettle_tensor_get_scale (tensor, &form.scale, &form.zero_point);
  return form;
}

static gboolean
has_form (const FettleTensor *tensor, const FettleForm *form)
{
  FettleForm own = fettle_tensor_get_form (tensor);

  return own.type == form->type
         && (own.type == FETTLE_TYPE_FLOAT32
             || (own.scale == form->scale && own.zero_point == form->zero_point));
}

static gboolean
check_form (const FettleTensor *tensor, const FettleForm *form, GError **error)
{
  switch (form->type)
    {
    case FETTLE_TYPE_FLOAT32:
      return TRUE;
    case FETTLE_TYPE_INT8:
    case FETTLE_TYPE_INT16:
    case FETTLE_TYPE_INT32:
    case FETTLE_TYPE_UINT8:
      if (form->scale > 0)
        return TRUE;
      break;
    default:
      break;
    }
  g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_INVALID,
               "The tensor “%s” (%s) cannot be converted from or to %s of scale %g; give "
               "the layers around it the same type.",
               tensor->name, fettle_type_get_name (tensor->type),
               fettle_type_get_name (form->type), (double)form->scale);
  return FALSE;
}

static gboolean
check_conversion (const FettleTensor *tensor, const FettleForm *form, GError **error)
{
  FettleForm own = fettle_tensor_get_form (tensor);

  if (tensor->is_variable)
    {
      g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_INVALID,
                   "The state “%s” is %s and cannot be read as %s; a layer and its state "
                   "go together.",
                   tensor->name, fettle_type_get_name (tensor->type),
                   fettle_type_get_name (form->type));
      return FALSE;
    }
  return check_form (tensor, &own, error) && check_form (tensor, form, error);
}

/* The tensor that TENSOR was dequantized from, if it has FORM; -1 otherwise. */
static gint32
find_origin (const Boundaries *boundaries, gint32 tensor, const FettleForm *form)
{
  gint32 writer = boundaries->writers[tensor];
  const FettleOperator *operator_;
  gint32 origin;

  if (writer == NO_LAYER)
    return -1;
  operator_ = fettle_graph_get_operator (boundaries->graph, (guint)writer);
  if (operator_->opcode != FETTLE_OPCODE_DEQUANTIZE)
    return -1;
  origin = fettle_operator_get_input (operator_, 0);
  return has_form (fettle_graph_get_tensor (boundaries->graph, (guint)origin), form)
             ? origin
             : -1;
}

static void
convert_values (const FettleTensor *from, FettleTensor *to)
{
  gsize n = fettle_tensor_get_n_elements (from);
  gsize size = fettle_tensor_get_size (to);
  g_autofree float *values = g_new (float, n);
  gpointer raw = g_malloc (size);

  fettle_tensor_decode (from, g_bytes_get_data (from->data, NULL), values, n);
  fettle_tensor_encode (to, values, raw, n);
  to->data = g_bytes_new_take (raw, size);
}

static gint32
add_copy (const Boundaries *boundaries, gint32 from, const FettleForm *form)
{
  const FettleTensor *tensor = fettle_graph_get_tensor (boundaries->graph, (guint)from);
  guint number = fettle_graph_add_tensor (boundaries->graph, tensor->name, form->type,
                                          tensor->rank, tensor->shape);
  FettleTensor *copy = fettle_graph_get_tensor (boundaries->graph, number);

  if (form->type != FETTLE_TYPE_FLOAT32)
    fettle_tensor_set_quantization (copy, 1, 0, &form->scale, &form->zero_point);
  if (tensor->data != NULL)
    convert_values (tensor, copy);
  return (gint32)number;
}

static guint
find_position (const Boundaries *boundaries, gint32 from, const FettleForm *form,
               guint reader)
{
  const FettleTensor *tensor = fettle_graph_get_tensor (boundaries->graph, (guint)from);

  if (fettle_type_get_size (form->type) < fettle_type_get_size (tensor->type))
    return (guint)(boundaries->writers[from] + 1);
  return MIN (reader, fettle_graph_get_n_operators (boundaries->graph));
}

/* The number of FROM in FORM, made if it does not exist yet. READER is a layer that needs it. */
static gint32
get_copy (Boundaries *boundaries, gint32 from, const FettleForm *form, guint reader)
{
  guint position = find_position (boundaries, from, form, reader);
  gint32 origin = find_origin (boundaries, from, form);
  Conversion conversion = { .from = from, .position = position };

  if (origin >= 0)
    return origin;
  for (guint i = 0; i < boundaries->conversions->len; i++)
    {
      Conversion *made = &g_array_index (boundaries->conversions, Conversion, i);
      const FettleTensor *copy =
          fettle_graph_get_tensor (boundaries->graph, (guint)made->to);

      if (made->from == from && has_form (copy, form))
        {
          made->position = MIN (made->position, position);
          return made->to;
        }
    }
  conversion.to = add_copy (boundaries, from, form);
  g_array_append_val (boundaries->conversions, conversion);
  return conversion.to;
}

static void
set_output (FettleGraph *graph, guint index, gint32 tensor)
{
  guint n = fettle_graph_get_n_outputs (graph);
  g_autofree gint32 *outputs = g_new (gint32, n);

  for (guint i = 0; i < n; i++)
    outputs[i] = i == index ? tensor : (gint32)fettle_graph_get_output (graph, i);
  fettle_graph_set_outputs (graph, outputs, n);
}

static gboolean
set_reading (Boundaries *boundaries, const FettleReading *reading, GError **error)
{
  FettleGraph *graph = boundaries->graph;
  gboolean is_output = reading->layer == FETTLE_READ_AS_OUTPUT;
  GArray *inputs =
      is_output ? NULL : fettle_graph_get_operator (graph, reading->layer)->inputs;
  gint32 from = is_output ? (gint32)fettle_graph_get_output (graph, reading->input)
                          : g_array_index (inputs, gint32, reading->input);
  const FettleTensor *tensor = fettle_graph_get_tensor (graph, (guint)from);
  gint32 copy;

  g_assert ((guint)from < boundaries->n_tensors);
  if (has_form (tensor, &reading->form))
    return TRUE;
  if (!check_conversion (tensor, &reading->form, error))
    return FALSE;
  copy = get_copy (boundaries, from, &reading->form, reading->layer);
  if (is_output)
    set_output (graph, reading->input, copy);
  else
    g_array_index (inputs, gint32, reading->input) = copy;
  return TRUE;
}

/* "conv1/int8", and if a layer has that name already, "conv1/int8_2". */
static char *
choose_name (const Boundaries *boundaries, const Conversion *conversion)
{
  FettleGraph *graph = boundaries->graph;
  gint32 writer = boundaries->writers[conversion->from];
  const char *source =
      writer != NO_LAYER ? fettle_graph_get_operator (graph, (guint)writer)->name
                         : fettle_graph_get_tensor (graph, (guint)conversion->from)->name;
  const FettleTensor *copy = fettle_graph_get_tensor (graph, (guint)conversion->to);
  g_autofree char *base =
      g_strdup_printf ("%s/%s", source, fettle_type_get_name (copy->type));
  char *name = g_strdup (base);

  for (guint i = 2; g_hash_table_contains (boundaries->names, name); i++)
    {
      g_free (name);
      name = g_strdup_printf ("%s_%u", base, i);
    }
  g_hash_table_add (boundaries->names, g_strdup (name));
  return name;
}

static FettleOperator *
make_layer (const Boundaries *boundaries, const Conversion *conversion)
{
  g_autofree char *name = choose_name (boundaries, conversion);
  FettleTensor *copy = fettle_graph_get_tensor (boundaries->graph, (guint)conversion->to);
  FettleOperator *layer =
      fettle_operator_new (copy->type == FETTLE_TYPE_FLOAT32 ? FETTLE_OPCODE_DEQUANTIZE
                                                             : FETTLE_OPCODE_QUANTIZE,
                           name);

  g_array_append_val (layer->inputs, conversion->from);
  g_array_append_val (layer->outputs, conversion->to);
  /* The name of what was converted goes on meaning that alone. */
  g_free (copy->name);
  copy->name = g_strdup (name);
  return layer;
}

/* Names are chosen while all layers still have their numbers. */
static void
insert_layers (const Boundaries *boundaries)
{
  GArray *conversions = boundaries->conversions;
  guint n_layers = fettle_graph_get_n_operators (boundaries->graph);
  g_autoptr (GPtrArray) layers = g_ptr_array_new ();

  for (guint i = 0; i < conversions->len; i++)
    {
      const Conversion *conversion = &g_array_index (conversions, Conversion, i);
      gboolean is_constant =
          fettle_graph_get_tensor (boundaries->graph, (guint)conversion->to)->data
          != NULL;

      g_ptr_array_add (layers, is_constant ? NULL : make_layer (boundaries, conversion));
    }
  for (guint position = n_layers + 1; position-- > 0;)
    for (guint i = conversions->len; i-- > 0;)
      if (layers->pdata[i] != NULL
          && g_array_index (conversions, Conversion, i).position == position)
        fettle_graph_insert_operator (boundaries->graph, position, layers->pdata[i]);
}

static gboolean
is_read (FettleGraph *graph, gint32 tensor)
{
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      for (guint k = 0; k < operator_->inputs->len; k++)
        if (fettle_operator_get_input (operator_, k) == tensor)
          return TRUE;
    }
  for (guint i = 0; i < fettle_graph_get_n_outputs (graph); i++)
    if ((gint32)fettle_graph_get_output (graph, i) == tensor)
      return TRUE;
  return FALSE;
}

static void
remove_bypassed (FettleGraph *graph)
{
  for (guint i = fettle_graph_get_n_operators (graph); i-- > 0;)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      if (operator_->opcode == FETTLE_OPCODE_DEQUANTIZE
          && !is_read (graph, fettle_operator_get_output (operator_, 0)))
        fettle_graph_remove_operator (graph, i);
    }
}

static void
find_writers (Boundaries *boundaries)
{
  FettleGraph *graph = boundaries->graph;

  for (guint i = 0; i < boundaries->n_tensors; i++)
    boundaries->writers[i] = NO_LAYER;
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      for (guint k = 0; k < operator_->outputs->len; k++)
        boundaries->writers[fettle_operator_get_output (operator_, k)] = (gint32)i;
      g_hash_table_add (boundaries->names, g_strdup (operator_->name));
    }
}

gboolean
fettle_graph_insert_conversions (FettleGraph *graph, const FettleReading *readings,
                                 guint n_readings, GError **error)
{
  g_autofree gint32 *writers = NULL;
  g_autoptr (GArray) conversions = g_array_new (FALSE, FALSE, sizeof (Conversion));
  g_autoptr (GHashTable) names =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Boundaries boundaries = { graph, NULL, 0, conversions, names };

  g_return_val_if_fail (FETTLE_IS_GRAPH (graph), FALSE);
  g_return_val_if_fail (readings != NULL || n_readings == 0, FALSE);
  boundaries.n_tensors = fettle_graph_get_n_tensors (graph);
  boundaries.writers = writers = g_new (gint32, boundaries.n_tensors + 1);
  find_writers (&boundaries);
  for (guint i = 0; i < n_readings; i++)
    if (!set_reading (&boundaries, &readings[i], error))
      return FALSE;
  insert_layers (&boundaries);
  remove_bypassed (graph);
  return TRUE;
}
