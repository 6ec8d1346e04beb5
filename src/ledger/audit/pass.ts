/**
 * A part of a comparison that goes on from call to call. Handles at most `rowsMax` rows, each with its
 * counterpart, and returns how many: fewer mean that it has come to its end.
 */
export type Pass = (rowsMax: number) => number;

/** Over the rows of a table, in an order in which `read` can go on after the last of a page. */
export function overRows<Row>(
  read: (after: Row | null, limit: number) => readonly Row[],
  handle: (row: Row) => void,
): Pass {
  let last: Row | null = null;
  return (rowsMax) => {
    const page = read(last, rowsMax);
    for (const row of page) handle(row);
    last = page.at(-1) ?? last;
    return page.length;
  };
}

/** Over what is in memory. A Map may grow in between: its iterator comes to what was added. */
export function overItems<Item>(items: Iterable<Item>, handle: (item: Item) => void): Pass {
  const iterator = items[Symbol.iterator]();
  return (rowsMax) => {
    for (let handled = 0; handled < rowsMax; handled++) {
      const next = iterator.next();
      if (next.done) return handled;
      handle(next.value);
    }
    return rowsMax;
  };
}
