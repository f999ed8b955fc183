/* SPDX-License-Identifier: Apache-2.0 */
/* timer.c: a CMSDK APB timer. */
#include "timer.h"

#include "board.h"

#include <stddef.h>

/* Its words. */
enum
{
  TIMER_CONTROL,
  TIMER_VALUE,
  TIMER_RELOAD,
};

#define TIMER_ENABLE 1u

const volatile uint32_t *
timer_start (void)
{
  volatile uint32_t *timer = (volatile uint32_t *)mps_board.timer;

  if (mps_board.timer == 0)
    return NULL;
  timer[TIMER_RELOAD] = UINT32_MAX;
  timer[TIMER_VALUE] = UINT32_MAX;
  timer[TIMER_CONTROL] = TIMER_ENABLE;
  return timer + TIMER_VALUE;
}
