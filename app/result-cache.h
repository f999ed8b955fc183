/* SPDX-License-Identifier: GPL-3.0-or-later */
/* result-cache.h: what recipes made of a model, kept so that going back to them takes no time. */
#pragma once

#include "app/content.h"

G_BEGIN_DECLS

typedef struct _FettleResultCache FettleResultCache;

/* Holds at most MAXIMUM_BYTES, by an estimate; the result that was not wanted for the longest time leaves first. The
 * latest one always stays. */
FettleResultCache *fettle_result_cache_new (gsize maximum_bytes);
void fettle_result_cache_free (FettleResultCache *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleResultCache, fettle_result_cache_free)

void fettle_result_cache_clear (FettleResultCache *self);

/* ERRORS (may be NULL) belong to CONTENT. Replaces what was kept under KEY. */
void fettle_result_cache_put (FettleResultCache *self, const char *key,
                              FettleContent *content, GArray *errors);
/* NULL if nothing is kept; else borrowed, and ERRORS, borrowed, may be set to NULL. */
FettleContent *fettle_result_cache_get (FettleResultCache *self, const char *key,
                                        GArray **errors);

G_END_DECLS
