import type { JSX } from "preact";
import { Empty } from "../../ui/empty.tsx";

export function EventsPage(_: { params: Record<string, string> }): JSX.Element {
  return <Empty title="Events" />;
}
