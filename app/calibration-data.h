/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibration-data.h: data to calibrate on or to compare with, and what makes model inputs of them. */
#pragma once

#include "model/project-file.h"

G_BEGIN_DECLS

typedef struct
{
  char *path;   /* a file or a folder, see tuner/samples.h */
  char *labels; /* rule for the classes, see tuner/samples.h; NULL: none */
  FettlePreprocessing preprocessing;
} FettleData;

FettleData *fettle_data_new (const char *path, double scale, double offset);
FettleData *fettle_data_copy (const FettleData *data);
void fettle_data_free (FettleData *data);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleData, fettle_data_free)

/* Either may be NULL. */
gboolean fettle_data_equal (const FettleData *a, const FettleData *b);

/* Text that differs for other data, another preprocessing, and after the file was written again; "" for NULL. Free with
 * g_free. */
char *fettle_data_identify (const FettleData *data);

G_END_DECLS
