import { whoHash } from "./entry-hash.ts";
import type { AuditEntry } from "./types.ts";

/** Who runs the gateway, as the people of a tenant see it. */
export const OPERATOR_SEEN_AS = "operator";

/** An entry as somebody may see it. `who`: stands for actor, name, address and browser in its hash; null: an entry from before. */
export type SeenEntry = AuditEntry & { who: string | null };

/** `hidesOperators`: for a tenant's own people, to whom an operator has no name, no address and no browser. */
export function seenEntry(entry: AuditEntry, hidesOperators: boolean): SeenEntry {
  const who = whoHash(entry);
  if (!hidesOperators || entry.seenAs === entry.actor) return { ...entry, who };
  const nobody = { actor: OPERATOR_SEEN_AS, actorName: OPERATOR_SEEN_AS, ip: "", userAgent: "", whoSalt: null };
  return { ...entry, ...nobody, who };
}
