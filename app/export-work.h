/* SPDX-License-Identifier: GPL-3.0-or-later */
/* export-work.h: writes a model's header in a thread. */
#pragma once

#include "app/content.h"
#include "model/image-sections.h"

G_BEGIN_DECLS

typedef struct
{
  FettleTarget target;
  FettleRounding rounding;
  char *symbol; /* what names begin with */
} FettleExportOptions;

typedef struct
{
  char *header;
  gsize image_bytes;
  gsize arena_bytes;
  gsize sections[FETTLE_N_SECTIONS];
} FettleExport;

void fettle_export_free (FettleExport *export_);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleExport, fettle_export_free)

void fettle_export_async (FettleContent *content, const FettleExportOptions *options,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data);
FettleExport *fettle_export_finish (GAsyncResult *result, GError **error);

G_END_DECLS
