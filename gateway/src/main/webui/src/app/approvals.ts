import { computed, signal } from "@preact/signals";
import { get } from "./api.ts";
import { follow, oneAtATime } from "./news.ts";
import type { Approval, Approvals } from "./rest.ts";

/** As many are shown; whoever has more waiting answers these first. */
const MOST = 100;

/** What waits for a person, whoever asks, the oldest first; none known before it was loaded. */
export const waiting = signal<Approval[] | undefined>(undefined);

/** How many wait, for the navigation. */
export const waitingCount = computed(() => waiting.value?.length ?? 0);

export async function refresh(): Promise<void> {
  waiting.value = (await get<Approvals>(`/api/approvals?status=waiting&limit=${MOST}`)).approvals.reverse();
}

/** Keeps the inbox as it is; the returned function ends that. */
export function followApprovals(): () => void {
  const soon = oneAtATime(refresh);
  return follow({
    refresh,
    onFrame: (frame) => {
      if (frame.type === "approval_event") {
        soon();
      }
    },
  });
}
