import { journalHead, readEntries } from "./journal-store.ts";
import type { UsageBatch } from "./journal-entry.ts";

/** Entries in one queue message: 20 of at most 5 kB each (ten tags, a reason) stay below the platform's 128 kB. */
const ENTRIES_PER_MESSAGE = 20;

/** Messages of one flush; what is left waits for the next. */
const MESSAGES_PER_FLUSH = 50;

/**
 * How long a flush waits for more entries before it sends: under load one message then carries many,
 * and a message is what a queue costs, in money and in time.
 */
const GATHER_MS = 10;

/**
 * Hands journal entries to the queue in order. The journal is the outbox: an entry counts as
 * delivered only when D1 has said so (`reported_seq`), so what a queue loses is sent again.
 */
export class Outbox {
  readonly #sql: SqlStorage;
  readonly #queue: Queue<UsageBatch>;
  /** Sent by this instance; memory only, so a new instance sends again whatever is unreported. */
  #sentSeq: number;
  #flushing: Promise<void> | null = null;

  constructor(sql: SqlStorage, queue: Queue<UsageBatch>, reportedSeq: number) {
    this.#sql = sql;
    this.#queue = queue;
    this.#sentSeq = reportedSeq;
  }

  /** Sends what is new. One flush at a time: a call during a flush is served by its last round. */
  flush(tenant: string): Promise<void> {
    this.#flushing ??= this.#send(tenant).finally(() => {
      this.#flushing = null;
    });
    return this.#flushing;
  }

  /** Whether a flush is under way: it will send what was written until now, so nobody need ask for another. */
  get isFlushing(): boolean {
    return this.#flushing !== null;
  }

  /** Begins again after the last entry that D1 reported. */
  rewind(reportedSeq: number): void {
    this.#sentSeq = reportedSeq;
  }

  async #send(tenant: string): Promise<void> {
    await scheduler.wait(GATHER_MS);
    for (let message = 0; message < MESSAGES_PER_FLUSH; message++) {
      if (journalHead(this.#sql).seq <= this.#sentSeq) return;
      const entries = readEntries(this.#sql, this.#sentSeq, ENTRIES_PER_MESSAGE);
      const last = entries.at(-1);
      if (!last) return;
      await this.#queue.send({ tenant, entries });
      this.#sentSeq = last.seq;
    }
  }
}
