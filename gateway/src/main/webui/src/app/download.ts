import { fetched } from "./api.ts";

/** Saves what is at `path` as a file: a link alone would not bring the page's half of the session along. */
export async function download(path: string, name: string): Promise<void> {
  const response = await fetched("GET", path);
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = nameOf(response) ?? name;
  link.click();
  // Once the browser has taken it up.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function nameOf(response: Response): string | undefined {
  return /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
}
