import { journalHead, readRows, toEntry } from "./journal-store.ts";
import type { JournalEntry, UsageBatch } from "./journal-entry.ts";
import { reportedSeq, setReportedSeq } from "./tenant-store.ts";

/**
 * What one queue message holds, but one entry at least: a queue charges for each 64 kB, and for one entry as much as for a hundred.
 * Most have half a kB; ten tags and a reason make it 5.
 */
const MESSAGE_BYTES_MAX = 60_000;
const ENTRIES_PER_MESSAGE = 100;

/** An entry's number, times, hash and the names of all these. */
const ENTRY_BYTES = 150;

/** After so many entries a flush ends with the message that it is at; what is left waits for the next. */
const ENTRIES_PER_FLUSH = 1_000;

/** So many entries a new instance may send again without asking D1; and so many more must be known to be there until that is written down. */
const UNSURE_MAX = 20;

/**
 * How long a flush waits for more entries before it sends, and how long if another was just before it: under load one
 * message then carries many, and a message is what a queue costs, in money and in time.
 */
const GATHER_MS = 10;
const GATHER_MS_MAX = 100;
const BUSY_MS = 500;

/** Up to which entry D1 has everything of a tenant. Throws where D1 cannot be asked. */
type CompleteTo = (tenant: string) => Promise<number>;

/**
 * Hands journal entries to the queue in order. The journal is the outbox: an entry counts as
 * delivered only when D1 is found to have it, so what a queue loses is sent again.
 */
export class Outbox {
  readonly #sql: SqlStorage;
  readonly #queue: Queue<UsageBatch>;
  readonly #completeTo: CompleteTo;
  /** Sent by this instance; null: it has sent nothing. */
  #sentSeq: number | null = null;
  /** What D1 has, as far as this instance has asked. `reported_seq` follows it now and then. */
  #knownSeq = 0;
  #flushing: Promise<void> | null = null;
  /** When the last flush ended, epoch ms. */
  #flushedAt = 0;

  constructor(sql: SqlStorage, queue: Queue<UsageBatch>, completeTo: CompleteTo) {
    this.#sql = sql;
    this.#queue = queue;
    this.#completeTo = completeTo;
  }

  /** D1 has every entry up to here, and perhaps more. */
  get reportedSeq(): number {
    return Math.max(this.#knownSeq, reportedSeq(this.#sql));
  }

  /** Whether there are entries of which nobody knows that D1 has them. */
  get hasUnreported(): boolean {
    return journalHead(this.#sql).seq > this.reportedSeq;
  }

  /** Sends what is new. One flush at a time: a call during a flush is served by its last round. */
  flush(tenant: string): Promise<void> {
    this.#flushing ??= this.#send(tenant).finally(() => {
      this.#flushing = null;
      this.#flushedAt = Date.now();
    });
    return this.#flushing;
  }

  /** Whether a flush is under way: it will send what was written until now, so nobody need ask for another. */
  get isFlushing(): boolean {
    return this.#flushing !== null;
  }

  /** Asks D1 what it has, and sends the rest again. Throws where D1 or the queue does. */
  async sendMissing(tenant: string): Promise<void> {
    await this.#ask(tenant);
    if (!this.hasUnreported) return;
    // Its end would move on what is set back here.
    await this.#flushing;
    this.#sentSeq = this.reportedSeq;
    await this.flush(tenant);
  }

  /**
   * Whether D1 lacks anything: a new instance asks that, which costs no row, where nothing says so. Throws where D1
   * cannot be asked.
   */
  async isBehind(tenant: string): Promise<boolean> {
    if (this.hasUnreported) await this.#ask(tenant);
    return this.hasUnreported;
  }

  /** Writes down what D1 has, 20 entries after the last time: it is a row, and a job's next entry would outdate it. */
  keepReported(): void {
    if (this.#knownSeq - reportedSeq(this.#sql) >= UNSURE_MAX) setReportedSeq(this.#sql, this.#knownSeq);
  }

  /** Writes down all that this instance knows, for an audit: what D1 has, the journal must have. */
  noteReported(): void {
    setReportedSeq(this.#sql, this.#knownSeq);
  }

  async #ask(tenant: string): Promise<void> {
    this.#knownSeq = Math.max(this.#knownSeq, await this.#completeTo(tenant));
  }

  /** Where an instance begins: a few entries are sent again unasked, for D1 counts each once. */
  async #begin(tenant: string): Promise<number> {
    const unsure = journalHead(this.#sql).seq - this.reportedSeq;
    // If D1 is away, what was written down has to do.
    if (unsure > UNSURE_MAX) await this.#ask(tenant).catch(() => undefined);
    return this.reportedSeq;
  }

  async #send(tenant: string): Promise<void> {
    const isBusy = Date.now() - this.#flushedAt < BUSY_MS;
    await scheduler.wait(isBusy ? GATHER_MS_MAX : GATHER_MS);
    this.#sentSeq ??= await this.#begin(tenant);
    const begin = this.#sentSeq;
    while (this.#sentSeq - begin < ENTRIES_PER_FLUSH) {
      const entries = nextMessage(this.#sql, this.#sentSeq);
      const last = entries.at(-1);
      if (!last) return;
      await this.#queue.send({ tenant, entries });
      this.#sentSeq = last.seq;
    }
  }
}

/** The entries after that one, as many as a message holds. */
function nextMessage(sql: SqlStorage, afterSeq: number): JournalEntry[] {
  const entries: JournalEntry[] = [];
  let bytes = 0;
  // All at once: a cursor that is left before its end keeps its statement, and its read of the database open, until it is collected.
  for (const row of readRows(sql, afterSeq, ENTRIES_PER_MESSAGE).toArray()) {
    bytes += Buffer.byteLength(row.body) + ENTRY_BYTES;
    if (bytes > MESSAGE_BYTES_MAX && entries.length > 0) break;
    entries.push(toEntry(row));
  }
  return entries;
}
