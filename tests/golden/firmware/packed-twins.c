/* SPDX-License-Identifier: GPL-3.0-or-later */
/* packed-twins.c: random layers for the kernels packed for ARMv7E-M. */
#include "twins.h"

int main (void);

static void
make_channel (struct frt_packed_channel *channel)
{
  channel->shift = once_in (8) ? between (0, 31) : between (1, 12);
  if (once_in (4))
    return;
  channel->twice_bias = between (-20000, 20000);
  channel->multiplier = between (1 << 30, INT32_MAX);
  channel->rounding =
      (1 << (channel->shift & 15)) + between (-128, 127) * (1 << (channel->shift & 15));
}

/* For COUNT outputs, filled up. */
static uint32_t
add_channels (int32_t count)
{
  const uint32_t padded = (uint32_t)(count + 3) / 4 * 4;
  const uint32_t offset = add_constant (padded * sizeof (struct frt_packed_channel));
  struct frt_packed_channel *channels = (void *)((uint8_t *)&layer + offset);

  for (uint32_t i = 0; i < padded; i++)
    make_channel (&channels[i]);
  return offset;
}

static uint32_t
round_taps (int32_t taps)
{
  return ((uint32_t)taps + FRT_PACKED_TAPS - 1) / FRT_PACKED_TAPS * FRT_PACKED_TAPS;
}

static void
make_convolution (void)
{
  struct frt_conv2d_s8_packed_parameters *parameters = &layer.parameters.convolution;
  const int32_t depth = random_depth (), outputs = between (1, 11);
  const struct frt_window window = random_window (2);
  const int32_t taps = depth * set_planes (&window, depth, outputs);

  parameters->window = window;
  parameters->weights_offset =
      add_constant (round_taps (taps) * (uint32_t)(outputs + 3) / 4 * 4);
  parameters->channels_offset = add_channels (outputs);
  parameters->input_zero_point = between (INT8_MIN, INT8_MAX);
  make_range (&parameters->minimum, &parameters->maximum);
}

static void
make_depthwise (void)
{
  struct frt_depthwise_conv2d_s8_packed_parameters *parameters =
      &layer.parameters.depthwise;
  const int32_t depth = between (4, 18);
  const struct frt_window window = random_window (2);
  const int32_t taps = set_planes (&window, depth, depth);

  parameters->window = window;
  parameters->weights_offset = add_constant ((uint32_t)(taps * (depth + 3) / 4 * 4) * 2);
  parameters->channels_offset = add_channels (depth);
  parameters->input_offset = between (-INT8_MAX, -INT8_MIN);
  make_range (&parameters->minimum, &parameters->maximum);
}

static void
make_fully_connected (void)
{
  struct frt_fully_connected_s8_packed_parameters *parameters =
      &layer.parameters.fully_connected;
  const int32_t depth = once_in (4) ? between (1, 200) : between (1, 40);
  const int32_t outputs = between (1, 18), rows = between (1, 3);

  set_tensor (0, 0, rows, 1, 1, depth);
  set_tensor (1, OUTPUT_OFFSET, rows, 1, 1, outputs);
  parameters->input_depth = (uint32_t)depth;
  parameters->weights_offset =
      add_constant (round_taps (depth) * (uint32_t)(outputs + 3) / 4 * 4);
  parameters->channels_offset = add_channels (outputs);
  make_range (&parameters->minimum, &parameters->maximum);
}

static void
make_add (void)
{
  struct frt_add_s8_packed_parameters *parameters = &layer.parameters.add;
  const int32_t height = between (1, 4), width = between (1, 4);
  const int32_t depth = random_depth ();

  set_tensor (0, 0, 1, height, width, depth);
  set_tensor (1, INPUT_2, 1, height, width, depth);
  set_tensor (2, OUTPUT_OFFSET, 1, height, width, depth);
  fill_random (parameters->channels, sizeof parameters->channels);
  make_channel (&parameters->channels[0]);
  make_channel (&parameters->channels[1]);
  if (once_in (4))
    parameters->channels[0].multiplier = 0;
  parameters->scaled_input = (uint32_t)between (0, 1);
  make_range (&parameters->minimum, &parameters->maximum);
}

#define FOR_EACH_KERNEL(DO)                                                              \
  DO (frt_conv2d_s8_packed, make_convolution)                                            \
  DO (frt_depthwise_conv2d_s8_packed, make_depthwise)                                    \
  DO (frt_fully_connected_s8_packed, make_fully_connected)                               \
  DO (frt_add_s8_packed, make_add)                                                       \
  DO (frt_average_pool2d_s8_packed, make_average_pool)

#define DECLARE_TWIN(name, make) extern const struct frt_kernel twin_##name;
FOR_EACH_KERNEL (DECLARE_TWIN)

int
main (void)
{
#define ENTRY(name, make) { #name, &name, &twin_##name, make },
  static const struct twins twins[] = { FOR_EACH_KERNEL (ENTRY) };

  return twins_agree (twins, sizeof twins / sizeof *twins, FRT_PACKING_ARMV7E_M) ? 0 : 1;
}
