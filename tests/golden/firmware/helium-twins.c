/* SPDX-License-Identifier: GPL-3.0-or-later */
/* helium-twins.c: random layers for the kernels for Helium. */
#include "twins.h"

int main (void);

static void
make_factors (int32_t *multiplier, int32_t *shift, int32_t count)
{
  for (int32_t i = 0; i < count; i++)
    {
      multiplier[i] &= INT32_MAX;
      if (!once_in (4))
        multiplier[i] |= 1 << 30;
      shift[i] = once_in (8) ? -between (1, 31) : -between (1, 12);
    }
}

/* Of COUNT outputs, filled up; once in four with biases of any size. */
static uint32_t
add_channels (int32_t count)
{
  const int32_t blocks = (count + FRT_HELIUM_CHANNELS - 1) / FRT_HELIUM_CHANNELS;
  const uint32_t offset =
      add_constant ((uint32_t)blocks * sizeof (struct frt_helium_channels));
  struct frt_helium_channels *channels = (void *)((uint8_t *)&layer + offset);

  for (int32_t i = 0; i < blocks; i++)
    {
      make_factors (channels[i].multiplier, channels[i].shift, FRT_HELIUM_CHANNELS);
      for (int32_t lane = 0; lane < FRT_HELIUM_CHANNELS && !once_in (4); lane++)
        channels[i].bias[lane] = between (-20000, 20000);
    }
  return offset;
}

static uint32_t
round_up (int32_t value, int32_t multiple)
{
  return (uint32_t)((value + multiple - 1) / multiple * multiple);
}

static void
make_convolution (void)
{
  struct frt_conv2d_s8_helium_parameters *parameters =
      &layer.parameters.helium_convolution;
  const int32_t depth = once_in (4) ? between (12, 33) : random_depth ();
  const int32_t outputs = once_in (2) ? 4 * between (1, 5) : between (1, 15);
  const struct frt_window window = random_window (once_in (2) ? 1 : 2);
  const int32_t taps = depth * set_planes (&window, depth, outputs);

  parameters->window = window;
  parameters->weights_offset = add_constant (round_up (taps, FRT_HELIUM_TAPS)
                                             * round_up (outputs, FRT_HELIUM_CHANNELS));
  parameters->channels_offset = add_channels (outputs);
  parameters->input_zero_point = between (INT8_MIN, INT8_MAX);
  parameters->output_offset = between (INT8_MIN, INT8_MAX);
  make_range (&parameters->minimum, &parameters->maximum);
}

static void
make_block (struct frt_helium_block *block)
{
  for (int parity = 0; parity < 2; parity++)
    {
      struct frt_helium_factors *factors = &block->factors[parity];

      for (int i = 0; i < FRT_HELIUM_LANES / 2; i++)
        {
          const int32_t most = once_in (4) ? FRT_HELIUM_MOST_HIGH * 256 : 100000;
          const int32_t bias = between (-most, most);

          block->low[parity][i] = (int16_t)bias;
          block->high[parity][i] = (int16_t)(bias >> 8);
        }
      make_factors (factors->multiplier[0], factors->shift[0], FRT_HELIUM_LANES / 2);
    }
}

static void
make_depthwise (void)
{
  struct frt_conv2d_s8_helium_parameters *parameters =
      &layer.parameters.helium_convolution;
  const int32_t depth = once_in (2) ? 1 << between (0, 5) : between (1, 33);
  const uint32_t blocks = round_up (depth, FRT_HELIUM_LANES) / FRT_HELIUM_LANES;
  struct frt_window window = random_window (once_in (2) ? 1 : 2);
  struct frt_helium_block *block;

  if (once_in (2))
    {
      window.height = window.width = 3;
      window.padding_top = window.padding_left = (uint16_t)between (0, 1);
    }
  parameters->window = window;
  parameters->weights_offset = add_constant ((uint32_t)set_planes (&window, depth, depth)
                                             * blocks * FRT_HELIUM_LANES);
  parameters->channels_offset = add_constant (blocks * sizeof *block);
  block = (void *)((uint8_t *)&layer + parameters->channels_offset);
  for (uint32_t i = 0; i < blocks; i++)
    make_block (&block[i]);
  parameters->input_zero_point = between (INT8_MIN, INT8_MAX);
  parameters->output_offset = between (INT8_MIN, INT8_MAX);
  make_range (&parameters->minimum, &parameters->maximum);
}

static void
make_fully_connected (void)
{
  struct frt_fully_connected_s8_helium_parameters *parameters =
      &layer.parameters.helium_fully_connected;
  const int32_t depth = once_in (4) ? between (1, 200) : between (1, 40);
  const int32_t outputs = between (1, 18), rows = between (1, 3);

  set_tensor (0, 0, rows, 1, 1, depth);
  set_tensor (1, OUTPUT_OFFSET, rows, 1, 1, outputs);
  parameters->input_depth = (uint32_t)depth;
  parameters->weights_offset = add_constant (round_up (depth, FRT_HELIUM_TAPS)
                                             * round_up (outputs, FRT_HELIUM_CHANNELS));
  parameters->channels_offset = add_channels (outputs);
  parameters->output_offset = between (INT8_MIN, INT8_MAX);
  make_range (&parameters->minimum, &parameters->maximum);
}

static void
make_factor (int32_t *multiplier, int32_t *shift)
{
  *multiplier = between (once_in (4) ? 0 : 1 << 30, INT32_MAX);
  *shift = -between (0, once_in (4) ? 31 : 6);
}

static void
make_add (void)
{
  struct frt_binary_s8_parameters *parameters = &layer.parameters.binary;
  const int32_t height = between (1, 4), width = between (1, 4);
  const int32_t depth = random_depth ();

  set_tensor (0, 0, 1, height, width, depth);
  set_tensor (1, INPUT_2, 1, height, width, depth);
  set_tensor (2, OUTPUT_OFFSET, 1, height, width, depth);
  make_factor (&parameters->input1_multiplier, &parameters->input1_shift);
  make_factor (&parameters->input2_multiplier, &parameters->input2_shift);
  make_factor (&parameters->output_multiplier, &parameters->output_shift);
  parameters->left_shift = once_in (2) ? 20 : between (0, 31);
  parameters->input1_offset = between (-INT8_MAX, -INT8_MIN);
  parameters->input2_offset = between (-INT8_MAX, -INT8_MIN);
  parameters->output_offset = between (INT8_MIN, INT8_MAX);
  make_range (&parameters->minimum, &parameters->maximum);
}

#define FOR_EACH_KERNEL(DO)                                                              \
  DO (frt_conv2d_s8_helium, make_convolution)                                            \
  DO (frt_depthwise_conv2d_s8_helium, make_depthwise)                                    \
  DO (frt_fully_connected_s8_helium, make_fully_connected)                               \
  DO (frt_add_s8_helium, make_add)                                                       \
  DO (frt_average_pool2d_s8_helium, make_average_pool)

#define DECLARE_TWIN(name, make) extern const struct frt_kernel twin_##name;
FOR_EACH_KERNEL (DECLARE_TWIN)

int
main (void)
{
#define ENTRY(name, make) { #name, &name, &twin_##name, make },
  static const struct twins twins[] = { FOR_EACH_KERNEL (ENTRY) };

  return twins_agree (twins, sizeof twins / sizeof *twins, FRT_PACKING_HELIUM) ? 0 : 1;
}
