import { budgetsOf } from "./budget-store.ts";
import type { FoundKey } from "./check-key.ts";
import type { Mode } from "./journal-entry.ts";
import { findBySecret } from "./key-store.ts";
import { readRevision, readTerms, type Terms } from "./tenant-store.ts";
import type { Budget } from "./types.ts";

/** Answers that are kept; a tenant of many tags asks for many budgets. */
const ANSWERS_MAX = 2_000;

/**
 * What people have defined of a tenant (terms, keys, budgets; never a counter), kept in memory between calls.
 *
 * Invariant: what it answers at a revision is what the tables say at that revision. Triggers (schema.ts) give the
 * tenant's row a new random revision with every change of a definition, by whatever statement. So a revision names one
 * state of the definitions for ever, and that of a transaction that was rolled back never comes again.
 */
export class Definitions {
  readonly #sql: SqlStorage;
  readonly #answers = new Map<string, unknown>();
  #revision: number | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /**
   * Call first, with the revision as it was read in the same transaction: all else is forgotten. What the
   * transaction itself changes of a definition afterwards must be read from the tables.
   */
  at(revision: number): void {
    if (this.#revision === revision) return;
    this.#answers.clear();
    this.#revision = revision;
  }

  terms(): Terms {
    return this.#recall("terms", () => readTerms(this.#sql));
  }

  /** The key that a secret's hash belongs to; null: the secret is nobody's. */
  key(hash: string): FoundKey | null {
    return this.#recall(`key:${hash}`, () => findBySecret(this.#sql, hash));
  }

  /** The budgets of these scopes, as `budgetsOf`. */
  budgets(mode: Mode, scopes: readonly string[]): readonly Budget[] {
    return this.#recall(`${mode}:${JSON.stringify(scopes)}`, () => budgetsOf(this.#sql, mode, scopes));
  }

  #recall<T>(question: string, read: () => T): T {
    if (this.#answers.has(question)) return this.#answers.get(question) as T;
    const answer = read();
    // Not what was read after the transaction had changed a definition.
    if (readRevision(this.#sql) !== this.#revision) return answer;
    if (this.#answers.size >= ANSWERS_MAX) this.#answers.clear();
    this.#answers.set(question, answer);
    return answer;
  }
}
