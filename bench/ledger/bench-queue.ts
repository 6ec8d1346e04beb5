import type { UsageBatch } from "../../src/ledger/journal-entry.ts";

/** A queue's producer that remembers how far it was fed, so that a round begins with an empty outbox. */
export class BenchQueue implements Queue<UsageBatch> {
  readonly #queue: Queue<UsageBatch> | null;
  sentSeq = 0;

  /** `queue`: null drops every message at once, as if handing it over took no time. */
  constructor(queue: Queue<UsageBatch> | null) {
    this.#queue = queue;
  }

  async send(message: UsageBatch): Promise<QueueSendResponse> {
    const answer = await this.#queue?.send(message);
    this.sentSeq = message.entries.at(-1)?.seq ?? this.sentSeq;
    return answer ?? { metadata: { metrics: await this.metrics() } };
  }

  sendBatch(): Promise<QueueSendBatchResponse> {
    throw new Error("the ledger sends messages one by one");
  }

  async metrics(): Promise<QueueMetrics> {
    return { backlogCount: 0, backlogBytes: 0 };
  }
}
