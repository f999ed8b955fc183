/* SPDX-License-Identifier: Apache-2.0 */
/* frt_format.h: the bytes of an image, as structures; IMAGE.md is the specification.
 *
 * For the runtime itself and for the desktop that makes images; applications need only
 * frt.h. Everything is little-endian and naturally aligned without padding, so the
 * structures are read in place. "offset" is a byte offset from the start of the image
 * unless it says arena; 0 = absent.
 */
#pragma once

#include "frt.h"

#define FRT_MAGIC 0x54524646u /* "FFRT" */

/* What the constants were packed for. The portable kernels can run every packing. */
enum frt_packing
{
  FRT_PACKING_PORTABLE = 0,
  FRT_PACKING_ARMV7E_M = 1, /* for the kernels whose name ends in _PACKED */
  FRT_PACKING_DESKTOP = 2,  /* for those whose name ends in _BLOCKED */
  FRT_PACKING_HELIUM = 3,   /* for those whose name ends in _HELIUM */
};

enum frt_rounding
{
  FRT_ROUNDING_DOUBLE = 0, /* TensorFlow Lite Micro's default: SRDHM, then RDBPOT */
  FRT_ROUNDING_SINGLE = 1, /* its TFLITE_SINGLE_ROUNDING: once, ties upwards */
};

struct frt_image_header
{
  uint32_t magic;
  uint16_t major;
  uint16_t minor;
  uint32_t size;       /* of the whole image, bytes */
  uint32_t checksum;   /* CRC-32 of all bytes after this field */
  uint16_t packing;    /* enum frt_packing */
  uint16_t rounding;   /* enum frt_rounding */
  uint32_t arena_size; /* bytes */
  uint32_t tensor_count;
  uint32_t tensors_offset; /* struct frt_tensor[] */
  uint32_t operator_count;
  uint32_t operators_offset; /* struct frt_operator[], in execution order */
  uint32_t input_count;
  uint32_t inputs_offset; /* uint16_t tensor numbers */
  uint32_t output_count;
  uint32_t outputs_offset; /* uint16_t tensor numbers */
  uint32_t names_offset;   /* zero-terminated UTF-8 strings, strippable; 0 = stripped */
  uint32_t names_size;
};

enum frt_storage
{
  FRT_STORAGE_ARENA = 0,    /* offset is into the arena */
  FRT_STORAGE_CONSTANT = 1, /* offset is into the image */
};

enum frt_tensor_flags
{
  FRT_TENSOR_VARIABLE = 1, /* kept between runs; frt_image_reset sets the zero point;
                            * overlaps no other tensor and no scratch */
};

struct frt_tensor
{
  uint8_t type;    /* enum frt_type */
  uint8_t storage; /* enum frt_storage */
  uint8_t rank;    /* 0 to FRT_MAX_RANK */
  uint8_t flags;   /* enum frt_tensor_flags */
  uint32_t offset; /* 16-byte aligned */
  uint32_t size;   /* bytes; product of the dimensions times the element size */
  float scale;     /* 0 if not quantized */
  int32_t zero_point;
  uint32_t name;                    /* offset within the names block */
  int32_t dimensions[FRT_MAX_RANK]; /* all at least 1; 1 beyond the rank */
};

/* A place in a list of operands that is left empty; only where a kernel says that it may be. */
#define FRT_NO_TENSOR 0xFFFFu

/* Operands of one operator; for kernels that take any number of them. */
#define FRT_VARIADIC     255
#define FRT_MAX_OPERANDS 254

struct frt_operator
{
  uint16_t kernel;     /* enum frt_kernel_id */
  uint8_t input_count; /* run-time inputs and constant operands; not weights */
  uint8_t output_count;
  uint32_t operands_offset;   /* uint16_t tensor numbers: the inputs, then the outputs */
  uint32_t parameters_offset; /* struct of the kernel below; 4-byte aligned */
  uint32_t parameters_size;
  uint32_t scratch_offset; /* in the arena, 16-byte aligned */
  uint32_t scratch_size;   /* bytes, live during this operator only */
  uint32_t name;           /* offset within the names block */
  uint32_t opcode; /* the operator as the model named it (model/opcode.h), for reports */
};

/* Numbers are part of the format: never reuse one. */
enum frt_kernel_id
{
  FRT_KERNEL_CONV2D_F32 = 1,
  FRT_KERNEL_CONV2D_S8 = 2,
  FRT_KERNEL_CONV2D_S16 = 3,
  FRT_KERNEL_CONV2D_S8_W4 = 4, /* int4 weights */
  FRT_KERNEL_TRANSPOSE_CONV_F32 = 5,
  FRT_KERNEL_TRANSPOSE_CONV_S8 = 6,
  FRT_KERNEL_TRANSPOSE_CONV_S16 = 7,
  FRT_KERNEL_DEPTHWISE_CONV2D_F32 = 8,
  FRT_KERNEL_DEPTHWISE_CONV2D_S8 = 9,
  FRT_KERNEL_DEPTHWISE_CONV2D_S16 = 10,
  FRT_KERNEL_DEPTHWISE_CONV2D_S8_W4 = 11,
  FRT_KERNEL_FULLY_CONNECTED_F32 = 16,
  FRT_KERNEL_FULLY_CONNECTED_S8 = 17,
  FRT_KERNEL_FULLY_CONNECTED_S16 = 18,
  FRT_KERNEL_FULLY_CONNECTED_S8_W4 = 19,
  FRT_KERNEL_AVERAGE_POOL2D_F32 = 24,
  FRT_KERNEL_AVERAGE_POOL2D_S8 = 25,
  FRT_KERNEL_AVERAGE_POOL2D_S16 = 26,
  FRT_KERNEL_MAX_POOL2D_F32 = 28,
  FRT_KERNEL_MAX_POOL2D_S8 = 29,
  FRT_KERNEL_MAX_POOL2D_S16 = 30,
  FRT_KERNEL_ADD_F32 = 32,
  FRT_KERNEL_ADD_S8 = 33,
  FRT_KERNEL_ADD_S16 = 34,
  FRT_KERNEL_ADD_S32 = 35,
  FRT_KERNEL_BATCH_MATMUL_F32 = 36,
  FRT_KERNEL_BATCH_MATMUL_S8 = 37,
  FRT_KERNEL_BATCH_MATMUL_S16 = 38,
  FRT_KERNEL_MUL_F32 = 40,
  FRT_KERNEL_MUL_S8 = 41,
  FRT_KERNEL_MUL_S16 = 42,
  FRT_KERNEL_MUL_S32 = 43,
  FRT_KERNEL_SUB_F32 = 44,
  FRT_KERNEL_SUB_S8 = 45,
  FRT_KERNEL_SUB_S16 = 46,
  FRT_KERNEL_SUB_S32 = 47,
  FRT_KERNEL_DIV_F32 = 48,
  FRT_KERNEL_SQUARED_DIFFERENCE_F32 = 49,
  FRT_KERNEL_SQUARED_DIFFERENCE_S8 = 50,
  FRT_KERNEL_SQUARED_DIFFERENCE_S16 = 51,
  FRT_KERNEL_SQUARED_DIFFERENCE_S32 = 52,
  FRT_KERNEL_MINIMUM_F32 = 53,
  FRT_KERNEL_MINIMUM_INTEGER = 54, /* int8, int16, int32 */
  FRT_KERNEL_MAXIMUM_F32 = 55,
  FRT_KERNEL_MAXIMUM_INTEGER = 56, /* int8, int16, int32 */
  FRT_KERNEL_PRELU_F32 = 61,
  FRT_KERNEL_PRELU_S8 = 62,
  FRT_KERNEL_CLAMP_F32 = 64,     /* RELU, RELU6 */
  FRT_KERNEL_CLAMP_S8 = 65,      /* RELU6: a pure clamp */
  FRT_KERNEL_REQUANTIZE_S8 = 66, /* RELU, RELU_N1_TO_1, QUANTIZE int8 to int8 */
  FRT_KERNEL_CLAMP_S16 = 67,
  FRT_KERNEL_REQUANTIZE_S16 = 68,
  FRT_KERNEL_LEAKY_RELU_S16 = 69,
  FRT_KERNEL_LEAKY_RELU_F32 = 70,
  FRT_KERNEL_ABS_S16 = 71,
  FRT_KERNEL_SOFTMAX_F32 = 72,
  FRT_KERNEL_SOFTMAX_S8 = 73,
  FRT_KERNEL_SOFTMAX_S16 = 74,
  FRT_KERNEL_SOFTMAX_S8_S16 = 75,
  FRT_KERNEL_LOG_SOFTMAX_F32 = 76,
  FRT_KERNEL_LOG_SOFTMAX_S8 = 77,
  FRT_KERNEL_L2_NORMALIZATION_F32 = 78,
  FRT_KERNEL_L2_NORMALIZATION_S8 = 79,
  FRT_KERNEL_COPY = 96,        /* RESHAPE, SQUEEZE, EXPAND_DIMS, READ_VARIABLE,
                                * ASSIGN_VARIABLE; any type, equal sizes */
  FRT_KERNEL_PAD = 97,         /* any type of 1, 2 or 4 bytes */
  FRT_KERNEL_REARRANGE = 98,   /* SLICE, STRIDED_SLICE, TRANSPOSE, MIRROR_PAD,
                                * SPACE_TO_DEPTH, DEPTH_TO_SPACE, SPACE_TO_BATCH_ND,
                                * BATCH_TO_SPACE_ND, RESIZE_NEAREST_NEIGHBOR, TILE,
                                * BROADCAST_TO, FILL, REVERSE_V2;
                                * any type */
  FRT_KERNEL_CONCATENATE = 99, /* CONCATENATION, PACK; any type */
  FRT_KERNEL_SPLIT = 100,      /* SPLIT, SPLIT_V, UNPACK; any type */
  FRT_KERNEL_GATHER = 101,     /* any type; indices int32 or int64 */
  FRT_KERNEL_CAST = 102,       /* any type to any type */
  FRT_KERNEL_CALL_ONCE = 103,  /* first values of variable tensors, any type */
  FRT_KERNEL_SELECT = 104,     /* SELECT, SELECT_V2; any type */
  FRT_KERNEL_MEAN_F32 = 112,
  FRT_KERNEL_MEAN_S8 = 113,  /* and SUM */
  FRT_KERNEL_MEAN_S16 = 114, /* and SUM */
  FRT_KERNEL_SUM_F32 = 115,
  FRT_KERNEL_REDUCE_MAX_F32 = 116,
  FRT_KERNEL_REDUCE_MAX_S8 = 117,
  FRT_KERNEL_REDUCE_MIN_F32 = 118,
  FRT_KERNEL_REDUCE_MIN_S8 = 119,
  FRT_KERNEL_ARG_MAX_F32 = 120,
  FRT_KERNEL_ARG_MAX_S8 = 121,
  FRT_KERNEL_ARG_MIN_F32 = 122,
  FRT_KERNEL_ARG_MIN_S8 = 123,
  FRT_KERNEL_QUANTIZE_F32 = 128,   /* to int8, int16, uint8 */
  FRT_KERNEL_DEQUANTIZE_F32 = 136, /* from int8, int16, uint8 */
  FRT_KERNEL_REQUANTIZE = 144,     /* int8, int16, int32, uint8, from any to any */
  FRT_KERNEL_LOOKUP_S8 = 160,      /* any function of one int8 */
  FRT_KERNEL_LOGISTIC_S16 = 161,
  FRT_KERNEL_TANH_S16 = 162,
  FRT_KERNEL_RSQRT_S16 = 163,
  FRT_KERNEL_ABS_F32 = 164,
  FRT_KERNEL_NEG_F32 = 165,
  FRT_KERNEL_SQRT_F32 = 166,
  FRT_KERNEL_RSQRT_F32 = 167,
  FRT_KERNEL_LOG_F32 = 168,
  FRT_KERNEL_EXP_F32 = 169,
  FRT_KERNEL_SQUARE_F32 = 170,
  FRT_KERNEL_FLOOR_F32 = 171,
  FRT_KERNEL_CEIL_F32 = 172,
  FRT_KERNEL_ROUND_F32 = 173,
  FRT_KERNEL_SIN_F32 = 174,
  FRT_KERNEL_COS_F32 = 175,
  FRT_KERNEL_LOGISTIC_F32 = 176,
  FRT_KERNEL_TANH_F32 = 177,
  FRT_KERNEL_ELU_F32 = 178,
  FRT_KERNEL_GELU_F32 = 179,
  FRT_KERNEL_GELU_TANH_F32 = 180,
  FRT_KERNEL_HARD_SWISH_F32 = 181,
  FRT_KERNEL_COMPARE_F32 = 182,
  FRT_KERNEL_COMPARE_S8 = 183,
  FRT_KERNEL_COMPARE_INTEGER = 184, /* bool, int32 */
  FRT_KERNEL_COMPARE_S64 = 185,
  FRT_KERNEL_LOGICAL_AND = 186,
  FRT_KERNEL_LOGICAL_OR = 187,
  FRT_KERNEL_LOGICAL_NOT = 188,
  FRT_KERNEL_RESIZE_BILINEAR_F32 = 192,
  FRT_KERNEL_RESIZE_BILINEAR_S8 = 193,
  FRT_KERNEL_SVDF_F32 = 224,
  FRT_KERNEL_SVDF_S8 = 225, /* state int16 or int8 */
  FRT_KERNEL_LSTM_F32 = 232,
  FRT_KERNEL_LSTM_S8 = 233,
  FRT_KERNEL_LSTM_S16 = 234,
  FRT_KERNEL_CONV2D_S8_PACKED = 256, /* these want FRT_PACKING_ARMV7E_M */
  FRT_KERNEL_DEPTHWISE_CONV2D_S8_PACKED = 257,
  FRT_KERNEL_FULLY_CONNECTED_S8_PACKED = 258,
  FRT_KERNEL_ADD_S8_PACKED = 259,
  FRT_KERNEL_AVERAGE_POOL2D_S8_PACKED = 260,
  FRT_KERNEL_CONV2D_S8_HELIUM = 320, /* these want FRT_PACKING_HELIUM */
  FRT_KERNEL_DEPTHWISE_CONV2D_S8_HELIUM = 321,
  FRT_KERNEL_FULLY_CONNECTED_S8_HELIUM = 322,
  FRT_KERNEL_ADD_S8_HELIUM = 323,
  FRT_KERNEL_AVERAGE_POOL2D_S8_HELIUM = 324,
  FRT_KERNEL_CONV2D_S8_BLOCKED = 384, /* these want FRT_PACKING_DESKTOP */
  FRT_KERNEL_CONV2D_F32_BLOCKED = 385,
  FRT_KERNEL_DEPTHWISE_CONV2D_S8_BLOCKED = 386,
  FRT_KERNEL_DEPTHWISE_CONV2D_F32_BLOCKED = 387,
  FRT_KERNEL_FULLY_CONNECTED_S8_BLOCKED = 388,
  FRT_KERNEL_FULLY_CONNECTED_F32_BLOCKED = 389,
};

/* A kernel's number plus this: the same with single rounding, in images with
 * FRT_ROUNDING_SINGLE only. */
#define FRT_KERNEL_SINGLE_ROUNDING 4096

/* A window moved over the two middle axes of NHWC. Padding is what lies before the first
 * row and column; what lies behind follows from the shapes. */
struct frt_window
{
  uint16_t height, width;
  uint16_t stride_height, stride_width;
  uint16_t dilation_height, dilation_width; /* 1 for pools */
  uint16_t padding_top, padding_left;
};

/* CONV2D_S8, TRANSPOSE_CONV_S8: weights int8 [out][height][width][in / groups]; groups = in
 * / (last weight axis). DEPTHWISE_CONV2D_S8: weights int8 [height][width][out]; depth
 * multiplier = out / in. ..._S8_W4: the same with int4 weights, two per byte, the lower half
 * first. y = clamp (MBQM (sum w * (x + input_offset) + bias, multiplier[o], shift[o]) +
 * output_offset). */
struct frt_conv2d_s8_parameters
{
  struct frt_window window;
  uint32_t weights_offset;
  uint32_t bias_offset;       /* int32 per output channel, or 0 */
  uint32_t multiplier_offset; /* int32 per output channel */
  uint32_t shift_offset;      /* int8 per output channel; positive = left */
  uint32_t groups;            /* CONV2D only; 1 for depthwise */
  int32_t input_offset;       /* minus the input's zero point */
  int32_t output_offset;      /* the output's zero point */
  int32_t minimum, maximum;   /* fused activation, quantized */
};

/* Of int16 with int8 weights: y = clamp (MBQM (sum w * x + bias, multiplier[o], shift[o])).
 * The sum, the bias and MBQM are those of int32 or of int64. */
struct frt_output_s16_parameters
{
  uint32_t bias_offset;       /* int32 or int64 per output channel, or 0 */
  uint32_t multiplier_offset; /* int32 per output channel */
  uint32_t shift_offset;      /* int8 per output channel, at most 7 if int64 */
  uint32_t accumulator_bits;  /* 32 or 64 */
  int32_t minimum, maximum;   /* fused activation, quantized */
};

struct frt_conv2d_s16_parameters
{
  struct frt_window window;
  uint32_t weights_offset; /* int8, layout as above */
  uint32_t groups;         /* 1 for depthwise */
  struct frt_output_s16_parameters output;
};

struct frt_conv2d_f32_parameters
{
  struct frt_window window;
  uint32_t weights_offset; /* float, layout as above */
  uint32_t bias_offset;    /* float per output channel, or 0 */
  uint32_t groups;
  float minimum, maximum; /* fused activation; infinities if none */
};

/* The input is read as [rows][in], weights [out][in]; rows = elements of the input / in.
 */
struct frt_fully_connected_s8_parameters
{
  uint32_t weights_offset;
  uint32_t bias_offset;       /* int32[out], or 0 */
  uint32_t multiplier_offset; /* int32[out] */
  uint32_t shift_offset;      /* int8[out]; a per-tensor scale is repeated */
  uint32_t input_depth;       /* in */
  int32_t input_offset;
  int32_t weights_zero_offset; /* minus the weights' zero point; 0 when per channel */
  int32_t output_offset;
  int32_t minimum, maximum;
};

struct frt_fully_connected_s16_parameters
{
  uint32_t weights_offset; /* int8 [out][in] */
  uint32_t input_depth;
  int32_t weights_zero_offset;
  struct frt_output_s16_parameters output;
};

struct frt_fully_connected_f32_parameters
{
  uint32_t weights_offset;
  uint32_t bias_offset;
  uint32_t input_depth;
  float minimum, maximum;
};

/* int8 and int16. */
struct frt_pool2d_s8_parameters
{
  struct frt_window window;
  int32_t minimum, maximum;
};

struct frt_pool2d_f32_parameters
{
  struct frt_window window;
  float minimum, maximum;
};

enum frt_transposed
{
  FRT_TRANSPOSED_FIRST = 1,
  FRT_TRANSPOSED_SECOND = 2,
};

/* BATCH_MATMUL: y = clamp (MBQM (sum (x1 + offset1) * (x2 + offset2)) + output_offset). */
struct frt_batch_matmul_s8_parameters
{
  uint32_t transposed; /* enum frt_transposed: the last two axes of which input */
  int32_t input1_offset, input2_offset, output_offset;
  int32_t multiplier, shift;
};

/* y = clamp (MBQM of int64 (sum x1 * x2)) */
struct frt_batch_matmul_s16_parameters
{
  uint32_t transposed;
  int32_t multiplier, shift; /* shift at most 7 */
};

struct frt_batch_matmul_f32_parameters
{
  uint32_t transposed;
};

/* int8 and int16. ADD: y = clamp (MBQM (MBQM ((x1 + offset1) << left_shift, m1) + the same
 * of x2, m_out) + Z). SUB and SQUARED_DIFFERENCE: the same of the difference and of its
 * square. MUL: y = clamp (MBQM ((x1 + offset1) * (x2 + offset2), m_out) + Z); m1, m2,
 * left_shift unused. */
struct frt_binary_s8_parameters
{
  int32_t input1_offset, input2_offset, output_offset;
  int32_t input1_multiplier, input1_shift;
  int32_t input2_multiplier, input2_shift;
  int32_t output_multiplier, output_shift;
  int32_t left_shift;
  int32_t minimum, maximum;
};

/* ADD, MUL, SUB, DIV, SQUARED_DIFFERENCE, MINIMUM, MAXIMUM and CLAMP of float. */
struct frt_float_range_parameters
{
  float minimum, maximum;
};

struct frt_clamp_s8_parameters
{
  int32_t minimum, maximum;
};

/* Of int16: CLAMP. Of int32: ADD, SUB, MUL, SQUARED_DIFFERENCE, which wrap modulo 2^32 before
 * they are clamped. */
struct frt_integer_range_parameters
{
  int32_t minimum, maximum;
};

/* int8 and int16. REQUANTIZE: y = clamp (MBQM (x + input_offset, multiplier) +
 * output_offset). ABS: the same of |x + input_offset|. */
struct frt_requantize_s8_parameters
{
  int32_t input_offset, output_offset;
  int32_t multiplier, shift;
  int32_t minimum, maximum;
};

/* Over the last axis; int8 to int8 or int16. */
struct frt_softmax_s8_parameters
{
  int32_t multiplier, left_shift;
  int32_t difference_minimum; /* smaller differences from the row's maximum give 0 */
};

/* Functions of int16, sampled at every 128th value from -32768 on, 513 samples each, to be
 * interpolated. */
struct frt_softmax_s16_parameters
{
  int32_t multiplier, shift;    /* scale a difference to 65535 steps for 10 */
  uint32_t exponentials_offset; /* int16[513]: exp, Q0.15, from -10 to 0 */
  uint32_t reciprocals_offset;  /* int16[513]: 1 / (1 + x), Q0.15, from 0 to 1 */
};

struct frt_log_softmax_s8_parameters
{
  struct frt_softmax_s8_parameters scaling;
  int32_t reverse_multiplier, reverse_right_shift; /* from Q5.26 back to int8 steps */
};

struct frt_l2_normalization_s8_parameters
{
  int32_t input_offset;
};

struct frt_softmax_f32_parameters
{
  float beta;
};

struct frt_pad_parameters
{
  int32_t before[FRT_MAX_RANK]; /* what lies behind follows from the shapes */
  uint32_t value;               /* the bytes of one element, low byte first */
};

/* Axes of the input that are reduced: bit k = axis k. Of int8 and int16. */
struct frt_mean_s8_parameters
{
  uint32_t axes;
  int32_t
      input_offset_sum; /* minus the input's zero point times the elements per output */
  int32_t output_offset;
  int32_t multiplier,
      shift; /* a MEAN's division by the number of elements is folded in */
};

/* MEAN and SUM of float, REDUCE_MAX, REDUCE_MIN: axes as above. */
struct frt_reduction_parameters
{
  uint32_t axes;
};

/* ARG_MAX, ARG_MIN: the first of equals. The output, int32 or int64, lacks the axis. */
struct frt_arg_extreme_parameters
{
  uint32_t axis;
};

struct frt_quantize_parameters
{
  float scale;
  int32_t zero_point;
};

struct frt_dequantize_parameters
{
  float scale;
  int32_t zero_point;
};

/* y = clamp (MBQM (x - input_zero_point, multiplier, shift) + output_zero_point) to the type of
 * the output. */
struct frt_requantize_parameters
{
  int32_t input_zero_point, output_zero_point;
  int32_t multiplier, shift;
};

/* The output is extent[0] * ... * extent[5] blocks, one behind the other. Block (i, j, ...) is
 * the one of the input that begins at byte start + place (i) + place (j) + ...; the place along
 * an axis is i * step, or entry i of an int32 table if it has one. */
struct frt_rearrange_parameters
{
  uint32_t start;                      /* byte of the input */
  uint32_t block;                      /* bytes */
  uint32_t extent[FRT_MAX_RANK];       /* outermost first; 1 if unused */
  int32_t step[FRT_MAX_RANK];          /* bytes */
  uint32_t table_offset[FRT_MAX_RANK]; /* int32[extent], bytes; or 0 */
};

/* The inputs are two of values and the condition. Position (i, j, ...) of the output, the last axis
 * running fastest, is element i * step[k][0] + j * step[k][1] + ... of input k: the condition's
 * tells whether input 0's or input 1's is taken. */
struct frt_select_parameters
{
  uint32_t extent[FRT_MAX_RANK];
  int32_t step[3][FRT_MAX_RANK]; /* not negative */
};

/* CONCATENATE: the output is ROWS rows, each made of a row of every input. SPLIT: the reverse. */
struct frt_rows_parameters
{
  uint32_t rows;
};

/* The data are [batches][rows][extent] blocks, the indices [batches][n], the output
 * [batches][rows][n] blocks. A negative index counts from the end; one that still lies outside
 * takes the nearest block. */
struct frt_gather_parameters
{
  uint32_t batches, rows, extent;
  uint32_t block; /* bytes */
};

/* A row or column of a resized picture: weight of row or column low + 1, the rest of low. */
struct frt_position_s8
{
  uint16_t low;
  uint16_t weight; /* in 1024ths, at most 1024 */
};

struct frt_position_f32
{
  uint32_t low;
  float weight; /* 0 to 1 */
};

struct frt_resize_bilinear_parameters
{
  uint32_t rows_offset;    /* a position for each row of the output */
  uint32_t columns_offset; /* and for each column */
};

/* y = table[x], x as an unsigned byte. */
struct frt_lookup_parameters
{
  uint32_t table_offset; /* int8[256] */
};

/* LOGISTIC and TANH of int16. The input becomes z = (x * multiplier + half) >> shift, in steps of
 * 1 / (3 * 4096). */
struct frt_sigmoid_s16_parameters
{
  int32_t multiplier;    /* 0 to 32767 */
  int32_t shift;         /* 0 to 31, to the right */
  uint32_t table_offset; /* uint16[256]: sigmoid (k / 24) * 2^16 */
};

#include "frt_format_sequence.h"

/* y = clamp (MBQM (2^20 / sqrt (x), multiplier)); the largest value where x is not positive. */
struct frt_rsqrt_s16_parameters
{
  int32_t multiplier, shift;
};

/* y = clamp (MBQM (d, positive) + output_offset), d = x + input_offset, where d >= 0;
 * elsewhere clamp (MBQM (d, negative) + output_offset), MBQM's sign changed if NEGATES. */
struct frt_leaky_relu_s16_parameters
{
  int32_t input_offset, output_offset;
  int32_t positive_multiplier, positive_shift;
  int32_t negative_multiplier, negative_shift;
  uint32_t negates; /* 0 or 1: whether alpha is negative */
};

struct frt_leaky_relu_f32_parameters
{
  float alpha;
};

/* d = x + input_offset: MBQM (d, positive) where d >= 0, elsewhere
 * MBQM (d * (alpha + alpha_offset), negative). */
struct frt_prelu_s8_parameters
{
  int32_t input_offset, alpha_offset, output_offset;
  int32_t positive_multiplier, positive_shift;
  int32_t negative_multiplier, negative_shift;
};

/* Outcomes of a comparison of x1 with x2. */
enum frt_comparison
{
  FRT_LESS = 1,
  FRT_EQUAL = 2,
  FRT_GREATER = 4,
  FRT_UNORDERED = 8, /* one of them is not a number */
};

struct frt_compare_parameters
{
  uint32_t accepted; /* enum frt_comparison, or'ed: those that give true */
};

/* Compares MBQM ((x1 + input1_offset) * 2^8, m1) with the same of x2. */
struct frt_compare_s8_parameters
{
  uint32_t accepted;
  int32_t input1_offset, input2_offset;
  int32_t input1_multiplier, input1_shift;
  int32_t input2_multiplier, input2_shift;
};

#include "frt_format_packed.h"

/* One implementation of an operator for one combination of types. CHECK proves, from the
 * tensors and parameters of OPERATOR, that RUN stays inside the image and the arena and
 * that no arithmetic is undefined; the generic structure (tables, tensors, ranges) was
 * validated before. On failure it returns FRT_E_OPERATOR or FRT_E_LAYOUT. */
struct frt_kernel
{
  uint16_t id;              /* enum frt_kernel_id */
  uint16_t parameters_size; /* exact */
  uint8_t input_count;  /* exact; or FRT_VARIADIC: at least one, the rest is for CHECK */
  uint8_t output_count; /* the same */
  uint8_t in_place; /* bit k: output 0 may lie exactly where input k of equal size lies */
  uint8_t state;    /* bit k: input k is state, a variable tensor that RUN changes */
  int (*check) (const frt_image *image, const struct frt_operator *operator_);
  void (*run) (const frt_image *image, const struct frt_operator *operator_,
               uint8_t *arena);
};
