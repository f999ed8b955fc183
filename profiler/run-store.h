/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run-store.h: every profiled run, in a database of the user's.
 *
 * What is kept of a run does not grow with its number of inferences: for each layer the number of measurements and the
 * durations below which a share of them lies. Any error is one sentence and leaves the store as it was; a program goes
 * on without it. A store is used in one thread at a time; several programs may have the same file open. */
#pragma once

#include "profiler/trace.h"

G_BEGIN_DECLS

/* The shares of a run's measurements whose durations are kept, ascending from the minimum to the maximum. */
#define FETTLE_RUN_N_QUANTILES 9
extern const double fettle_run_quantiles[FETTLE_RUN_N_QUANTILES];

typedef struct
{
  guint64 n; /* measurements */
  guint64 quantiles[FETTLE_RUN_N_QUANTILES];
} FettleRunStatistics;

typedef struct
{
  char *name;
  char *operator_; /* "CONV_2D" */
  FettleRunStatistics time;
} FettleRunLayer;

/* Strings are never NULL; "" where nothing is known. */
typedef struct
{
  gint64 id;         /* given by the store */
  gint64 time;       /* when it ended: microseconds since 1970, UTC */
  char *board;       /* "virtual-m4" */
  char *core;        /* "Cortex-M4" */
  char *firmware;    /* "fettle-agent 0.1" */
  guint32 clock_hz;  /* 0 if meaningless */
  FettleUnit unit;   /* of all durations */
  double resolution; /* smallest difference that the board can see, in UNIT */
  char *model;       /* name of the file */
  char *model_hash;  /* hex SHA-256 of the imported model */
  char *recipe_hash; /* "" if not tuned */
  guint64 image_bytes;
  guint64 arena_bytes;
  guint64 dropped; /* records that the board could not send */
  FettleRunStatistics total;
  char *tags; /* words with a blank between them, sorted */
  char *note;
  GArray *layers; /* FettleRunLayer in order of execution; NULL from a search */
} FettleRun;

FettleRun *fettle_run_new (void);
void fettle_run_free (FettleRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleRun, fettle_run_free)
/* Copies the strings. */
void fettle_run_add_layer (FettleRun *run, const char *name, const char *operator_,
                           const FettleRunStatistics *time);
/* Unit, resolution, total, and for each layer of TRACE, which must be as many as RUN has, its durations. */
void fettle_run_set_trace (FettleRun *run, FettleTrace *trace);
FettleRunStatistics fettle_run_statistics_of_layer (FettleTrace *trace, guint layer);
/* The one in the middle of the quantiles. */
guint64 fettle_run_statistics_get_median (const FettleRunStatistics *statistics);

typedef struct _FettleRunStore FettleRunStore;

#define FETTLE_RUN_STORE_ERROR (fettle_run_store_error_quark ())
GQuark fettle_run_store_error_quark (void);

typedef enum
{
  FETTLE_RUN_STORE_ERROR_DAMAGED,   /* the file is no database, or damaged */
  FETTLE_RUN_STORE_ERROR_NEWER,     /* a newer version of this program wrote it */
  FETTLE_RUN_STORE_ERROR_BUSY,      /* another program writes, for seconds */
  FETTLE_RUN_STORE_ERROR_NOT_FOUND, /* there is no such run */
  FETTLE_RUN_STORE_ERROR_FAILED,    /* no space, no permission */
} FettleRunStoreError;

/* PATH NULL: runs.sqlite in the user's data folder. Makes the file and its folder; brings older ones to this version. */
FettleRunStore *fettle_run_store_open (const char *path, GError **error);
void fettle_run_store_free (FettleRunStore *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleRunStore, fettle_run_store_free)

/* Keeps RUN and gives it its id. */
gboolean fettle_run_store_add (FettleRunStore *self, FettleRun *run, GError **error);
/* FettleRun without layers, the latest first: those in which each word of TEXT (NULL or "": all) is part of the board, core,
 * firmware, model, tags or note, or begins a hash. */
GPtrArray *fettle_run_store_search (FettleRunStore *self, const char *text,
                                    GError **error);
/* With its layers. */
FettleRun *fettle_run_store_get (FettleRunStore *self, gint64 id, GError **error);
/* TAGS are words; either may be NULL to stay as it is. */
gboolean fettle_run_store_annotate (FettleRunStore *self, gint64 id, const char *tags,
                                    const char *note, GError **error);
gboolean fettle_run_store_delete (FettleRunStore *self, gint64 id, GError **error);

G_END_DECLS
