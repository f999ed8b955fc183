/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fit.h: what a model needs beside what the board offers, as rows of a bullet chart and in a sentence. */
#pragma once

#include "app/target-image.h"
#include "widgets/bullet-chart-render.h"

G_BEGIN_DECLS

typedef enum
{
  FETTLE_FIT_UNKNOWN, /* the board's limits, or the lowered model, are not known */
  FETTLE_FIT_FITS,
  FETTLE_FIT_TOO_LARGE,
} FettleFit;

/* The verdict; *TITLE is a few words, *DETAIL a sentence that says by how much or what to do. Free both. */
FettleFit fettle_fit_judge (FettleTargetImage *image, char **title, char **detail);

/* FettleBulletItem for flash, arena, MACs and time, with strings of its own; free with g_array_unref. */
GArray *fettle_fit_list_rows (FettleDocument *document, FettleTargetImage *image);

G_END_DECLS
