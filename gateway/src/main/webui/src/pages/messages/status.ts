import type { MessageEventKind } from "wire";
import type { Tone } from "../../ui/pill.tsx";

const TONES: Record<MessageEventKind, Tone> = {
  accepted: "quiet",
  delivered: "busy",
  acknowledged: "good",
  retry_scheduled: "warn",
  failed: "bad",
  expired: "warn",
  dead_lettered: "bad",
};

export function messageTone(status: MessageEventKind): Tone {
  return TONES[status];
}

/** As people read it. */
export function messageWord(status: MessageEventKind): string {
  return status.replaceAll("_", " ");
}

/** Whether nothing more happens to it unless somebody does something. */
export function isSettled(status: MessageEventKind): boolean {
  return ["acknowledged", "failed", "expired", "dead_lettered"].includes(status);
}

/** Whether the operator can send it again. */
export function canRetry(status: MessageEventKind): boolean {
  return status === "dead_lettered" || status === "expired" || status === "failed";
}
