import type { JobOutcome } from "../../ledger/journal-entry.ts";
import type { Job, JobState, PendingSettlement } from "../job.ts";
import type { Pace } from "../pace.ts";
import type { Answered, AnswerKind, EventKind, EventOf } from "./event.ts";

/** The row as it is, one event, the clock. */
export interface Case<E> {
  job: Job;
  event: E;
  now: number;
  pace: Pace;
}

/** What changes; an empty change means that the event does not apply. */
export type Change = Partial<Job>;

/** `name`: of the row in tests. `words`: in the docs. */
export interface Condition<E> {
  name: string;
  words: string;
  holds: (given: Case<E>) => boolean;
}

/** What happens. State and settlement are data, so that the table shows what is done; the rest is `change`. */
export interface Effect<E> {
  effect: string;
  /** The state that follows, if it is another. */
  to?: JobState;
  settle?: {
    action: PendingSettlement["action"];
    outcome: JobOutcome;
    because: (given: Case<E>) => Pick<PendingSettlement, "reason" | "resolvedBy">;
  };
  change: (given: Case<E>) => Omit<Change, "state" | "outcome">;
}

/** Nothing happens, and why. */
export interface Ignored {
  ignored: string;
}

export type Row<E> = Effect<E> | Ignored;

export type When<E, R extends Row<E> = Row<E>> = R & { when: Condition<E> };

/** The first row whose condition holds. The last has none, so that there always is one; `otherwise` says when it is, if it must be said. */
export type Rows<E> = readonly [...When<E>[], Row<E> & { when?: never; otherwise?: string }];

/** One cell for each kind of answer; `unless` comes before them all. */
export interface ByAnswer<K extends EventKind> {
  unless?: When<EventOf<K>, Ignored>;
  answers: { [A in AnswerKind<K>]: Rows<Answered<K, A>> };
}

/** What an event does in a state. An event, or an answer, without its cell does not compile. */
export type Cell<K extends EventKind> = Ignored | ([AnswerKind<K>] extends [never] ? Rows<EventOf<K>> : ByAnswer<K>);

/** Every event that there is, in one state. */
export type StateCells = { [K in EventKind]: Cell<K> };

export const ignored = (why: string): Ignored => ({ ignored: why });
