/** Whether all words of `text`, in any order and whatever their case, stand in one of what a row shows. */
export function findsWords(text: string): (...shown: unknown[]) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== "");
  return (...shown) => {
    if (words.length === 0) {
      return true;
    }
    const all = shown.filter((one) => one != null).join(" ").toLowerCase();
    return words.every((word) => all.includes(word));
  };
}

/** A number with the word for what it counts: `1 message`, `2 messages`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
