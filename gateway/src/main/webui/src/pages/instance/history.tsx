import type { JSX } from "preact";
import { AuditTable } from "../events/audit.tsx";

/** Who did what with it, when and from where. */
export function HistoryTab({ name }: { name: string }): JSX.Element {
  return <AuditTable target={name} />;
}
