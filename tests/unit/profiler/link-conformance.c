/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link-conformance.c: what every link must do, whatever carries its bytes. */
#include "link-conformance.h"

#include <string.h>

#define DEADLINE (60 * G_TIME_SPAN_SECOND)
#define MEBIBYTE (1u << 20)
#define PIECE    16400u /* about a frame */

typedef struct
{
  const LinkHooks *hooks;
  gpointer peer;
  FettleLink *link;
  GByteArray *received;
  guint n_lost, n_opened;
  GError *lost;       /* the reason */
  GError *open_error; /* of the last open */
  gboolean closes_on_bytes, drops_on_lost;
} Fixture;

#define WAIT_FOR(condition)                                                              \
  G_STMT_START                                                                           \
  {                                                                                      \
    const gint64 end_ = g_get_monotonic_time () + DEADLINE;                              \
    while (!(condition))                                                                 \
      {                                                                                  \
        g_assert_cmpint (g_get_monotonic_time (), <, end_);                              \
        if (!g_main_context_iteration (NULL, FALSE))                                     \
          g_usleep (500);                                                                \
      }                                                                                  \
  }                                                                                      \
  G_STMT_END

/* What is on its way without a sign that one could wait for. */
static void
linger (void)
{
  const gint64 end = g_get_monotonic_time () + 50 * G_TIME_SPAN_MILLISECOND;

  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (500);
}

static void
on_received (FettleLink *link, GBytes *bytes, Fixture *fixture)
{
  g_assert_cmpuint (fixture->n_lost, ==, 0);
  g_assert_cmpuint (g_bytes_get_size (bytes), >, 0);
  g_byte_array_append (fixture->received, g_bytes_get_data (bytes, NULL),
                       (guint)g_bytes_get_size (bytes));
  if (fixture->closes_on_bytes)
    fettle_link_close (link);
}

static void
on_lost (FettleLink *link, const GError *reason, Fixture *fixture)
{
  g_assert_nonnull (reason);
  g_assert_false (fettle_link_is_open (link));
  fixture->n_lost++;
  g_clear_error (&fixture->lost);
  fixture->lost = g_error_copy (reason);
  if (fixture->drops_on_lost)
    g_clear_object (&fixture->link);
}

static void
on_opened (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->n_opened++;
  g_clear_error (&fixture->open_error);
  g_assert_true (
      fettle_link_open_finish (FETTLE_LINK (object), result, &fixture->open_error)
      == (fixture->open_error == NULL));
}

static void
create_link (Fixture *fixture)
{
  fixture->n_lost = 0;
  g_clear_error (&fixture->lost);
  fixture->link = fixture->hooks->create_link (fixture->peer);
  g_signal_connect (fixture->link, "received", G_CALLBACK (on_received), fixture);
  g_signal_connect (fixture->link, "lost", G_CALLBACK (on_lost), fixture);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->hooks = data;
  fixture->received = g_byte_array_new ();
  fixture->peer = fixture->hooks->start ();
  create_link (fixture);
}

static void
note_end (gpointer user_data, GObject *link)
{
  *(gboolean *)user_data = TRUE;
}

/* Whatever a test has done, a link that is closed says so once and leaves nothing behind. */
static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gboolean is_gone = FALSE;

  if (fixture->link != NULL)
    {
      g_object_weak_ref (G_OBJECT (fixture->link), note_end, &is_gone);
      fettle_link_close (fixture->link);
      g_assert_cmpuint (fixture->n_lost, ==, 1);
      g_assert_false (fettle_link_is_open (fixture->link));
      linger ();
      g_signal_handlers_disconnect_by_data (fixture->link, fixture);
      g_clear_object (&fixture->link);
      WAIT_FOR (is_gone);
    }
  g_assert_cmpuint (fixture->n_lost, ==, 1);
  fixture->hooks->stop (fixture->peer);
  g_byte_array_unref (fixture->received);
  g_clear_error (&fixture->lost);
  g_clear_error (&fixture->open_error);
}

static void
start_opening (Fixture *fixture, GCancellable *cancellable)
{
  fettle_link_open_async (fixture->link, cancellable, on_opened, fixture);
}

static void
open_link (Fixture *fixture)
{
  guint before = fixture->n_opened;

  start_opening (fixture, NULL);
  WAIT_FOR (fixture->n_opened > before);
  g_assert_no_error (fixture->open_error);
  g_assert_true (fettle_link_is_open (fixture->link));
}

/* The same bytes for the same size. */
static GBytes *
make_bytes (guint size)
{
  guint8 *bytes = g_malloc (size);
  guint32 state = size;

  for (guint i = 0; i < size; i++)
    {
      state = state * 1664525u + 1013904223u;
      bytes[i] = (guint8)(state >> 24);
    }
  return g_bytes_new_take (bytes, size);
}

/* Sends BYTES in pieces; no piece is as large as the one before. */
static void
send_pieces (Fixture *fixture, GBytes *bytes, guint largest)
{
  gsize size = g_bytes_get_size (bytes);
  guint state = largest;

  for (gsize at = 0; at < size;)
    {
      gsize n = MIN (1 + state % largest, size - at);
      g_autoptr (GBytes) piece = g_bytes_new_from_bytes (bytes, at, n);

      fettle_link_send (fixture->link, piece);
      at += n;
      state = state * 1664525u + 1013904223u;
    }
}

static void
await_echo (Fixture *fixture, GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  WAIT_FOR (fixture->received->len >= size || fixture->n_lost > 0);
  g_assert_no_error (fixture->lost);
  g_assert_cmpmem (fixture->received->data, fixture->received->len, data, size);
  g_byte_array_set_size (fixture->received, 0);
}

static void
check_echo (Fixture *fixture, guint size, guint largest)
{
  g_autoptr (GBytes) bytes = make_bytes (size);

  send_pieces (fixture, bytes, largest);
  await_echo (fixture, bytes);
}

/* --- opening and closing --- */

static void
check_used_up (Fixture *fixture)
{
  guint before = fixture->n_opened;

  start_opening (fixture, NULL);
  WAIT_FOR (fixture->n_opened > before);
  g_assert_error (fixture->open_error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
test_open_and_close (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = make_bytes (16);

  /* Nothing of this does anything before opening. */
  g_assert_false (fettle_link_is_open (fixture->link));
  fettle_link_send (fixture->link, bytes);
  fettle_link_interrupt (fixture->link, FETTLE_INTERRUPT_ABORT);
  open_link (fixture);
  check_used_up (fixture);
  g_assert_true (fettle_link_is_open (fixture->link));
  check_echo (fixture, 100, 10);
  fettle_link_close (fixture->link);
  g_assert_error (fixture->lost, G_IO_ERROR, G_IO_ERROR_CLOSED);
  fettle_link_close (fixture->link);
  fettle_link_send (fixture->link, bytes);
  fettle_link_interrupt (fixture->link, FETTLE_INTERRUPT_RESET);
  check_used_up (fixture);
  g_assert_cmpuint (fixture->received->len, ==, 0);
}

static void
test_close_unopened (Fixture *fixture, gconstpointer data)
{
  fettle_link_close (fixture->link);
  g_assert_error (fixture->lost, G_IO_ERROR, G_IO_ERROR_CLOSED);
  check_used_up (fixture);
}

static void
test_close_while_opening (Fixture *fixture, gconstpointer data)
{
  start_opening (fixture, NULL);
  fettle_link_close (fixture->link);
  WAIT_FOR (fixture->n_opened == 1);
  g_assert_error (fixture->open_error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
test_cancel_open (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  start_opening (fixture, cancellable);
  g_cancellable_cancel (cancellable);
  WAIT_FOR (fixture->n_opened == 1);
  g_assert_error (fixture->open_error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (fettle_link_is_open (fixture->link));
}

/* A second link to the same board, opened as soon as the first one is closed. */
static void
test_open_again (Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 3; i++)
    {
      open_link (fixture);
      check_echo (fixture, 1000, 100);
      fettle_link_close (fixture->link);
      g_assert_cmpuint (fixture->n_lost, ==, 1);
      g_signal_handlers_disconnect_by_data (fixture->link, fixture);
      g_clear_object (&fixture->link);
      create_link (fixture);
    }
}

static void
test_close_while_sending (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = make_bytes (MEBIBYTE);

  open_link (fixture);
  send_pieces (fixture, bytes, PIECE);
  WAIT_FOR (fixture->received->len > 0);
}

static void
test_close_when_received (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = make_bytes (4 * PIECE);

  open_link (fixture);
  fixture->closes_on_bytes = TRUE;
  send_pieces (fixture, bytes, PIECE);
  WAIT_FOR (fixture->n_lost > 0);
  g_assert_error (fixture->lost, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
test_drop_unclosed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = make_bytes (PIECE);

  open_link (fixture);
  fettle_link_send (fixture->link, bytes);
  g_signal_handlers_disconnect_by_data (fixture->link, fixture);
  g_clear_object (&fixture->link);
  linger ();
  fixture->n_lost = 1; /* nobody was there to be told */
}

/* --- bytes --- */

static void
test_order (Fixture *fixture, gconstpointer data)
{
  open_link (fixture);
  check_echo (fixture, 20000, 40);
  /* Whole packets, whole transfers, one byte beside. */
  for (guint size = 512; size <= 32768; size *= 2)
    {
      check_echo (fixture, size - 1, size);
      check_echo (fixture, size, size);
      check_echo (fixture, size + 1, size + 1);
    }
}

static void
test_much (Fixture *fixture, gconstpointer data)
{
  open_link (fixture);
  check_echo (fixture, MEBIBYTE, PIECE);
}

static void
test_slow_reader (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = make_bytes (MEBIBYTE);

  open_link (fixture);
  send_pieces (fixture, bytes, PIECE);
  for (int i = 0; i < 10; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (30000);
    }
  await_echo (fixture, bytes);
}

static void
test_interrupt (Fixture *fixture, gconstpointer data)
{
  open_link (fixture);
  for (guint i = 1; i <= 3; i++)
    {
      fettle_link_interrupt (fixture->link, FETTLE_INTERRUPT_ABORT);
      if (fixture->hooks->count_aborts != NULL)
        WAIT_FOR (fixture->hooks->count_aborts (fixture->peer) == i);
      check_echo (fixture, 1000, 100);
    }
}

/* --- the other side goes --- */

static void
await_loss (Fixture *fixture)
{
  WAIT_FOR (fixture->n_lost > 0);
  g_assert_error (fixture->lost, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_VANISHED);
}

static void
test_vanish (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = make_bytes (16);

  open_link (fixture);
  check_echo (fixture, 100, 10);
  fixture->hooks->vanish (fixture->peer, fixture->link);
  await_loss (fixture);
  fettle_link_send (fixture->link, bytes);
  fettle_link_interrupt (fixture->link, FETTLE_INTERRUPT_ABORT);
  check_used_up (fixture);
}

static void
test_vanish_while_sending (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = make_bytes (MEBIBYTE);

  open_link (fixture);
  send_pieces (fixture, bytes, PIECE);
  WAIT_FOR (fixture->received->len > 0);
  fixture->hooks->vanish (fixture->peer, fixture->link);
  await_loss (fixture);
}

/* Opening ends, well or not, and whoever has opened learns of the loss. */
static void
test_vanish_while_opening (Fixture *fixture, gconstpointer data)
{
  start_opening (fixture, NULL);
  fixture->hooks->vanish (fixture->peer, fixture->link);
  WAIT_FOR (fixture->n_opened == 1);
  if (fixture->open_error == NULL)
    await_loss (fixture);
}

static void
test_drop_when_lost (Fixture *fixture, gconstpointer data)
{
  open_link (fixture);
  fixture->drops_on_lost = TRUE;
  fixture->hooks->vanish (fixture->peer, fixture->link);
  await_loss (fixture);
  g_assert_null (fixture->link);
}

static const struct
{
  const char *name;
  void (*function) (Fixture *fixture, gconstpointer data);
} tests[] = {
  { "open-and-close", test_open_and_close },
  { "close-unopened", test_close_unopened },
  { "close-while-opening", test_close_while_opening },
  { "close-while-sending", test_close_while_sending },
  { "close-when-received", test_close_when_received },
  { "drop-unclosed", test_drop_unclosed },
  { "cancel-open", test_cancel_open },
  { "open-again", test_open_again },
  { "order", test_order },
  { "much", test_much },
  { "slow-reader", test_slow_reader },
  { "interrupt", test_interrupt },
  { "vanish", test_vanish },
  { "vanish-while-sending", test_vanish_while_sending },
  { "vanish-while-opening", test_vanish_while_opening },
  { "drop-when-lost", test_drop_when_lost },
};

void
link_conformance_add (const LinkHooks *hooks)
{
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strdup_printf ("/link/%s/%s", hooks->name, tests[i].name);

      g_test_add (path, Fixture, hooks, set_up, tests[i].function, tear_down);
    }
}
