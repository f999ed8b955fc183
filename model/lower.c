/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower.c: Graph to Image, operator by operator. */
#include "model/lower.h"
#include "model/elementwise.h"
#include "model/lower-arena.h"
#include "model/lower-private.h"
#include "model/movement-spread.h"
#include "model/sequence.h"

static const FettleLowerFunc lower_functions[FETTLE_N_OPCODES] = {
  [FETTLE_OPCODE_CONV_2D] = fettle_lower_conv,
  [FETTLE_OPCODE_DEPTHWISE_CONV_2D] = fettle_lower_conv,
  [FETTLE_OPCODE_FULLY_CONNECTED] = fettle_lower_fully_connected,
  [FETTLE_OPCODE_AVERAGE_POOL_2D] = fettle_lower_pool,
  [FETTLE_OPCODE_MAX_POOL_2D] = fettle_lower_pool,
  [FETTLE_OPCODE_ADD] = fettle_lower_add,
  [FETTLE_OPCODE_MUL] = fettle_lower_mul,
  [FETTLE_OPCODE_RELU] = fettle_lower_relu,
  [FETTLE_OPCODE_RELU6] = fettle_lower_relu6,
  [FETTLE_OPCODE_SOFTMAX] = fettle_lower_softmax,
  [FETTLE_OPCODE_RESHAPE] = fettle_lower_copy,
  [FETTLE_OPCODE_PAD] = fettle_lower_pad,
  [FETTLE_OPCODE_MEAN] = fettle_lower_sum,
  [FETTLE_OPCODE_QUANTIZE] = fettle_lower_quantize,
  [FETTLE_OPCODE_DEQUANTIZE] = fettle_lower_dequantize,
  [FETTLE_OPCODE_CONCATENATION] = fettle_lower_concatenate,
  [FETTLE_OPCODE_SPLIT] = fettle_lower_split,
  [FETTLE_OPCODE_SPLIT_V] = fettle_lower_split,
  [FETTLE_OPCODE_SLICE] = fettle_lower_slice,
  [FETTLE_OPCODE_STRIDED_SLICE] = fettle_lower_slice,
  [FETTLE_OPCODE_PACK] = fettle_lower_concatenate,
  [FETTLE_OPCODE_UNPACK] = fettle_lower_split,
  [FETTLE_OPCODE_SQUEEZE] = fettle_lower_copy,
  [FETTLE_OPCODE_EXPAND_DIMS] = fettle_lower_copy,
  [FETTLE_OPCODE_TRANSPOSE] = fettle_lower_transpose,
  [FETTLE_OPCODE_PADV2] = fettle_lower_pad,
  [FETTLE_OPCODE_MIRROR_PAD] = fettle_lower_mirror_pad,
  [FETTLE_OPCODE_GATHER] = fettle_lower_gather,
  [FETTLE_OPCODE_CAST] = fettle_lower_cast,
  [FETTLE_OPCODE_SPACE_TO_DEPTH] = fettle_lower_space_to_depth,
  [FETTLE_OPCODE_DEPTH_TO_SPACE] = fettle_lower_depth_to_space,
  [FETTLE_OPCODE_RESIZE_BILINEAR] = fettle_lower_resize_bilinear,
  [FETTLE_OPCODE_RESIZE_NEAREST_NEIGHBOR] = fettle_lower_resize_nearest,
  [FETTLE_OPCODE_SUM] = fettle_lower_sum,
  [FETTLE_OPCODE_REDUCE_MAX] = fettle_lower_reduce_extreme,
  [FETTLE_OPCODE_REDUCE_MIN] = fettle_lower_reduce_extreme,
  [FETTLE_OPCODE_ARG_MAX] = fettle_lower_arg_extreme,
  [FETTLE_OPCODE_ARG_MIN] = fettle_lower_arg_extreme,
  [FETTLE_OPCODE_SUB] = fettle_lower_sub,
  [FETTLE_OPCODE_DIV] = fettle_lower_div,
  [FETTLE_OPCODE_MINIMUM] = fettle_lower_minimum_maximum,
  [FETTLE_OPCODE_MAXIMUM] = fettle_lower_minimum_maximum,
  [FETTLE_OPCODE_SQUARED_DIFFERENCE] = fettle_lower_squared_difference,
  [FETTLE_OPCODE_ABS] = fettle_lower_unary,
  [FETTLE_OPCODE_NEG] = fettle_lower_unary,
  [FETTLE_OPCODE_SQRT] = fettle_lower_unary,
  [FETTLE_OPCODE_RSQRT] = fettle_lower_unary,
  [FETTLE_OPCODE_LOG] = fettle_lower_unary,
  [FETTLE_OPCODE_SQUARE] = fettle_lower_unary,
  [FETTLE_OPCODE_EXP] = fettle_lower_unary,
  [FETTLE_OPCODE_FLOOR] = fettle_lower_unary,
  [FETTLE_OPCODE_CEIL] = fettle_lower_unary,
  [FETTLE_OPCODE_ROUND] = fettle_lower_unary,
  [FETTLE_OPCODE_SIN] = fettle_lower_unary,
  [FETTLE_OPCODE_COS] = fettle_lower_unary,
  [FETTLE_OPCODE_RELU_N1_TO_1] = fettle_lower_relu,
  [FETTLE_OPCODE_LEAKY_RELU] = fettle_lower_unary,
  [FETTLE_OPCODE_PRELU] = fettle_lower_prelu,
  [FETTLE_OPCODE_HARD_SWISH] = fettle_lower_unary,
  [FETTLE_OPCODE_LOGISTIC] = fettle_lower_unary,
  [FETTLE_OPCODE_TANH] = fettle_lower_unary,
  [FETTLE_OPCODE_ELU] = fettle_lower_unary,
  [FETTLE_OPCODE_GELU] = fettle_lower_unary,
  [FETTLE_OPCODE_EQUAL] = fettle_lower_comparison,
  [FETTLE_OPCODE_NOT_EQUAL] = fettle_lower_comparison,
  [FETTLE_OPCODE_GREATER] = fettle_lower_comparison,
  [FETTLE_OPCODE_GREATER_EQUAL] = fettle_lower_comparison,
  [FETTLE_OPCODE_LESS] = fettle_lower_comparison,
  [FETTLE_OPCODE_LESS_EQUAL] = fettle_lower_comparison,
  [FETTLE_OPCODE_LOGICAL_AND] = fettle_lower_logical,
  [FETTLE_OPCODE_LOGICAL_OR] = fettle_lower_logical,
  [FETTLE_OPCODE_LOGICAL_NOT] = fettle_lower_logical,
  [FETTLE_OPCODE_SVDF] = fettle_lower_svdf,
  [FETTLE_OPCODE_UNIDIRECTIONAL_SEQUENCE_LSTM] = fettle_lower_lstm,
  [FETTLE_OPCODE_TRANSPOSE_CONV] = fettle_lower_transpose_conv,
  [FETTLE_OPCODE_BATCH_MATMUL] = fettle_lower_batch_matmul,
  [FETTLE_OPCODE_LOG_SOFTMAX] = fettle_lower_log_softmax,
  [FETTLE_OPCODE_L2_NORMALIZATION] = fettle_lower_l2_normalization,
  [FETTLE_OPCODE_CALL_ONCE] = fettle_lower_call_once,
  [FETTLE_OPCODE_FILL] = fettle_lower_broadcast,
  [FETTLE_OPCODE_BROADCAST_TO] = fettle_lower_broadcast,
  [FETTLE_OPCODE_TILE] = fettle_lower_tile,
  [FETTLE_OPCODE_REVERSE_V2] = fettle_lower_reverse,
  [FETTLE_OPCODE_SELECT] = fettle_lower_select,
  [FETTLE_OPCODE_SELECT_V2] = fettle_lower_select,
  [FETTLE_OPCODE_SPACE_TO_BATCH_ND] = fettle_lower_space_to_batch,
  [FETTLE_OPCODE_BATCH_TO_SPACE_ND] = fettle_lower_batch_to_space,
  [FETTLE_OPCODE_READ_VARIABLE] = fettle_lower_copy,
  [FETTLE_OPCODE_ASSIGN_VARIABLE] = fettle_lower_copy,
};

typedef struct
{
  FettleGraph *graph;
  FettleImageWriter *writer;
  FettleLowered *lowered;
  gint32 *entry_of_tensor; /* index into lowered->entries, or -1 */
  enum frt_packing packing;
  FettleRounding rounding;
} Lowering;

void
fettle_lowered_free (FettleLowered *lowered)
{
  g_return_if_fail (lowered != NULL);
  g_clear_pointer (&lowered->image, g_bytes_unref);
  g_clear_pointer (&lowered->entries, g_array_unref);
  g_clear_pointer (&lowered->tensor_index, g_array_unref);
  g_free (lowered);
}

/* How many inputs are read while the model runs, from the data input on; the others go into the
 * parameters. */
static guint
count_image_inputs (const FettleOperator *operator_)
{
  switch (operator_->opcode)
    {
    case FETTLE_OPCODE_CONCATENATION:
    case FETTLE_OPCODE_PACK:
    case FETTLE_OPCODE_CALL_ONCE:
      return operator_->inputs->len;
    case FETTLE_OPCODE_GATHER:
    case FETTLE_OPCODE_SVDF:
    case FETTLE_OPCODE_BATCH_MATMUL:
      return 2;
    case FETTLE_OPCODE_UNIDIRECTIONAL_SEQUENCE_LSTM:
    case FETTLE_OPCODE_SELECT:
    case FETTLE_OPCODE_SELECT_V2:
      return 3;
    default:
      return MAX (fettle_elementwise_count_inputs (operator_->opcode), 1);
    }
}

/* The tensor number of image input K. */
static gint32
get_image_input (const FettleOperator *operator_, guint k)
{
  if (k > 0 && fettle_opcode_keeps_state (operator_->opcode))
    return fettle_operator_get_input (
        operator_, fettle_sequence_get_state (operator_->opcode, k - 1));
  /* The condition comes last. */
  if (fettle_opcode_selects (operator_->opcode))
    return fettle_operator_get_input (operator_, (k + 1) % 3);
  return fettle_operator_get_input (operator_,
                                    fettle_opcode_get_data_input (operator_->opcode) + k);
}

/* Numbers the tensors that the image needs, in the graph's order. */
static guint
number_tensors (Lowering *lowering)
{
  FettleGraph *graph = lowering->graph;
  guint n_tensors = fettle_graph_get_n_tensors (graph);
  g_autofree gboolean *is_needed = g_new0 (gboolean, n_tensors);
  guint n = 0;

  for (guint i = 0; i < n_tensors; i++)
    is_needed[i] = lowering->entry_of_tensor[i] >= 0;
  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      for (guint k = 0; k < count_image_inputs (operator_); k++)
        is_needed[get_image_input (operator_, k)] = TRUE;
    }
  for (guint i = 0; i < n_tensors; i++)
    {
      gint32 number = is_needed[i] ? (gint32)n++ : -1;

      g_array_append_val (lowering->lowered->tensor_index, number);
    }
  return n;
}

static guint16
image_number (const Lowering *lowering, gint32 tensor)
{
  return (guint16)g_array_index (lowering->lowered->tensor_index, gint32, tensor);
}

static void
write_tensor (Lowering *lowering, guint index, const char *name)
{
  const FettleTensor *tensor = fettle_graph_get_tensor (lowering->graph, index);
  gint32 entry = lowering->entry_of_tensor[index];
  guint32 offset;
  struct frt_tensor *written;

  if (entry >= 0)
    offset = (guint32)g_array_index (lowering->lowered->entries, FettleArenaEntry, entry)
                 .buffer.offset;
  else
    offset = fettle_image_writer_add_constant (lowering->writer,
                                               g_bytes_get_data (tensor->data, NULL),
                                               g_bytes_get_size (tensor->data));
  written = fettle_image_writer_get_tensor (lowering->writer,
                                            image_number (lowering, (gint32)index));
  written->type = (guint8)tensor->type;
  written->storage = entry >= 0 ? FRT_STORAGE_ARENA : FRT_STORAGE_CONSTANT;
  written->rank = (guint8)tensor->rank;
  written->flags = tensor->is_variable && entry >= 0 ? FRT_TENSOR_VARIABLE : 0;
  written->offset = offset;
  written->size = (guint32)fettle_tensor_get_size (tensor);
  fettle_tensor_get_scale (tensor, &written->scale, &written->zero_point);
  written->name = fettle_image_writer_add_name (lowering->writer, name);
  for (guint i = 0; i < FRT_MAX_RANK; i++)
    written->dimensions[i] = i < tensor->rank ? tensor->shape[i] : 1;
}

/* Activations go by the name of the layer that writes them, which the image holds anyway. */
static void
write_tensors (Lowering *lowering)
{
  FettleGraph *graph = lowering->graph;
  guint n_tensors = fettle_graph_get_n_tensors (graph);
  g_autofree const char **names = g_new0 (const char *, n_tensors);

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);

      names[fettle_operator_get_output (operator_, 0)] = operator_->name;
    }
  for (guint i = 0; i < n_tensors; i++)
    if (g_array_index (lowering->lowered->tensor_index, gint32, i) >= 0)
      write_tensor (lowering, i,
                    names[i] != NULL ? names[i]
                                     : fettle_graph_get_tensor (graph, i)->name);
}

/* N_INPUTS inputs, then all outputs. */
static guint32
write_operands (Lowering *lowering, const FettleOperator *operator_, guint n_inputs)
{
  guint n_outputs = operator_->outputs->len;
  g_autofree guint16 *numbers = g_new (guint16, n_inputs + n_outputs);

  g_assert (n_inputs <= FRT_MAX_OPERANDS && n_outputs <= FRT_MAX_OPERANDS);
  for (guint k = 0; k < n_inputs; k++)
    numbers[k] = image_number (lowering, get_image_input (operator_, k));
  for (guint k = 0; k < n_outputs; k++)
    numbers[n_inputs + k] =
        image_number (lowering, fettle_operator_get_output (operator_, k));
  return fettle_image_writer_add_parameters (lowering->writer, numbers,
                                             (n_inputs + n_outputs) * sizeof *numbers);
}

static gboolean
write_operator (Lowering *lowering, guint index, GError **error)
{
  const FettleOperator *operator_ = fettle_graph_get_operator (lowering->graph, index);
  FettleLayer layer = {
    .graph = lowering->graph,
    .writer = lowering->writer,
    .operator_ = operator_,
    .input = fettle_graph_get_operator_input (
        lowering->graph, operator_, fettle_opcode_get_data_input (operator_->opcode)),
    .packing = lowering->packing,
    .rounding = lowering->rounding,
  };
  FettleKernelCall call = { 0 };
  guint32 name = fettle_image_writer_add_name (lowering->writer, operator_->name);
  struct frt_operator *written;
  guint32 operands;

  for (guint k = 0; k < G_N_ELEMENTS (layer.inputs); k++)
    layer.inputs[k] = fettle_graph_get_operator_input (lowering->graph, operator_, k);
  layer.output = fettle_graph_get_operator_output (lowering->graph, operator_, 0);
  layer.is_float = layer.input->type == FETTLE_TYPE_FLOAT32;
  if (!lower_functions[operator_->opcode](&layer, &call, error))
    return FALSE;
  operands = write_operands (lowering, operator_, call.n_inputs);
  written = fettle_image_writer_get_operator (lowering->writer, index);
  written->kernel = call.kernel;
  written->input_count = call.n_inputs;
  written->output_count = (guint8)operator_->outputs->len;
  written->operands_offset = operands;
  written->parameters_offset = call.parameters_offset;
  written->parameters_size = call.parameters_size;
  written->name = name;
  written->opcode = (guint32)operator_->opcode;
  written->scratch_size = call.scratch_size;
  if (call.scratch_size > 0)
    fettle_lower_add_scratch (lowering->lowered->entries, index, call.scratch_size);
  return TRUE;
}

/* Plans the arena, now that the operators' scratch is known. */
static void
place_arena (Lowering *lowering)
{
  FettleLowered *lowered = lowering->lowered;

  lowered->arena = fettle_lower_place_arena (lowered->entries);
  for (guint i = 0; i < lowered->entries->len; i++)
    {
      const FettleArenaEntry *entry =
          &g_array_index (lowered->entries, FettleArenaEntry, i);

      if (entry->tensor < 0)
        fettle_image_writer_get_operator (lowering->writer, (guint)entry->layer)
            ->scratch_offset = (guint32)entry->buffer.offset;
    }
}

static void
write_ends (Lowering *lowering)
{
  FettleGraph *graph = lowering->graph;
  guint16 *inputs = fettle_image_writer_get_inputs (lowering->writer);
  guint16 *outputs = fettle_image_writer_get_outputs (lowering->writer);

  for (guint i = 0; i < fettle_graph_get_n_inputs (graph); i++)
    inputs[i] = image_number (lowering, (gint32)fettle_graph_get_input (graph, i));
  for (guint i = 0; i < fettle_graph_get_n_outputs (graph); i++)
    outputs[i] = image_number (lowering, (gint32)fettle_graph_get_output (graph, i));
}

static gboolean
too_large (const char *what, GError **error)
{
  g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
               "The model is too large: its %s is more than the runtime can address.",
               what);
  return FALSE;
}

/* Whatever lowering makes, the runtime must accept; if not, the fault is ours. */
static gboolean
check_image (GBytes *bytes, GError **error)
{
  frt_image image;
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);
  int status =
      frt_image_open (&image, data, size, frt_all_kernels, frt_all_kernels_count);

  if (status == FRT_OK)
    return TRUE;
  g_set_error (error, FETTLE_MODEL_ERROR, FETTLE_MODEL_ERROR_UNSUPPORTED,
               "The runtime refuses the lowered model at byte %u: %s", image.fault_offset,
               frt_status_text (status));
  return FALSE;
}

static gboolean
write_image (Lowering *lowering, GError **error)
{
  FettleLowered *lowered = lowering->lowered;

  for (guint i = 0; i < fettle_graph_get_n_operators (lowering->graph); i++)
    if (!write_operator (lowering, i, error))
      {
        fettle_graph_prefix_layer (lowering->graph, i, error);
        return FALSE;
      }
  place_arena (lowering);
  if (lowered->arena.size > FETTLE_MAX_TENSOR_SIZE)
    return too_large ("arena", error);
  write_tensors (lowering);
  write_ends (lowering);
  lowered->image =
      fettle_image_writer_finish (lowering->writer, (guint32)lowered->arena.size);
  if (lowered->image == NULL)
    return too_large ("image", error);
  return check_image (lowered->image, error);
}

const FettleLowerOptions fettle_lower_for_desktop = { .target = FETTLE_TARGET_DESKTOP };

FettleLowered *
fettle_lower (FettleGraph *graph, const FettleLowerOptions *options, GError **error)
{
  static const FettleLowerOptions defaults = { .target = FETTLE_TARGET_PORTABLE };
  g_autoptr (FettleLowered) lowered = NULL;
  g_autoptr (FettleImageWriter) writer = NULL;
  g_autofree gint32 *entry_of_tensor = NULL;
  Lowering lowering = { .graph = graph };
  guint n_tensors;

  g_return_val_if_fail (FETTLE_IS_GRAPH (graph), NULL);
  if (!fettle_graph_validate (graph, error))
    return NULL;
  if (options == NULL)
    options = &defaults;
  lowering.lowered = lowered = g_new0 (FettleLowered, 1);
  lowered->tensor_index = g_array_new (FALSE, FALSE, sizeof (gint32));
  lowering.entry_of_tensor = entry_of_tensor =
      g_new (gint32, fettle_graph_get_n_tensors (graph));
  lowered->entries =
      fettle_lower_list_arena (graph, options->keep_all_tensors, entry_of_tensor);
  n_tensors = number_tensors (&lowering);
  if (n_tensors >= FRT_NO_TENSOR)
    {
      too_large ("number of tensors", error);
      return NULL;
    }
  lowering.writer = writer = fettle_image_writer_new (
      n_tensors, fettle_graph_get_n_operators (graph), fettle_graph_get_n_inputs (graph),
      fettle_graph_get_n_outputs (graph), options->strip_names);
  lowering.rounding = options->rounding;
  /* The packed kernels round twice. */
  if (options->rounding == FETTLE_ROUNDING_SINGLE)
    fettle_image_writer_set_rounding (writer, FRT_ROUNDING_SINGLE);
  else if (options->target == FETTLE_TARGET_CORTEX_M4
           || options->target == FETTLE_TARGET_CORTEX_M7)
    lowering.packing = FRT_PACKING_ARMV7E_M;
  else if (options->target == FETTLE_TARGET_CORTEX_M55)
    lowering.packing = FRT_PACKING_HELIUM;
  else if (options->target == FETTLE_TARGET_DESKTOP)
    lowering.packing = FRT_PACKING_DESKTOP;
  fettle_image_writer_set_packing (writer, lowering.packing);
  return write_image (&lowering, error) ? g_steal_pointer (&lowered) : NULL;
}
