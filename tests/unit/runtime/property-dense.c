/* SPDX-License-Identifier: GPL-3.0-or-later */
/* property-dense.c: FULLY_CONNECTED and BATCH_MATMUL, against their definitions. */
#include "property-range.h"
#include "property-weighted.h"
#include "reference.h"

static gint64 expected[PROPERTY_MAX_ELEMENTS];

static gboolean
try_fully_connected (FettleType activations, FettleType weights_type)
{
  const gboolean is_large = random_once_in (300);
  const gint32 rows = random_once_in (2) ? 1 : random_between (1, 4);
  const gint32 depth = random_between (1, is_large ? 200 : 24);
  const gint32 units = random_between (1, random_once_in (8) ? 20 : 9);
  PropertyCase *the_case = property_start (FETTLE_OPCODE_FULLY_CONNECTED);
  PropertyTensor *input, *weights, *output, *bias;

  input = property_add (PROPERTY_INPUT, activations, 2, (gint32[]){ rows, depth });
  weights = weighted_add_weights (weights_type, 2, (gint32[]){ units, depth }, 0);
  if (weights_type == FETTLE_TYPE_INT4)
    weights->n_scales = 1;
  output = property_add (PROPERTY_OUTPUT, activations, 2, (gint32[]){ rows, units });
  weighted_set_scales (input, weights, output);
  if (weights->n_scales == 1 && random_once_in (3))
    weights->zero_point = property_random_zero_point (weights_type);
  bias = weighted_add_bias (the_case, activations, units);
  property_fill (input);
  if (!property_lower ())
    return FALSE;
  property_run ();
  for (gint32 i = 0; i < output->n; i++)
    {
      gint64 sum = 0;

      for (gint32 k = 0; k < depth; k++)
        sum += (weights->values[i % units * depth + k] - weights->zero_point)
               * (input->values[i / units * depth + k] - input->zero_point);
      expected[i] =
          weighted_result (the_case, input, weights, bias, output, sum, i % units);
    }
  property_expect (0, expected);
  return TRUE;
}

/* Batches of matrices that broadcast. */
typedef struct
{
  guint n_outer; /* axes before those of the matrices */
  gint32 outer[2][2], batch[2];
  gint32 rows, depth, columns;
} Product;

static void
random_product (Product *product)
{
  product->n_outer = (guint)random_between (0, 2);
  for (guint axis = 0; axis < product->n_outer; axis++)
    {
      const gint32 extent = random_between (1, 3);
      const int lone = random_between (0, 5);

      product->batch[axis] = extent;
      product->outer[0][axis] = lone == 0 ? 1 : extent;
      product->outer[1][axis] = lone == 1 ? 1 : extent;
    }
  product->rows = random_between (1, 6);
  product->depth = random_between (1, random_once_in (300) ? 60 : 8);
  product->columns = random_between (1, 6);
}

static PropertyTensor *
add_matrices (FettleType type, const Product *product, int which, gboolean is_transposed)
{
  gint32 shape[4];
  const gint32 rows = which == 0 ? product->rows : product->depth;
  const gint32 columns = which == 0 ? product->depth : product->columns;
  PropertyTensor *tensor;

  for (guint axis = 0; axis < product->n_outer; axis++)
    shape[axis] = product->outer[which][axis];
  shape[product->n_outer] = is_transposed ? columns : rows;
  shape[product->n_outer + 1] = is_transposed ? rows : columns;
  tensor = property_add (PROPERTY_INPUT, type, product->n_outer + 2, shape);
  property_set_scale (tensor, property_random_scale (),
                      type == FETTLE_TYPE_INT16 ? 0 : property_random_zero_point (type));
  property_fill (tensor);
  return tensor;
}

/* Which matrix of operand WHICH belongs to matrix BATCH of the output. */
static gint32
find_matrix (const Product *product, int which, gint32 batch)
{
  gint32 result = 0, stride = 1;

  for (guint axis = product->n_outer; axis-- > 0;)
    {
      if (product->outer[which][axis] > 1)
        result += batch % product->batch[axis] * stride;
      stride *= product->outer[which][axis];
      batch /= product->batch[axis];
    }
  return result;
}

static gint64
element (const PropertyTensor *tensor, gint32 matrix, gint32 row, gint32 column,
         gint32 rows, gint32 columns, gboolean is_transposed)
{
  const gint32 within = is_transposed ? column * rows + row : row * columns + column;

  return tensor->values[matrix * rows * columns + within] - tensor->zero_point;
}

static gint64
product_sum (const Product *product, const FettleOptions *options,
             const PropertyTensor *first, const PropertyTensor *second, gint32 index)
{
  const gint32 column = index % product->columns;
  const gint32 row = index / product->columns % product->rows;
  const gint32 batch = index / product->columns / product->rows;
  gint64 sum = 0;

  for (gint32 k = 0; k < product->depth; k++)
    sum += element (first, find_matrix (product, 0, batch), row, k, product->rows,
                    product->depth, options->transpose_first)
           * element (second, find_matrix (product, 1, batch), k, column, product->depth,
                      product->columns, options->transpose_second);
  return sum;
}

static gboolean
try_batch_matmul (FettleType type)
{
  PropertyCase *the_case = property_start (FETTLE_OPCODE_BATCH_MATMUL);
  const gboolean is_s16 = type == FETTLE_TYPE_INT16;
  PropertyTensor *first, *second, *output;
  Product product;
  gint32 shape[4];
  double factor;

  random_product (&product);
  the_case->options.transpose_first = random_once_in (2);
  the_case->options.transpose_second = random_once_in (2);
  first = add_matrices (type, &product, 0, the_case->options.transpose_first);
  second = add_matrices (type, &product, 1, the_case->options.transpose_second);
  for (guint axis = 0; axis < product.n_outer; axis++)
    shape[axis] = product.batch[axis];
  shape[product.n_outer] = product.rows;
  shape[product.n_outer + 1] = product.columns;
  output = property_add (PROPERTY_OUTPUT, type, product.n_outer + 2, shape);
  property_set_scale (
      output,
      property_output_scale ((double)first->scales[0] * (double)second->scales[0]
                             * (is_s16 ? 65536 : 1)),
      is_s16 ? 0 : property_random_zero_point (type));
  if (!property_lower ())
    return FALSE;
  property_run ();
  factor = (double)(first->scales[0] * second->scales[0]) / (double)output->scales[0];
  for (gint32 i = 0; i < output->n; i++)
    {
      const gint64 sum = product_sum (&product, &the_case->options, first, second, i);

      expected[i] =
          property_narrow (output, (is_s16 ? reference_scale_wide (sum, factor)
                                           : (gint64)reference_scale (sum, factor))
                                       + output->zero_point);
    }
  property_expect (0, expected);
  return TRUE;
}

static gboolean
try_fully_connected_s8 (void)
{
  return try_fully_connected (FETTLE_TYPE_INT8, FETTLE_TYPE_INT8);
}

static gboolean
try_fully_connected_w4 (void)
{
  return try_fully_connected (FETTLE_TYPE_INT8, FETTLE_TYPE_INT4);
}

static gboolean
try_fully_connected_s16 (void)
{
  return try_fully_connected (FETTLE_TYPE_INT16, FETTLE_TYPE_INT8);
}

static gboolean
try_batch_matmul_s8 (void)
{
  return try_batch_matmul (FETTLE_TYPE_INT8);
}

static gboolean
try_batch_matmul_s16 (void)
{
  return try_batch_matmul (FETTLE_TYPE_INT16);
}

int
main (int argc, char **argv)
{
  static const Property properties[] = {
    { "fully-connected-s8", FRT_KERNEL_FULLY_CONNECTED_S8, try_fully_connected_s8, 1 },
    { "fully-connected-s8-w4", FRT_KERNEL_FULLY_CONNECTED_S8_W4, try_fully_connected_w4,
      1 },
    { "fully-connected-s16", FRT_KERNEL_FULLY_CONNECTED_S16, try_fully_connected_s16, 1 },
    { "fully-connected-s8-packed", FRT_KERNEL_FULLY_CONNECTED_S8_PACKED,
      try_fully_connected_s8, 1 },
    { "fully-connected-s8-helium", FRT_KERNEL_FULLY_CONNECTED_S8_HELIUM,
      try_fully_connected_s8, 1 },
    { "fully-connected-s8-blocked", FRT_KERNEL_FULLY_CONNECTED_S8_BLOCKED,
      try_fully_connected_s8, 1 },
    { "batch-matmul-s8", FRT_KERNEL_BATCH_MATMUL_S8, try_batch_matmul_s8, 1 },
    { "batch-matmul-s16", FRT_KERNEL_BATCH_MATMUL_S16, try_batch_matmul_s16, 1 },
  };

  return property_main (argc, argv, properties, G_N_ELEMENTS (properties));
}
