/* SPDX-License-Identifier: GPL-3.0-or-later */
/* options.h: command lines, and the files that they name. */
#pragma once

#include "model/lower.h"
#include "model/project-file.h"
#include "tuner/samples.h"

G_BEGIN_DECLS

/* For the option tables of the commands. */
#define FETTLE_CLI_JSON_ENTRY(json)                                                      \
  {                                                                                      \
    "json", 0, 0, G_OPTION_ARG_NONE, json, N_ ("Print JSON for programs"), NULL          \
  }

/* What the preprocessing options below say, until fettle_cli_check_preprocessing reads it. */
typedef struct
{
  char *mean;
  char *deviation;
  char *channels;
  int sample_rate;
} FettleCliPreprocessingTexts;
extern FettleCliPreprocessingTexts fettle_cli_preprocessing_texts;

#define FETTLE_CLI_ROUNDING_ENTRY(rounding)                                              \
  {                                                                                      \
    "rounding", 0, 0, G_OPTION_ARG_STRING, rounding,                                     \
        N_ ("Rounding of integer results: double, as TensorFlow Lite Micro does by "     \
            "default, or single"),                                                       \
        "MODE"                                                                           \
  }

#define FETTLE_CLI_PREPROCESSING_ENTRIES(preprocessing)                                  \
  { "scale",                                                                             \
    0,                                                                                   \
    0,                                                                                   \
    G_OPTION_ARG_DOUBLE,                                                                 \
    &(preprocessing)->scale,                                                             \
    N_ ("Real input = S × value of the data file + O (default 1)"),                      \
    "S" },                                                                               \
      { "offset",                                                                        \
        0,                                                                               \
        0,                                                                               \
        G_OPTION_ARG_DOUBLE,                                                             \
        &(preprocessing)->offset,                                                        \
        N_ ("See --scale (default 0)"),                                                  \
        "O" },                                                                           \
      { "mean",                                                                          \
        0,                                                                               \
        0,                                                                               \
        G_OPTION_ARG_STRING,                                                             \
        &fettle_cli_preprocessing_texts.mean,                                            \
        N_ ("Subtracted after --scale: a number, or one per channel"),                   \
        "M,M,M" },                                                                       \
      { "std",                                                                           \
        0,                                                                               \
        0,                                                                               \
        G_OPTION_ARG_STRING,                                                             \
        &fettle_cli_preprocessing_texts.deviation,                                       \
        N_ ("Divided by after --mean, in the same way"),                                 \
        "D,D,D" },                                                                       \
      { "channels",                                                                      \
        0,                                                                               \
        0,                                                                               \
        G_OPTION_ARG_STRING,                                                             \
        &fettle_cli_preprocessing_texts.channels,                                        \
        N_ ("Order of a picture's channels: rgb (the default) or bgr"),                  \
        "ORDER" },                                                                       \
  {                                                                                      \
    "sample-rate", 0, 0, G_OPTION_ARG_INT, &fettle_cli_preprocessing_texts.sample_rate,  \
        N_ ("Samples per second that sounds must have (default: all the same)"), "HZ"    \
  }

/* For commands that need no labels, but may be given data that hold some. */
#define FETTLE_CLI_IGNORED_LABELS_ENTRY(rule)                                            \
  {                                                                                      \
    "labels", 0, 0, G_OPTION_ARG_STRING, rule,                                           \
        N_ ("“column:NAME”: a column of the table that is no part of the samples"),      \
        "column:NAME"                                                                    \
  }

/* Opens PATH as samples for GRAPH; of a table without the column that RULE names, as of the entry above. RULE may be
 * NULL. */
FettleSamples *fettle_cli_open_samples (const char *path, const char *rule,
                                        FettleGraph *graph,
                                        const FettlePreprocessing *preprocessing,
                                        GError **error);

/* Parses ARGV by ENTRIES. POSITIONAL is the name of the one argument beside the options, received
 * in *ARGUMENT (free with g_free); NULL if there is none. Prints help and exits for --help. */
gboolean fettle_cli_parse (int argc, char **argv, const GOptionEntry *entries,
                           const char *summary, const char *positional, char **argument,
                           GError **error);

/* FALSE with an error if VALUE, of option OPTION, was not given. */
gboolean fettle_cli_require (const char *value, const char *option, GError **error);

/* What NAME, of option --rounding, says; double if NULL. */
gboolean fettle_cli_read_rounding (const char *name, FettleRounding *rounding,
                                   GError **error);

/* FALSE with an error if VALUE, of option OPTION, is less than 1. */
gboolean fettle_cli_check_count (int value, const char *option, GError **error);

/* The float graph that PROJECT was quantized from; an error if it keeps none. Borrowed. */
FettleGraph *fettle_cli_require_reference (FettleProject *project, GError **error);

/* Completes PREPROCESSING by the options that are texts, and checks it. */
gboolean fettle_cli_check_preprocessing (FettlePreprocessing *preprocessing,
                                         GError **error);

/* Tells the user if PREPROCESSING is not what PROJECT was tuned with. */
void fettle_cli_compare_preprocessing (FettleProject *project,
                                       const FettlePreprocessing *preprocessing);

/* Tells the user if SAMPLES can hardly be what GRAPH was made for. */
void fettle_cli_compare_range (FettleSamples *samples, FettleGraph *graph);

/* TRUE if PATH ends in SUFFIX, in whatever case. */
gboolean fettle_cli_has_suffix (const char *path, const char *suffix);

G_END_DECLS
