/** How the state before a change is read: by a GET of this path, of the answer itself or of the one row with this id. */
export interface StateReader {
  path: string;
  /** The path's parameter that is the row's id; null: the answer is the state. */
  pick: string | null;
}

/**
 * Which GET shows what a change is about. `reads`: the paths that have one.
 * A resource that is changed, or a part of it that is posted to (`/keys/{key_id}/rotate`), is shown by its own GET or by the
 * list that it is in. What is made by a POST was not there before; nor is there a GET of what the gateway does as a whole.
 */
export function stateReader(method: string, path: string, reads: ReadonlySet<string>): StateReader | null {
  if (method.toLowerCase() !== "post") return readerOf(path, reads);
  return reads.has(path) ? null : readerOf(parentOf(path), reads);
}

function readerOf(path: string, reads: ReadonlySet<string>): StateReader | null {
  if (reads.has(path)) return { path, pick: null };
  const pick = /\/\{(\w+)\}$/.exec(path)?.[1];
  const list = parentOf(path);
  return pick !== undefined && reads.has(list) ? { path: list, pick } : null;
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));
