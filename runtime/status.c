/* SPDX-License-Identifier: Apache-2.0 */
/* status.c: the sentences that go with enum frt_status. */
#include "frt.h"

const char *
frt_status_text (int status)
{
  switch (status)
    {
    case FRT_OK:
      return "Everything is as it should be.";
    case FRT_E_ALIGNMENT:
      return "The image or the arena is not aligned to 16 bytes.";
    case FRT_E_TRUNCATED:
      return "The image is shorter than its header says.";
    case FRT_E_MAGIC:
      return "These bytes are not a Fettle image.";
    case FRT_E_VERSION:
      return "The image was made for another version of the runtime.";
    case FRT_E_CHECKSUM:
      return "The image is damaged: its checksum does not match.";
    case FRT_E_LAYOUT:
      return "A table or block of the image is misplaced.";
    case FRT_E_TENSOR:
      return "A tensor of the image has an impossible type, shape, size or place.";
    case FRT_E_OPERATOR:
      return "An operator of the image contradicts its tensors or parameters.";
    case FRT_E_KERNEL:
      return "The image needs a kernel that is not linked into this program.";
    case FRT_E_ARENA:
      return "The arena is smaller than the image needs.";
    case FRT_E_ABORTED:
      return "The run was stopped before its end.";
    case FRT_E_ROUNDING:
      return "The image uses a rounding mode that this runtime does not implement.";
    case FRT_E_EFFORT:
      return "Checking the image would take far longer than its size justifies.";
    default:
      return "Unknown status.";
    }
}
