import { DurableObject } from "cloudflare:workers";
import { countStatements } from "./count-statements.ts";
import type { CallCounts, RoundKind } from "./protocol.ts";

const TABLES = `
  CREATE TABLE IF NOT EXISTS acct (
    id TEXT PRIMARY KEY, held INTEGER NOT NULL, captured INTEGER NOT NULL, limit_micros INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS holds (
    id TEXT PRIMARY KEY, amount INTEGER NOT NULL, at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS journal (seq INTEGER PRIMARY KEY, id TEXT NOT NULL, amount INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS spend (bucket INTEGER PRIMARY KEY, captured INTEGER NOT NULL) STRICT;
  INSERT INTO acct VALUES ('tenant', 0, 0, 9000000000000000), ('key', 0, 0, 9000000000000000)
    ON CONFLICT DO NOTHING;`;

const BUCKET_MS = 900_000;

/**
 * The least that any ledger in a Durable Object does. `reserve`: one conditional update and one
 * insert in one transaction. `reserveRows` and `settleRows`: as many rows as the ledger writes for
 * a job under two budgets, and nothing else.
 */
export class FloorAccount extends DurableObject {
  readonly #sql = this.ctx.storage.sql;

  async prepare(): Promise<void> {
    this.#sql.exec(TABLES);
  }

  async reserve(amount: number): Promise<string | null> {
    return this.ctx.storage.transactionSync(() => (this.#hold("tenant", amount) ? this.#insertHold(amount) : null));
  }

  async reserveRows(amount: number): Promise<string | null> {
    return this.ctx.storage.transactionSync(() => {
      if (!this.#hold("tenant", amount) || !this.#hold("key", amount)) return null;
      const id = this.#insertHold(amount);
      this.#sql.exec("INSERT INTO journal (id, amount) VALUES (?, ?)", id, amount);
      return id;
    });
  }

  async settleRows(id: string, amount: number): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      this.#sql.exec("DELETE FROM holds WHERE id = ?", id);
      for (const account of ["tenant", "key"]) {
        this.#sql.exec(
          "UPDATE acct SET held = held - ?1, captured = captured + ?1 WHERE id = ?2 AND held >= ?1",
          amount,
          account,
        );
      }
      this.#sql.exec(
        "INSERT INTO spend (bucket, captured) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET captured = captured + ?2",
        Math.floor(Date.now() / BUCKET_MS),
        amount,
      );
      this.#sql.exec("INSERT INTO journal (id, amount) VALUES (?, ?)", id, amount);
    });
  }

  async count(kind: RoundKind, amount: number): Promise<CallCounts> {
    let id: string | null = null;
    const reserve = await countStatements(this.#sql, async () => {
      id = await (kind === "reserve" ? this.reserve(amount) : this.reserveRows(amount));
    });
    const settle = await countStatements(this.#sql, () => this.settleRows(id ?? "", amount));
    return { reserve, settle };
  }

  async clear(): Promise<void> {
    this.#sql.exec("DELETE FROM holds; UPDATE acct SET held = 0");
  }

  #hold(account: string, amount: number): boolean {
    const { rowsWritten } = this.#sql.exec(
      "UPDATE acct SET held = held + ?1 WHERE id = ?2 AND held + captured + ?1 <= limit_micros",
      amount,
      account,
    );
    return rowsWritten > 0;
  }

  #insertHold(amount: number): string {
    const id = crypto.randomUUID();
    this.#sql.exec("INSERT INTO holds (id, amount, at) VALUES (?, ?, ?)", id, amount, Date.now());
    return id;
  }
}
