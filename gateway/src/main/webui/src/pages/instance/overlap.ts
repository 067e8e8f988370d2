/**
 * Where in `page` the lines begin that come after `tail`, which was seen before. The page may begin within the tail or
 * before it. -1 where they do not meet: lines may be missing in between.
 */
export function freshFrom(tail: readonly string[], page: readonly string[]): number {
  if (tail.length === 0) {
    return 0;
  }
  // The latest place at which all that can be compared is the same; one line alone is met too easily by chance.
  for (let end = page.length; end > 0; end--) {
    const length = Math.min(end, tail.length);
    if (length < Math.min(2, tail.length)) {
      break;
    }
    let same = true;
    for (let i = 1; i <= length && same; i++) {
      same = page[end - i] === tail[tail.length - i];
    }
    if (same) {
      return end;
    }
  }
  return -1;
}
