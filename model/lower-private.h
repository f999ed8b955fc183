/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower-private.h: from one operator of a graph to one call of a kernel. */
#pragma once

#include "model/graph-private.h"
#include "model/image-writer.h"
#include "model/lower.h"
#include "model/multiplier.h"

G_BEGIN_DECLS

/* An operator with its tensors looked up; absent ones are NULL. */
typedef struct
{
  FettleGraph *graph;
  FettleImageWriter *writer;
  const FettleOperator *operator_;
  const FettleTensor *inputs[4];
  const FettleTensor *input;  /* the data input, mostly inputs[0] */
  const FettleTensor *output; /* 0 */
  gboolean is_float;          /* of the data input */
  enum frt_packing packing;   /* that the image may have */
  FettleRounding rounding;
} FettleLayer;

/* How the runtime computes it. N_INPUTS inputs, the data input first, are tensors of the image. */
typedef struct
{
  guint16 kernel;
  guint8 n_inputs;
  guint32 parameters_offset;
  guint32 parameters_size;
  guint32 scratch_size; /* bytes of the arena while it runs */
} FettleKernelCall;

/* Fills in CALL. ERROR says why that is not possible, without naming the layer. */
typedef gboolean (*FettleLowerFunc) (const FettleLayer *layer, FettleKernelCall *call,
                                     GError **error);

gboolean fettle_lower_conv (const FettleLayer *layer, FettleKernelCall *call,
                            GError **error);
/* With packed weights. FALSE, and nothing written, if the layer is none for the packed kernels. */
gboolean fettle_lower_packed_conv (const FettleLayer *layer,
                                   const struct frt_window *window, guint32 groups,
                                   FettleKernelCall *call);
gboolean fettle_lower_packed_fully_connected (const FettleLayer *layer,
                                              FettleKernelCall *call);
/* Whether the packed kernel of AVERAGE_POOL_2D, which has the parameters of the portable one, can do it. */
gboolean fettle_lower_can_pack_pool (const FettleLayer *layer,
                                     const struct frt_window *window);
/* From the PARAMETERS of the portable kernel. */
gboolean fettle_lower_packed_add (const FettleLayer *layer,
                                  const struct frt_binary_s8_parameters *parameters,
                                  FettleKernelCall *call);
/* The same for Helium. */
gboolean fettle_lower_helium_conv (const FettleLayer *layer,
                                   const struct frt_window *window, guint32 groups,
                                   FettleKernelCall *call);
gboolean fettle_lower_helium_fully_connected (const FettleLayer *layer,
                                              FettleKernelCall *call);
gboolean fettle_lower_helium_add (const FettleLayer *layer,
                                  const struct frt_binary_s8_parameters *parameters,
                                  FettleKernelCall *call);
/* The same with weights in blocks, for the desktop. */
gboolean fettle_lower_blocked_conv (const FettleLayer *layer,
                                    const struct frt_window *window, guint32 groups,
                                    FettleKernelCall *call);
gboolean fettle_lower_blocked_fully_connected (const FettleLayer *layer,
                                               FettleKernelCall *call);
gboolean fettle_lower_fully_connected (const FettleLayer *layer, FettleKernelCall *call,
                                       GError **error);
gboolean fettle_lower_pool (const FettleLayer *layer, FettleKernelCall *call,
                            GError **error);
gboolean fettle_lower_add (const FettleLayer *layer, FettleKernelCall *call,
                           GError **error);
gboolean fettle_lower_mul (const FettleLayer *layer, FettleKernelCall *call,
                           GError **error);
gboolean fettle_lower_relu (const FettleLayer *layer, FettleKernelCall *call,
                            GError **error);
gboolean fettle_lower_relu6 (const FettleLayer *layer, FettleKernelCall *call,
                             GError **error);
gboolean fettle_lower_softmax (const FettleLayer *layer, FettleKernelCall *call,
                               GError **error);
gboolean fettle_lower_copy (const FettleLayer *layer, FettleKernelCall *call,
                            GError **error);
gboolean fettle_lower_call_once (const FettleLayer *layer, FettleKernelCall *call,
                                 GError **error);
gboolean fettle_lower_pad (const FettleLayer *layer, FettleKernelCall *call,
                           GError **error);
gboolean fettle_lower_sum (const FettleLayer *layer, FettleKernelCall *call,
                           GError **error);
gboolean fettle_lower_reduce_extreme (const FettleLayer *layer, FettleKernelCall *call,
                                      GError **error);
gboolean fettle_lower_arg_extreme (const FettleLayer *layer, FettleKernelCall *call,
                                   GError **error);
gboolean fettle_lower_svdf (const FettleLayer *layer, FettleKernelCall *call,
                            GError **error);
gboolean fettle_lower_lstm (const FettleLayer *layer, FettleKernelCall *call,
                            GError **error);
gboolean fettle_lower_quantize (const FettleLayer *layer, FettleKernelCall *call,
                                GError **error);
gboolean fettle_lower_dequantize (const FettleLayer *layer, FettleKernelCall *call,
                                  GError **error);
gboolean fettle_lower_concatenate (const FettleLayer *layer, FettleKernelCall *call,
                                   GError **error);
gboolean fettle_lower_split (const FettleLayer *layer, FettleKernelCall *call,
                             GError **error);
gboolean fettle_lower_slice (const FettleLayer *layer, FettleKernelCall *call,
                             GError **error);
gboolean fettle_lower_transpose (const FettleLayer *layer, FettleKernelCall *call,
                                 GError **error);
gboolean fettle_lower_space_to_depth (const FettleLayer *layer, FettleKernelCall *call,
                                      GError **error);
gboolean fettle_lower_depth_to_space (const FettleLayer *layer, FettleKernelCall *call,
                                      GError **error);
gboolean fettle_lower_mirror_pad (const FettleLayer *layer, FettleKernelCall *call,
                                  GError **error);
gboolean fettle_lower_gather (const FettleLayer *layer, FettleKernelCall *call,
                              GError **error);
gboolean fettle_lower_resize_nearest (const FettleLayer *layer, FettleKernelCall *call,
                                      GError **error);
gboolean fettle_lower_resize_bilinear (const FettleLayer *layer, FettleKernelCall *call,
                                       GError **error);
gboolean fettle_lower_cast (const FettleLayer *layer, FettleKernelCall *call,
                            GError **error);
gboolean fettle_lower_sub (const FettleLayer *layer, FettleKernelCall *call,
                           GError **error);
gboolean fettle_lower_div (const FettleLayer *layer, FettleKernelCall *call,
                           GError **error);
gboolean fettle_lower_minimum_maximum (const FettleLayer *layer, FettleKernelCall *call,
                                       GError **error);
gboolean fettle_lower_squared_difference (const FettleLayer *layer,
                                          FettleKernelCall *call, GError **error);
gboolean fettle_lower_unary (const FettleLayer *layer, FettleKernelCall *call,
                             GError **error);
gboolean fettle_lower_prelu (const FettleLayer *layer, FettleKernelCall *call,
                             GError **error);
gboolean fettle_lower_comparison (const FettleLayer *layer, FettleKernelCall *call,
                                  GError **error);
gboolean fettle_lower_logical (const FettleLayer *layer, FettleKernelCall *call,
                               GError **error);
gboolean fettle_lower_transpose_conv (const FettleLayer *layer, FettleKernelCall *call,
                                      GError **error);
gboolean fettle_lower_batch_matmul (const FettleLayer *layer, FettleKernelCall *call,
                                    GError **error);
gboolean fettle_lower_log_softmax (const FettleLayer *layer, FettleKernelCall *call,
                                   GError **error);
gboolean fettle_lower_l2_normalization (const FettleLayer *layer, FettleKernelCall *call,
                                        GError **error);
gboolean fettle_lower_broadcast (const FettleLayer *layer, FettleKernelCall *call,
                                 GError **error);
gboolean fettle_lower_tile (const FettleLayer *layer, FettleKernelCall *call,
                            GError **error);
gboolean fettle_lower_reverse (const FettleLayer *layer, FettleKernelCall *call,
                               GError **error);
gboolean fettle_lower_select (const FettleLayer *layer, FettleKernelCall *call,
                              GError **error);
gboolean fettle_lower_space_to_batch (const FettleLayer *layer, FettleKernelCall *call,
                                      GError **error);
gboolean fettle_lower_batch_to_space (const FettleLayer *layer, FettleKernelCall *call,
                                      GError **error);

/* --- shared by them --- */

/* A kernel whose parameters are the limits of ACTIVATION, float. */
gboolean fettle_lower_float_range (const FettleLayer *layer, guint16 kernel,
                                   guint8 n_inputs, FettleActivation activation,
                                   FettleKernelCall *call);

/* KERNEL rounds twice; the call is of the one that rounds once if the layer wants that and it exists. */
void fettle_lower_set_call (const FettleLayer *layer, FettleKernelCall *call,
                            guint16 kernel, guint8 n_inputs, gconstpointer parameters,
                            gsize size);

/* Scale and zero point of an activation; FALSE if it has not exactly one positive scale. */
gboolean fettle_lower_get_scale (const FettleTensor *tensor, float *scale,
                                 gint32 *zero_point, GError **error);

/* FALSE if the runtime cannot shift that far, or VALUE is not finite. */
gboolean fettle_lower_multiplier (double value, gint32 *multiplier, gint32 *shift,
                                  GError **error);

/* One entry per output channel, from "s_in * s_w[c] / s_out". */
gboolean fettle_lower_quantize_channels (const FettleLayer *layer, guint n_channels,
                                         gint32 *multipliers, gint8 *shifts,
                                         GError **error);

/* The same, written to the image; offsets of the two blocks. */
gboolean fettle_lower_channel_multipliers (const FettleLayer *layer, guint n_channels,
                                           guint32 *multiplier_offset,
                                           guint32 *shift_offset, GError **error);

/* Scale of an activation of int16, whose zero point must be 0. */
gboolean fettle_lower_get_scale_s16 (const FettleTensor *tensor, float *scale,
                                     GError **error);

/* fettle_lower_multiplier for sums of int64. */
gboolean fettle_lower_wide_multiplier (double value, gint32 *multiplier, gint32 *shift,
                                       GError **error);

/* Bias, multipliers and limits of a layer of int16 with int8 weights. */
gboolean fettle_lower_output_s16 (const FettleLayer *layer, guint n_channels,
                                  struct frt_output_s16_parameters *parameters,
                                  GError **error);

guint32 fettle_lower_add_tensor_data (const FettleLayer *layer,
                                      const FettleTensor *tensor);

/* The output's zero point, and the limits of the layer's activation in its scale. */
void fettle_lower_output_range_s8 (const FettleLayer *layer, gint32 *zero_point,
                                   gint32 *minimum, gint32 *maximum);

/* Of the taps of all positions of WINDOW, the share that lies inside the input. */
double fettle_lower_share_inside (const FettleLayer *layer,
                                  const struct frt_window *window);

/* No position of WINDOW lies wholly before or behind the input. */
gboolean fettle_lower_touches_input (const FettleLayer *layer,
                                     const struct frt_window *window);

gboolean fettle_lower_window (const FettleLayer *layer, gint32 height, gint32 width,
                              struct frt_window *window, GError **error);

G_END_DECLS
