/** What the bench counts of one operation. */
export interface Counts {
  /** Of a Worker or an object; of a queue: messages. */
  requests: number;
  rowsWritten: number;
  /** Calls of setAlarm: a row written each. */
  alarmsSet: number;
  rowsRead: number;
  /** Of WaveSpeed. */
  upstreamCalls: number;
}

export const NOTHING: Counts = { requests: 0, rowsWritten: 0, alarmsSet: 0, rowsRead: 0, upstreamCalls: 0 };

export const COUNTED = Object.keys(NOTHING) as (keyof Counts)[];

/** Where something is billed. */
export type Place = "worker" | "ledger" | "tracker" | "account" | "desk" | "D1 REPORT" | "D1 CONTROL" | "queue";

/** What one statement, or one call without any, added up to. */
export interface Line extends Counts {
  place: Place;
  /** A request of the Worker, a call of an object, or for databases and queue who used them. */
  operation: string;
  /** SQL, shortened; empty for what is none. */
  statement: string;
}

/** An object that asked to be woken. */
export interface ArmedAlarm {
  place: Place;
  id: string;
  /** Epoch ms. */
  at: number;
}

/** What the driver asks of the bench's Worker. `now`: epoch ms. */
export type Command =
  | { kind: "clock"; now: number }
  /** Does what an object's alarm does. */
  | { kind: "ring"; now: number; alarm: ArmedAlarm }
  /** Waits until nothing is under way, and answers the alarms that are armed. */
  | { kind: "rest" }
  /** Answers what was counted since the start. */
  | { kind: "lines" };

/** No gateway has it: requests to it are the bench's. */
export const COMMAND_URL = "http://operations.bench.invalid/";
