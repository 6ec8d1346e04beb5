/** What the scenario (Node) asks of the bench's Workers, as JSON bodies of POSTs. */

/** reserve: admissions only. cycle: each admission and its settlement. */
export type RoundKind = "reserve" | "cycle";

export interface Round {
  kind: RoundKind;
  operations: number;
  /** Callers at once, each with one call under way. */
  inFlight: number;
}

export interface RoundResult {
  elapsedMs: number;
  /** Of each operation, around its RPC, by the Worker's clock. */
  latenciesMs: number[];
}

/** Some of the jobs of a history. */
export interface SeedOrder {
  first: number;
  count: number;
  /** Jobs of the whole history, spread evenly from `from` to `until` (epoch ms). */
  total: number;
  from: number;
  until: number;
}

/** What the SQL of one call was. */
export interface StatementCount {
  statements: number;
  rowsWritten: number;
  rowsRead: number;
}

/** One call of each kind, counted. */
export interface CallCounts {
  reserve: StatementCount;
  settle: StatementCount;
}

export type FloorRequest =
  | { op: "prepare" }
  | { op: "round"; round: Round }
  | { op: "clear" }
  | { op: "count"; kind: RoundKind };

export type LedgerRequest = { tenant: string } & (
  | { op: "provision" }
  | { op: "seed"; order: SeedOrder }
  /** After the history: the budgets that the measured jobs count against, in an object started anew. */
  | { op: "begin" }
  | { op: "round"; round: Round }
  /** Ends every open hold and empties the outbox. */
  | { op: "settle" }
  | { op: "count" }
  | { op: "audit" }
);
