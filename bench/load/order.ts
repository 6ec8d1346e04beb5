/** One HTTP request that is sent again and again. */
export interface Call {
  method: "GET" | "POST";
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
}

/** How the calls follow each other. */
export type Pattern =
  /** Each connection sends its next call when it has the answer of the last. */
  | { kind: "closed"; connections: number }
  /** So many a second begin, whatever became of the earlier ones; more than the connections carry wait for one. */
  | { kind: "open"; perSecond: number; connections: number }
  /** One client with a connection of its own for each call: it repeats its call at an interval. */
  | { kind: "clients"; everyMs: number };

export interface LoadOrder {
  /** Sent in turns. */
  calls: readonly Call[];
  pattern: Pattern;
  /** No call begins after this; those under way are waited for. */
  forMs: number;
  /** A call that has no connection after this has failed, and one without an answer so long after it had one. */
  timeoutMs: number;
  /** Whether the text of each answer is wanted, too: it costs the generator time. */
  keepBodies: boolean;
}

/** What became of one call. */
export interface Reply {
  /** 0: there was no answer. */
  status: number;
  /** False: no connection came free in time, so the other side never heard of it. */
  sent: boolean;
  /** From when it was due to the end of the answer: the wait for a connection is in it. */
  latencyMs: number;
  /** From when it had a connection. */
  serviceMs: number;
  retryAfter: string | null;
  /** The body where it was wanted, and of every answer but 200; the error's message where there was none. */
  text: string;
}

export interface LoadResult {
  replies: Reply[];
  /** From the first call to the last answer. */
  seconds: number;
  /** How late the generator itself was at worst. Above a few milliseconds the latencies are not only the gateway's. */
  lagMs: number;
  /** Processor time of the generator for one call. */
  cpuMicros: number;
}
