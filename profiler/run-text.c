/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run-text.c: kept runs for other programs. */
#include "profiler/run-text.h"

#include <string.h>

static const char *const quantile_names[FETTLE_RUN_N_QUANTILES] = {
  "min", "p1", "p5", "p25", "median", "p75", "p95", "p99", "max"
};

char *
fettle_run_format_time (FettleRun *run)
{
  g_autoptr (GDateTime) time = NULL;

  g_return_val_if_fail (run != NULL, NULL);

  time = g_date_time_new_from_unix_utc (run->time / G_USEC_PER_SEC);
  return time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ") : g_strdup ("");
}

/* --- JSON --- */

static void
add_string (JsonBuilder *builder, const char *key, const char *value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_string_value (builder, value);
}

static void
add_int (JsonBuilder *builder, const char *key, guint64 value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_int_value (builder, (gint64)value);
}

static void
add_statistics (JsonBuilder *builder, const FettleRunStatistics *statistics)
{
  add_int (builder, "n", statistics->n);
  for (guint i = 0; i < FETTLE_RUN_N_QUANTILES; i++)
    add_int (builder, quantile_names[i], statistics->quantiles[i]);
}

static void
add_layers (JsonBuilder *builder, GArray *layers)
{
  json_builder_set_member_name (builder, "layers");
  json_builder_begin_array (builder);
  for (guint i = 0; i < layers->len; i++)
    {
      const FettleRunLayer *layer = &g_array_index (layers, FettleRunLayer, i);

      json_builder_begin_object (builder);
      add_int (builder, "index", i);
      add_string (builder, "name", layer->name);
      add_string (builder, "op", layer->operator_);
      add_statistics (builder, &layer->time);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

void
fettle_run_add_json (FettleRun *run, JsonBuilder *builder)
{
  g_autofree char *time = NULL;

  g_return_if_fail (run != NULL && JSON_IS_BUILDER (builder));

  time = fettle_run_format_time (run);
  json_builder_begin_object (builder);
  add_int (builder, "id", (guint64)run->id);
  add_string (builder, "time", time);
  add_string (builder, "board", run->board);
  add_string (builder, "core", run->core);
  add_string (builder, "firmware", run->firmware);
  add_int (builder, "clock_hz", run->clock_hz);
  add_string (builder, "unit", fettle_unit_get_name (run->unit));
  json_builder_set_member_name (builder, "resolution");
  json_builder_add_double_value (builder, run->resolution);
  add_string (builder, "model", run->model);
  add_string (builder, "model_hash", run->model_hash);
  add_string (builder, "recipe_hash", run->recipe_hash);
  add_int (builder, "image_bytes", run->image_bytes);
  add_int (builder, "arena_bytes", run->arena_bytes);
  add_int (builder, "dropped", run->dropped);
  add_string (builder, "tags", run->tags);
  add_string (builder, "note", run->note);
  json_builder_set_member_name (builder, "total");
  json_builder_begin_object (builder);
  add_statistics (builder, &run->total);
  json_builder_end_object (builder);
  if (run->layers != NULL)
    add_layers (builder, run->layers);
  json_builder_end_object (builder);
}

char *
fettle_run_format_json (FettleRun *run)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (run != NULL, NULL);

  fettle_run_add_json (run, builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  return g_strconcat (text, "\n", NULL);
}

/* --- CSV --- */

static void
append_text (GString *csv, const char *text)
{
  if (strpbrk (text, ",\"\r\n") == NULL)
    {
      g_string_append (csv, text);
      return;
    }
  g_string_append_c (csv, '"');
  for (; *text != '\0'; text++)
    {
      if (*text == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *text);
    }
  g_string_append_c (csv, '"');
}

static void
append_row (GString *csv, const char *index, const char *name, const char *operator_,
            const FettleRunStatistics *statistics, FettleUnit unit)
{
  g_string_append_printf (csv, "%s,", index);
  append_text (csv, name);
  g_string_append_c (csv, ',');
  append_text (csv, operator_);
  g_string_append_printf (csv, ",%s,%" G_GUINT64_FORMAT, fettle_unit_get_name (unit),
                          statistics->n);
  for (guint i = 0; i < FETTLE_RUN_N_QUANTILES; i++)
    g_string_append_printf (csv, ",%" G_GUINT64_FORMAT, statistics->quantiles[i]);
  g_string_append (csv, "\r\n");
}

char *
fettle_run_format_csv (FettleRun *run)
{
  GString *csv = g_string_new ("index,layer,op,unit,n");

  g_return_val_if_fail (run != NULL && run->layers != NULL, NULL);

  for (guint i = 0; i < FETTLE_RUN_N_QUANTILES; i++)
    g_string_append_printf (csv, ",%s", quantile_names[i]);
  g_string_append (csv, "\r\n");
  for (guint i = 0; i < run->layers->len; i++)
    {
      const FettleRunLayer *layer = &g_array_index (run->layers, FettleRunLayer, i);
      g_autofree char *index = g_strdup_printf ("%u", i);

      append_row (csv, index, layer->name, layer->operator_, &layer->time, run->unit);
    }
  append_row (csv, "", "total", "", &run->total, run->unit);
  return g_string_free (csv, FALSE);
}
