import type { BillingAnswer, PollAnswer, PostAnswer } from "../../upstream/answers.ts";
import type { PendingSettlement } from "../job.ts";

/** Everything that can happen to a job. What each does in each state: `table.ts`, shown in docs/job-states.md. */
export type JobEvent =
  | { kind: "post_started" }
  | { kind: "post_answered"; answer: PostAnswer }
  /** It has asked for its turn, which has not come; it asks again after `againMs`. */
  | { kind: "waited"; againMs: number }
  | { kind: "send_limit_passed" }
  /** Somebody who may wants it not to be sent. */
  | { kind: "cancel_asked" }
  | { kind: "polled"; answer: PollAnswer }
  | { kind: "billed"; answer: BillingAnswer }
  | { kind: "adopted"; upstreamId: string }
  /** Another job has the task that this one was told is its own. */
  | { kind: "claim_refused" }
  /** A walk of WaveSpeed's list; `unclaimed`: tasks with this input that no job has. */
  | { kind: "walked"; complete: boolean; unclaimed: string[] }
  | { kind: "settled" }
  /** A look at a task whose job was given up, or that turned up for one. */
  | { kind: "polled_late"; answer: PollAnswer; upstreamId: string }
  /** What the bill says of a late task that ended without saying who pays. */
  | { kind: "billed_late"; answer: BillingAnswer }
  | { kind: "loss_recorded" }
  /** A person decided what becomes of a job that nobody can tell. */
  | { kind: "resolved"; action: PendingSettlement["action"]; reason: string; actor: string };

export type EventKind = JobEvent["kind"];

export type EventOf<K extends EventKind> = Extract<JobEvent, { kind: K }>;

type Named<A> = A extends { kind: infer N extends string } ? N : A extends string ? A : never;

/** The kinds of answer that an event brings; `never` for an event that brings none. */
export type AnswerKind<K extends EventKind> =
  EventOf<K> extends { answer: infer A } ? Named<A> : EventOf<K> extends { action: infer A } ? Named<A> : never;

/** An event with one kind of answer. */
export type Answered<K extends EventKind, A> =
  EventOf<K> extends { answer: infer Of }
    ? Omit<EventOf<K>, "answer"> & { answer: Extract<Of, A | { kind: A }> }
    : EventOf<K> & { action: A };

/** The kind of answer that an event brought; null: it brings none. */
export function answerOf(event: JobEvent): string | null {
  if ("action" in event) return event.action;
  if (!("answer" in event)) return null;
  return typeof event.answer === "string" ? event.answer : event.answer.kind;
}
