/* SPDX-License-Identifier: GPL-3.0-or-later */
/* image-builder.h: assembles small images by hand, for tests of the runtime alone. */
#pragma once

#include "runtime/frt_format.h"

#define IMAGE_BUILDER_CAPACITY (256u * 1024u)
#define IMAGE_BUILDER_ENTRIES  20u

/* After image_builder_finish, BYTES holds the image. Tensors get places of their own in the
 * arena; entries may be changed between adding and finishing. */
struct image_builder
{
  _Alignas(FRT_ALIGNMENT) uint8_t bytes[IMAGE_BUILDER_CAPACITY];
  uint32_t size;
  uint32_t arena_size;
  enum frt_packing packing;
  struct frt_tensor tensors[IMAGE_BUILDER_ENTRIES];
  uint32_t n_tensors;
  struct frt_operator operators[IMAGE_BUILDER_ENTRIES];
  uint32_t n_operators;
  uint16_t inputs[IMAGE_BUILDER_ENTRIES];
  uint32_t n_inputs;
  uint16_t outputs[IMAGE_BUILDER_ENTRIES];
  uint32_t n_outputs;
};

void image_builder_start (struct image_builder *builder);

/* Returns the tensor's number. DIMENSIONS has RANK entries. */
uint16_t image_builder_tensor (struct image_builder *builder, enum frt_type type,
                               unsigned rank, const int32_t *dimensions);

/* A copy of DATA, 16-byte aligned; returns its offset in the image. */
uint32_t image_builder_block (struct image_builder *builder, const void *data,
                              size_t size);

/* Returns the operator; its first two inputs are FIRST and, unless FRT_NO_TENSOR, SECOND. */
struct frt_operator *image_builder_operator (struct image_builder *builder,
                                             enum frt_kernel_id kernel, uint16_t first,
                                             uint16_t second, uint16_t output,
                                             const void *parameters,
                                             size_t parameters_size);

/* Gives OPERATOR other tensors: N_INPUTS and then N_OUTPUTS of NUMBERS. */
void image_builder_operands (struct image_builder *builder,
                             struct frt_operator *operator_, const uint16_t *numbers,
                             unsigned n_inputs, unsigned n_outputs);

void image_builder_input (struct image_builder *builder, uint16_t tensor);
void image_builder_output (struct image_builder *builder, uint16_t tensor);

/* Writes the tables and the header. */
void image_builder_finish (struct image_builder *builder);

/* Makes the checksum right again after a change to BYTES. */
void image_builder_sign (uint8_t *bytes);
