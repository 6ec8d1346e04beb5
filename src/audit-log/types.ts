import type { auditEntries } from "./schema.ts";

/** An entry as stored. */
export type AuditEntry = typeof auditEntries.$inferSelect;

/** All of an entry but its hash: what the hash is of. */
export type AuditFacts = Omit<AuditEntry, "hash">;

/** A change that is about to be made. `before`: JSON. */
export type BegunChange = Omit<AuditFacts, "seq" | "at" | "after" | "outcome">;

/** The chain of what is of no tenant. */
export const GATEWAY_CHAIN = "";
