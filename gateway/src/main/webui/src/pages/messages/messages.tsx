import type { JSX } from "preact";
import { Empty } from "../../ui/empty.tsx";

export function MessagesPage(_: { params: Record<string, string> }): JSX.Element {
  return <Empty title="Messages" />;
}
