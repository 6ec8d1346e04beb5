/** A place in a tenant's list of jobs: the page begins with the first job older than this one. */
export interface JobsCursor {
  admittedAt: number;
  id: string;
}

/** base64url of "admittedAt.id": opaque to clients, and without anything that they could not see. */
export function encodeJobsCursor({ admittedAt, id }: JobsCursor): string {
  return btoa(`${admittedAt}.${id}`).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** null: not a cursor of ours. */
export function decodeJobsCursor(cursor: string): JobsCursor | null {
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(cursor)) return null;
  let text: string;
  try {
    text = atob(cursor.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return null;
  }
  const match = /^([1-9]\d{0,15})\.([0-9a-f]{32})$/.exec(text);
  return match ? { admittedAt: Number(match[1]), id: match[2] ?? "" } : null;
}
