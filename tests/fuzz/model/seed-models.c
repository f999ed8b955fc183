/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seed-models.c: builds the models that seed-families.c describes. */
#include "seed-models.h"
#include "model/opcode.h"
#include "model/tflite-schema.h"

#include <string.h>

#define MOST_TENSORS 32
#define MOST_BYTES   4096
#define USUAL_STEPS  64 /* per 1 */
#define LONGEST_NAME 8

/* A model on its way. */
typedef struct
{
  char type; /* of the activations: a letter of seed-models.h */
  BuilderTensor tensors[MOST_TENSORS];
  char names[MOST_TENSORS][LONGEST_NAME];
  float scales[MOST_TENSORS];
  guint8 data[MOST_TENSORS][MOST_BYTES];
  BuilderOperator operator_;
  BuilderModel model;
} Draft;

static const struct
{
  char letter;
  int type;
  guint bits;
  char weights, bias; /* that go with such activations */
} types[] = {
  { 'f', TFLITE_TYPE_FLOAT32, 32, 'f', 'f' }, { 'b', TFLITE_TYPE_INT8, 8, 'b', 'i' },
  { '4', TFLITE_TYPE_INT4, 4, '4', 'i' },     { 'h', TFLITE_TYPE_INT16, 16, 'b', 'l' },
  { 'i', TFLITE_TYPE_INT32, 32, 'i', 'i' },   { 'l', TFLITE_TYPE_INT64, 64, 'l', 'l' },
  { 'u', TFLITE_TYPE_UINT8, 8, 'u', 'i' },    { 'o', TFLITE_TYPE_BOOL, 8, 'o', 'o' },
};

static guint
find_type (char letter)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].letter == letter)
      return i;
  g_error ("%c is no type.", letter);
}

static gsize
count_elements (const BuilderTensor *tensor)
{
  gsize n = 1;

  for (guint i = 0; i < tensor->rank; i++)
    n *= (gsize)tensor->shape[i];
  return n;
}

/* Small numbers of either sign, in the middle of what the type holds. */
static void
fill_data (Draft *draft, guint number, guint type)
{
  BuilderTensor *tensor = &draft->tensors[number];
  gsize n = count_elements (tensor), size = (n * types[type].bits + 7) / 8;
  guint8 *data = draft->data[number];

  g_assert (size <= MOST_BYTES);
  /* Without -128, which some packed kernels can't have as a weight. */
  for (gsize i = 0; i < size; i++)
    data[i] = (guint8)MAX ((gint8)(i * 37 + 11), -127);
  for (gsize i = 0; i < n; i++)
    {
      gint32 value = (gint32)(i * 37 % 101) - 50;
      float real = (float)value / USUAL_STEPS;

      if (types[type].letter == 'f')
        memcpy (data + 4 * i, &real, sizeof real);
      else if (types[type].bits >= 32)
        for (guint k = 0; k < types[type].bits / 8; k++)
          data[i * types[type].bits / 8 + k] = (guint8)((gint64)value >> (8 * k));
    }
  tensor->data = data;
  tensor->size = size;
}

/* The numbers of "1,-2". */
static const char *
read_numbers (Draft *draft, guint number, const char *at, gboolean in_pairs)
{
  BuilderTensor *tensor = &draft->tensors[number];
  gint32 n = 0;

  for (char *end; *at != '\0' && strchr ("-0123456789", *at); at = end + (*end == ','))
    {
      gint32 value = (gint32)g_ascii_strtoll (at, &end, 10);

      memcpy (draft->data[number] + 4 * n++, &value, sizeof value);
    }
  tensor->type = TFLITE_TYPE_INT32;
  tensor->rank = in_pairs ? 2 : 1;
  tensor->shape[0] = in_pairs ? n / 2 : n;
  tensor->shape[1] = 2;
  tensor->data = draft->data[number];
  tensor->size = 4 * (gsize)n;
  return at;
}

static const char *
read_shape (BuilderTensor *tensor, const char *at)
{
  char *end;

  if (*at == '.')
    return at + 1;
  do
    {
      tensor->shape[tensor->rank++] = (gint32)g_ascii_strtoll (at, &end, 10);
      at = end + 1;
    }
  while (*end == '.');
  return end;
}

static char
usual_type (const Draft *draft, char kind)
{
  guint type = find_type (draft->type);

  switch (kind)
    {
    case '=':
      return types[type].weights;
    case '%':
      return types[type].bias;
    default:
      return draft->type == '4' ? 'b' : draft->type;
    }
}

static void
read_quantization (Draft *draft, guint number, char kind, char letter, const char *at)
{
  BuilderTensor *tensor = &draft->tensors[number];
  double steps = kind == '%' ? USUAL_STEPS * USUAL_STEPS : USUAL_STEPS;
  char *end;

  if (strchr ("fo", letter) != NULL || (strchr ("il", letter) != NULL && kind != '%'))
    return;
  tensor->zero_point = strchr ("bu", letter) != NULL && kind != '=' ? 3 : 0;
  if (*at == '@')
    {
      steps = g_ascii_strtod (at + 1, &end);
      tensor->zero_point = *end == ',' ? g_ascii_strtoll (end + 1, NULL, 10) : 0;
    }
  draft->scales[number] = (float)(1 / steps);
  tensor->scales = &draft->scales[number];
  tensor->n_scales = 1;
}

/* Returns the tensor's number, -1 for none. */
static gint32
add_tensor (Draft *draft, const char *text)
{
  guint number = draft->model.n_tensors;
  BuilderTensor *tensor = &draft->tensors[number];
  char kind = strchr ("=%$~#-", *text) != NULL ? *text++ : ' ';
  char letter = usual_type (draft, kind);

  if (kind == '-')
    return -1;
  g_assert (number < MOST_TENSORS);
  draft->model.n_tensors++;
  g_snprintf (draft->names[number], LONGEST_NAME, "t%u", number);
  tensor->name = draft->names[number];
  if (kind == '#')
    {
      read_numbers (draft, number, text + (*text == '#'), *text == '#');
      return (gint32)number;
    }
  text = read_shape (tensor, text);
  if (*text == ':')
    {
      letter = text[1];
      text += 2;
    }
  tensor->type = types[find_type (letter)].type;
  tensor->is_variable = kind == '~';
  if (kind != ' ' && kind != '~')
    fill_data (draft, number, find_type (letter));
  read_quantization (draft, number, kind, letter, text);
  return (gint32)number;
}

static void
add_inputs (Draft *draft, const char *list)
{
  g_auto (GStrv) texts = g_strsplit (list, " ", -1);

  for (guint i = 0; texts[i] != NULL; i++)
    {
      gint32 number = add_tensor (draft, texts[i]);

      draft->operator_.inputs[draft->operator_.n_inputs++] = number;
      if (number >= 0 && draft->tensors[number].data == NULL
          && !draft->tensors[number].is_variable)
        draft->model.inputs[draft->model.n_inputs++] = number;
    }
}

static void
add_outputs (Draft *draft, const char *list)
{
  g_auto (GStrv) texts = g_strsplit (list, " ", -1);

  for (guint i = 0; texts[i] != NULL; i++)
    {
      gint32 number = add_tensor (draft, texts[i]);

      draft->model.outputs[draft->model.n_outputs++] = number;
      if (i == 0)
        draft->operator_.output = number;
      else
        draft->operator_.more_outputs[draft->operator_.n_more_outputs++] = number;
    }
}

static const SeedFamily *
find_family (guint index, char *type)
{
  for (guint i = 0; i < n_seed_families; i++)
    {
      gsize n = strlen (seed_families[i].types);

      if (index < n)
        {
          *type = seed_families[i].types[index];
          return &seed_families[i];
        }
      index -= (guint)n;
    }
  g_assert_not_reached ();
}

guint
seed_models_count (void)
{
  gsize n = 0;

  for (guint i = 0; i < n_seed_families; i++)
    n += strlen (seed_families[i].types);
  return (guint)n;
}

char *
seed_models_name (guint index)
{
  char type;
  const SeedFamily *family = find_family (index, &type);

  return g_strdup_printf ("%s, %c", family->operator_, type);
}

GBytes *
seed_models_make (guint index)
{
  g_autofree Draft *draft = g_new0 (Draft, 1);
  const SeedFamily *family = find_family (index, &draft->type);
  BuilderOperator *operator_ = &draft->operator_;
  FettleOpcode opcode = 0;

  if (!fettle_opcode_from_name (family->operator_, &opcode))
    g_error ("%s is no operator.", family->operator_);
  operator_->builtin = fettle_opcode_to_tflite (opcode);
  operator_->options_type = family->options_type;
  memcpy (operator_->options, family->options, sizeof family->options);
  while (operator_->n_options < G_N_ELEMENTS (family->options)
         && family->options[operator_->n_options].kind != 0)
    operator_->n_options++;
  add_inputs (draft, family->inputs);
  add_outputs (draft, family->outputs);
  draft->model.tensors = draft->tensors;
  draft->model.n_operators = 1;
  draft->model.operators = operator_;
  return builder_make (&draft->model);
}
