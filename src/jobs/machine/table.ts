import type { JobState } from "../job.ts";
import { cancelled } from "./cancelled.ts";
import { completed } from "./completed.ts";
import type { EventKind, JobEvent } from "./event.ts";
import { expired } from "./expired.ts";
import { failed } from "./failed.ts";
import { queued } from "./queued.ts";
import type { ByAnswer, Condition, Row, StateCells } from "./row.ts";
import { running } from "./running.ts";
import { submitting } from "./submitting.ts";
import { unknown } from "./unknown.ts";
import { voided } from "./void.ts";

/** What every event does in every state. */
const TABLE: Record<JobState, StateCells> = {
  queued,
  submitting,
  unknown,
  running,
  completed,
  failed,
  cancelled,
  expired,
  void: voided,
};

/** A row with its place. `id`: state/event, then the answer and the condition's name where there are any. */
export interface TableRow {
  id: string;
  state: JobState;
  event: EventKind;
  /** Null: the row is for every answer, or the event brings none. */
  answer: string | null;
  when: Condition<JobEvent> | null;
  /** When the row counts, in words; empty: always, or whenever none before it does. */
  words: string;
  row: Row<JobEvent>;
}

type AnyRow = Row<JobEvent> & { when?: Condition<JobEvent>; otherwise?: string };

/** All rows; within one state and event, the first that fits is the one that counts. */
export const ROWS: readonly TableRow[] = (Object.keys(TABLE) as JobState[]).flatMap((state) =>
  (Object.keys(TABLE[state]) as EventKind[]).flatMap((event) => rowsOf(state, event)),
);

function rowsOf(state: JobState, event: EventKind): TableRow[] {
  const cell = TABLE[state][event];
  const placed =
    (answer: string | null) =>
    (row: unknown): TableRow => {
      // A cell's rows take its own event and answer, and are looked up by these alone.
      const { when = null, otherwise = "", ...rest } = row as AnyRow;
      const place = `${state}/${event}${answer === null ? "" : `:${answer}`}`;
      const id = when ? `${place}/${when.name}` : place;
      return { id, state, event, answer, when, words: when?.words ?? otherwise, row: rest };
    };
  if ("ignored" in cell) return [placed(null)(cell)];
  if (!("answers" in cell)) return cell.map(placed(null));
  const { unless, answers } = cell as ByAnswer<EventKind>;
  const each = Object.entries(answers as Record<string, readonly unknown[]>);
  return [...(unless ? [placed(null)(unless)] : []), ...each.flatMap(([answer, rows]) => rows.map(placed(answer)))];
}
