/* SPDX-License-Identifier: GPL-3.0-or-later */
/* image-sections.h: what the bytes of an image are spent on. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  FETTLE_SECTION_CONSTANTS, /* weights, biases, multipliers, look-up tables, and what aligns them */
  FETTLE_SECTION_PARAMETERS, /* of operators */
  FETTLE_SECTION_TABLES,     /* of tensors, operators and operands, with the header */
  FETTLE_SECTION_NAMES,      /* for reports */
  FETTLE_N_SECTIONS
} FettleImageSection;

/* Bytes of each section; their sum is the image's size. IMAGE must be one that fettle_lower made. */
void fettle_image_measure_sections (GBytes *image, gsize sizes[FETTLE_N_SECTIONS]);

G_END_DECLS
