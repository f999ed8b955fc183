/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph.h: a model as the desktop edits it: tensors, and operators in execution order.
 *
 * Activations are NHWC. Weights keep TensorFlow Lite's layouts: CONV_2D [out][h][w][in / groups],
 * DEPTHWISE_CONV_2D [1][h][w][out], FULLY_CONNECTED [out][in].
 *
 * A graph is changed by one thread at a time; every step of a recipe works on a copy. Tensors and
 * operators belong to their graph and are freed with it; numbers (indices) name them.
 */
#pragma once

#include "model/opcode.h"
#include <gio/gio.h>

G_BEGIN_DECLS

#define FETTLE_MAX_RANK 6

typedef enum
{
  FETTLE_TYPE_FLOAT32 = 1, /* the numbers of enum frt_type */
  FETTLE_TYPE_INT8 = 2,
  FETTLE_TYPE_INT16 = 3,
  FETTLE_TYPE_INT32 = 4,
  FETTLE_TYPE_INT64 = 5,
  FETTLE_TYPE_UINT8 = 6,
  FETTLE_TYPE_BOOL = 7,
  FETTLE_TYPE_INT4 = 8, /* weights only: two per byte, the lower half first */
} FettleType;

/* "int8"; static. */
const char *fettle_type_get_name (FettleType type);
/* Bytes of one element; 1 for int4, see fettle_tensor_get_size. */
gsize fettle_type_get_size (FettleType type);

/* real = scale * (q - zero_point). One entry, or one per slice along AXIS. */
typedef struct
{
  guint n_channels; /* 0: not quantized; 1: per tensor */
  guint axis;
  float *scales;
  gint32 *zero_points;
} FettleQuantization;

typedef struct
{
  char *name;
  FettleType type;
  guint rank;
  gint32 shape[FETTLE_MAX_RANK];
  gboolean is_variable;
  GBytes
      *data; /* constants only; little-endian, row-major, aligned as by malloc; NULL for
                 * activations */
  FettleQuantization quantization;
} FettleTensor;

typedef enum
{
  FETTLE_ACTIVATION_NONE,
  FETTLE_ACTIVATION_RELU,
  FETTLE_ACTIVATION_RELU_N1_TO_1,
  FETTLE_ACTIVATION_RELU6,
} FettleActivation;

typedef enum
{
  FETTLE_PADDING_SAME,
  FETTLE_PADDING_VALID,
  FETTLE_PADDING_EXPLICIT, /* the padding_* options say how many cells */
} FettlePadding;

/* What lies before a row's first element, and in the same way behind its last. */
typedef enum
{
  FETTLE_MIRROR_REFLECT,   /* the second element first */
  FETTLE_MIRROR_SYMMETRIC, /* the first element first */
} FettleMirror;

/* Fields that an operator does not use are 0. Each has 32 bits and keeps its place: project files hold
 * them in this order; new ones go to the end. */
typedef struct
{
  FettleActivation activation;
  FettlePadding padding;
  gint32 stride_height, stride_width;
  gint32 dilation_height, dilation_width;
  gint32 filter_height, filter_width; /* pools */
  gint32 depth_multiplier;
  float beta;         /* SOFTMAX */
  gboolean keep_dims; /* MEAN */
  gint32 axis;        /* CONCATENATION, PACK, UNPACK, GATHER; negative = from the end */
  gint32 batch_dims;  /* GATHER */
  guint32 begin_mask, end_mask, ellipsis_mask, new_axis_mask,
      shrink_axis_mask;     /* STRIDED_SLICE: bit k = place k of begin, end and strides */
  gboolean is_end_relative; /* STRIDED_SLICE: end counts from begin */
  gboolean align_corners;   /* RESIZE_* */
  gboolean half_pixel_centers; /* RESIZE_* */
  FettleMirror mirror;         /* MIRROR_PAD */
  gint32 block_size;           /* SPACE_TO_DEPTH, DEPTH_TO_SPACE */
  float alpha;                 /* LEAKY_RELU: the slope of negative values */
  gboolean is_approximate;     /* GELU: through the hyperbolic tangent */
  gint32 filter_rank;          /* SVDF: filters per unit */
  gboolean time_major;         /* UNIDIRECTIONAL_SEQUENCE_LSTM: steps before batches */
  float cell_clip;             /* the same: limit of the cell; 0 = none */
  /* CONV_2D, FULLY_CONNECTED of int16 without bias: INT32 makes the accumulator that wide. */
  FettleType bias_type;
  gboolean transpose_first, transpose_second; /* BATCH_MATMUL: of the last two axes */
  gint32 padding_top, padding_left, padding_bottom,
      padding_right; /* convolutions, pools */
} FettleOptions;

typedef struct
{
  FettleOpcode opcode;
  char *name;      /* of the layer, short, for people; unique in the graph */
  GArray *inputs;  /* gint32 tensor numbers; -1 = optional input absent */
  GArray *outputs; /* gint32 tensor numbers */
  FettleOptions options;
} FettleOperator;

#define FETTLE_TYPE_GRAPH (fettle_graph_get_type ())
G_DECLARE_FINAL_TYPE (FettleGraph, fettle_graph, FETTLE, GRAPH, GObject)

FettleGraph *fettle_graph_new (void);
/* Deep, except that the constants' GBytes are shared. */
FettleGraph *fettle_graph_copy (FettleGraph *self);

const char *fettle_graph_get_name (FettleGraph *self);
void fettle_graph_set_name (FettleGraph *self, const char *name);

/* Hex SHA-256 of the file that the graph was first imported from; "" if none. */
const char *fettle_graph_get_source_hash (FettleGraph *self);
void fettle_graph_set_source_hash (FettleGraph *self, const char *hash);

guint fettle_graph_get_n_tensors (FettleGraph *self);
FettleTensor *fettle_graph_get_tensor (FettleGraph *self, guint index);
guint fettle_graph_get_n_operators (FettleGraph *self);
FettleOperator *fettle_graph_get_operator (FettleGraph *self, guint index);

guint fettle_graph_get_n_inputs (FettleGraph *self);
guint fettle_graph_get_input (FettleGraph *self, guint index); /* a tensor number */
guint fettle_graph_get_n_outputs (FettleGraph *self);
guint fettle_graph_get_output (FettleGraph *self, guint index);

/* Building. Each add_* returns the new number; a new tensor is an activation without quantization. */
guint fettle_graph_add_tensor (FettleGraph *self, const char *name, FettleType type,
                               guint rank, const gint32 *shape);
/* A copy of TENSOR of SOURCE, which may be SELF; the constant's bytes are shared. */
guint fettle_graph_copy_tensor (FettleGraph *self, FettleGraph *source, guint tensor);
guint fettle_graph_add_operator (FettleGraph *self, FettleOpcode opcode, const char *name,
                                 const gint32 *inputs, guint n_inputs,
                                 const gint32 *outputs, guint n_outputs);
void fettle_graph_insert_operator (FettleGraph *self, guint position,
                                   FettleOperator *operator_);
void fettle_graph_remove_operator (FettleGraph *self, guint position);
void fettle_graph_set_inputs (FettleGraph *self, const gint32 *tensors, guint n_tensors);
void fettle_graph_set_outputs (FettleGraph *self, const gint32 *tensors, guint n_tensors);
/* Drops tensors that nothing refers to; numbers change. */
void fettle_graph_drop_unused_tensors (FettleGraph *self);

/* Checks everything that the other rooms rely on: numbers in range, each activation written once
 * and before it is read (variables: by ASSIGN_VARIABLE and CALL_ONCE, any number of times), arity, ranks, output shapes, constants of the right size, types that go
 * together. ERROR names the layer. Every reader ends with it. */
gboolean fettle_graph_validate (FettleGraph *self, GError **error);

/* --- tensors --- */
gsize fettle_tensor_get_n_elements (const FettleTensor *tensor);
gsize fettle_tensor_get_size (const FettleTensor *tensor); /* bytes */
void fettle_tensor_set_quantization (FettleTensor *tensor, guint n_channels, guint axis,
                                     const float *scales, const gint32 *zero_points);
/* Per-tensor scale and zero point; 0 and 0 if not quantized. */
void fettle_tensor_get_scale (const FettleTensor *tensor, float *scale,
                              gint32 *zero_point);
/* "1×49×10×1"; free with g_free. */
char *fettle_tensor_format_shape (const FettleTensor *tensor);

/* The elements of a constant int32 or int64 tensor (axes, paddings, shapes). Free with g_free. */
gint64 *fettle_tensor_read_integers (const FettleTensor *tensor, gsize *n);

/* --- operators --- */
/* The number of input or output K, or -1 if absent. */
gint32 fettle_operator_get_input (const FettleOperator *operator_, guint k);
gint32 fettle_operator_get_output (const FettleOperator *operator_, guint k);
/* The same as tensors, NULL if absent. */
FettleTensor *fettle_graph_get_operator_input (FettleGraph *self,
                                               const FettleOperator *operator_, guint k);
FettleTensor *fettle_graph_get_operator_output (FettleGraph *self,
                                                const FettleOperator *operator_, guint k);
FettleOperator *fettle_operator_new (FettleOpcode opcode, const char *name);
void fettle_operator_free (FettleOperator *operator_);

/* Nominal multiply-accumulates: taps that fall on padding are counted. */
guint64 fettle_graph_count_macs (FettleGraph *self, guint operator_index);
/* Bytes of the operator's constant operands: weights, bias, an added constant; not shapes, axes and
 * paddings. */
guint64 fettle_graph_count_weight_bytes (FettleGraph *self, guint operator_index);

/* --- errors of this room --- */
#define FETTLE_MODEL_ERROR (fettle_model_error_quark ())
GQuark fettle_model_error_quark (void);

typedef enum
{
  FETTLE_MODEL_ERROR_FORMAT,      /* the file is damaged or not of the kind it seems */
  FETTLE_MODEL_ERROR_UNSUPPORTED, /* valid, but not something Fettle can do */
  FETTLE_MODEL_ERROR_INVALID,     /* a graph that contradicts itself */
} FettleModelError;

G_END_DECLS
