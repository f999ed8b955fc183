/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pack-armv7e-m.c: weights and channels in the order of the runtime's packed kernels. */
#include "model/pack-armv7e-m.h"
#include "runtime/requantize.h"

#include <string.h>

#define LARGEST_SHIFT 22 /* 2^30 + 128 * 2^22 + 2^21 fits in an int32 */

#define ADD_LEFT_SHIFT 20 /* of the inputs of ADD, to keep fractions of the sum */

/* Of what is multiplied by a weight: an int8 as it is, or with its zero point taken off. */
#define LARGEST_ACTIVATION 128
#define LARGEST_DIFFERENCE 255

static guint
round_up (guint value, guint multiple)
{
  return (value + multiple - 1) / multiple * multiple;
}

/* 0 for the channels and taps that only fill up. */
static gint
get_weight (const FettlePackSource *source, guint output, guint tap)
{
  if (output >= source->n_outputs || tap >= source->n_taps)
    return 0;
  return source->weights[output * source->output_stride + tap * source->tap_stride];
}

static gint64
sum_of_magnitudes (const FettlePackSource *source, guint output)
{
  gint64 sum = 0;

  for (guint tap = 0; tap < source->n_taps; tap++)
    sum += ABS (get_weight (source, output, tap));
  return sum;
}

/* Appends the word of channels OUTPUT and OUTPUT + 1 at two taps: int16 lanes 256 * b + a. */
static gboolean
append_word (const FettlePackSource *source, guint output, guint tap0, guint tap1,
             GArray *words)
{
  const guint taps[2] = { tap0, tap1 };
  guint32 word = 0;

  for (guint lane = 0; lane < G_N_ELEMENTS (taps); lane++)
    {
      gint a = get_weight (source, output, taps[lane]);
      gint b = get_weight (source, output + 1, taps[lane]);
      gint value = 256 * b + a;

      if (value < G_MININT16)
        return FALSE;
      word |= ((guint32)value & 0xFFFF) << (16 * lane);
    }
  g_array_append_val (words, word);
  return TRUE;
}

/* Four taps as SXTB16 leaves them: 0 and 2, then 1 and 3. */
static gboolean
append_four_taps (const FettlePackSource *source, guint output, guint tap, GArray *words)
{
  return append_word (source, output, tap, tap + 2, words)
         && append_word (source, output + 2, tap, tap + 2, words)
         && append_word (source, output, tap + 1, tap + 3, words)
         && append_word (source, output + 2, tap + 1, tap + 3, words);
}

GArray *
fettle_pack_matrix (const FettlePackSource *source)
{
  g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint n_taps = round_up (source->n_taps, FRT_PACKED_TAPS);

  for (guint output = 0; output < source->n_outputs; output += FRT_PACKED_CHANNELS)
    for (guint tap = 0; tap < n_taps; tap += 4)
      if (!append_four_taps (source, output, tap, words))
        return NULL;
  return g_steal_pointer (&words);
}

/* Where the block of depthwise begins that has OUTPUT first: the last one ends with the last channel. */
static guint
depthwise_block (const FettlePackSource *source, guint output)
{
  return MIN (output, source->n_outputs - FRT_PACKED_CHANNELS);
}

GArray *
fettle_pack_depthwise (const FettlePackSource *source)
{
  static const guint order[] = { 0, 2, 1, 3 };
  GArray *weights = g_array_new (FALSE, FALSE, sizeof (gint16));

  for (guint output = 0; output < source->n_outputs; output += FRT_PACKED_CHANNELS)
    for (guint tap = 0; tap < source->n_taps; tap++)
      for (guint i = 0; i < G_N_ELEMENTS (order); i++)
        {
          guint channel = depthwise_block (source, output) + order[i];
          gint16 weight = (gint16)get_weight (source, channel, tap);

          g_array_append_val (weights, weight);
        }
  return weights;
}

/* What the portable kernel makes of SUM, before the limits of the activation. */
static gint32
requantize (const FettlePackSource *source, guint output, gint64 sum)
{
  gint32 value = frt_multiply_by_quantized ((gint32)sum, source->multipliers[output],
                                            source->shifts[output]);

  return frt_narrow_s8 (value, source->output_zero_point, G_MININT8, G_MAXINT8);
}

/* The sums of a channel lie within SPREAD of BIAS. */
static gboolean
pack_channel (const FettlePackSource *source, guint output, gint64 bias, gint64 spread,
              struct frt_packed_channel *channel)
{
  gint shift = -source->shifts[output];
  gboolean has_left_shift = shift < 0;
  gint32 lowest;

  if (ABS (bias) + spread > G_MAXINT32 || source->multipliers[output] < 0)
    return FALSE;
  lowest = requantize (source, output, bias - spread);
  /* Dead channels: their multipliers are extreme, but the result is always the same. */
  if (!has_left_shift && lowest == requantize (source, output, bias + spread))
    {
      *channel = (struct frt_packed_channel){ .rounding = 2 * lowest + 1, .shift = 1 };
      return TRUE;
    }
  if (ABS (bias) + spread >= 1 << 30 || shift < 1 || shift > LARGEST_SHIFT)
    return FALSE;
  *channel = (struct frt_packed_channel){
    .twice_bias = (gint32)(2 * bias),
    .multiplier = source->multipliers[output],
    .rounding = (1 << (shift - 1)) + source->output_zero_point * (1 << shift),
    .shift = shift,
  };
  return TRUE;
}

static GArray *
pack_channels (const FettlePackSource *source, gint32 folded_zero_point,
               gint64 largest_activation)
{
  g_autoptr (GArray) channels =
      g_array_new (FALSE, TRUE, sizeof (struct frt_packed_channel));

  g_array_set_size (channels, round_up (source->n_outputs, FRT_PACKED_CHANNELS));
  for (guint output = 0; output < source->n_outputs; output++)
    {
      gint64 bias = source->bias != NULL ? source->bias[output] : 0;
      gint64 magnitudes = sum_of_magnitudes (source, output);

      for (guint tap = 0; folded_zero_point != 0 && tap < source->n_taps; tap++)
        bias -= folded_zero_point * get_weight (source, output, tap);
      if (!pack_channel (source, output, bias, largest_activation * magnitudes,
                         &g_array_index (channels, struct frt_packed_channel, output)))
        return NULL;
    }
  return g_steal_pointer (&channels);
}

GArray *
fettle_pack_matrix_channels (const FettlePackSource *source)
{
  /* The sum of an odd channel is taken from the upper 24 bits of a word. */
  for (guint output = 1; output < source->n_outputs; output += 2)
    if (sum_of_magnitudes (source, output) * LARGEST_ACTIVATION >= 1 << 23)
      return NULL;
  return pack_channels (source, source->input_zero_point, LARGEST_ACTIVATION);
}

GArray *
fettle_pack_depthwise_channels (const FettlePackSource *source)
{
  GArray *channels = pack_channels (source, 0, LARGEST_DIFFERENCE);

  if (channels != NULL)
    {
      struct frt_packed_channel *last = &g_array_index (
          channels, struct frt_packed_channel, channels->len - FRT_PACKED_CHANNELS);

      memmove (last,
               &g_array_index (channels, struct frt_packed_channel,
                               source->n_outputs - FRT_PACKED_CHANNELS),
               FRT_PACKED_CHANNELS * sizeof *last);
    }
  return channels;
}

/* One input of ADD, before its terms are added. */
typedef struct
{
  gint32 offset, multiplier;
  gint shift; /* to the right */
} Term;

/* Whether the term is half of the element: so it is for the input with the larger scale. */
static gboolean
is_half (const Term *term)
{
  return term->multiplier == 1 << 30 && term->shift == 0;
}

/* The channel that scales a term and does not add anything to it. */
static gboolean
pack_term (const Term *term, struct frt_packed_channel *channel)
{
  if (term->shift < 1 || term->shift > LARGEST_SHIFT || term->multiplier <= 0)
    return FALSE;
  *channel = (struct frt_packed_channel){
    .twice_bias = term->offset * (1 << (ADD_LEFT_SHIFT + 1)),
    .multiplier = term->multiplier,
    .rounding = 1 << (term->shift - 1),
    .shift = term->shift,
  };
  return TRUE;
}

gboolean
fettle_pack_add (const struct frt_binary_s8_parameters *source,
                 struct frt_add_s8_packed_parameters *packed)
{
  const Term terms[2] = {
    { source->input1_offset, source->input1_multiplier, -source->input1_shift },
    { source->input2_offset, source->input2_multiplier, -source->input2_shift },
  };
  guint scaled = is_half (&terms[0]) ? 1 : 0;
  gint shift = -source->output_shift;
  gint32 offset = terms[1 - scaled].offset;

  *packed = (struct frt_add_s8_packed_parameters){
    .minimum = source->minimum,
    .maximum = source->maximum,
    .scaled_input = scaled,
  };
  if (source->left_shift != ADD_LEFT_SHIFT || shift < 1 || shift > LARGEST_SHIFT
      || source->output_multiplier <= 0 || !is_half (&terms[1 - scaled]))
    return FALSE;
  if (is_half (&terms[scaled]))
    offset += terms[scaled].offset;
  else if (!pack_term (&terms[scaled], &packed->channels[0]))
    return FALSE;
  /* Each term is at most 255 * 2^19: twice their sum and the rounding fit in 31 bits. */
  packed->channels[1] = (struct frt_packed_channel){
    .twice_bias = offset * (1 << ADD_LEFT_SHIFT),
    .multiplier = source->output_multiplier,
    .rounding = (1 << (shift - 1)) + source->output_offset * (1 << shift),
    .shift = shift,
  };
  return TRUE;
}
