import type { Job } from "./job.ts";
import { comparedAt, type Place } from "./reconciliation.ts";

/** One thing that happened to a job's money or to its task. Times are epoch ms. */
export interface TimelineEvent {
  event:
    | "quoted"
    | "held"
    | "queued"
    | "submitted"
    | "unknown"
    | "running"
    | "completed"
    | "failed"
    | "cancelled"
    | "expired"
    | "captured"
    | "released"
    | "reconciled"
    | "written_off"
    | "loss";
  at: number;
  /** Who did it: the key that was sent, the gateway, or WaveSpeed. */
  actor: string;
  /** Micro-dollars that were held, captured or released, or that the operator may lose or lost; null where no money moved. */
  amountMicros: number | null;
}

/** What is between the operator and WaveSpeed alone: amounts are costs, and the tenant's hold was given back. */
const OPERATORS: ReadonlySet<TimelineEvent["event"]> = new Set(["written_off", "loss"]);

/** The story as the job's tenant is told it. */
export const forTenant = (events: readonly TimelineEvent[]): TimelineEvent[] =>
  events.filter(({ event }) => !OPERATORS.has(event));

/** The story with what its ledger journaled as a loss. */
export const withLoss = (events: readonly TimelineEvent[], loss: { costMicros: number; at: number } | null) =>
  loss === null
    ? events
    : inOrder([...events, { event: "loss" as const, at: loss.at, actor: GATEWAY, amountMicros: loss.costMicros }]);

// Equal times keep the order in which they are given: that in which things happen.
const inOrder = (events: readonly TimelineEvent[]): TimelineEvent[] => events.toSorted((a, b) => a.at - b.at);

const GATEWAY = "wavegate";
const UPSTREAM = "wavespeed";

/** Ended by the gateway, whatever task turned up for it later. */
const endedHere = (job: Job): boolean => job.outcome === "expired" || job.outcome === "never_sent";

/** What a job's row tells of its life, in the order in which it happened. `mark`: up to where its tracker compared bills. */
export function timelineOf(job: Job, mark: Place): TimelineEvent[] {
  const caller = job.terms ? `key:${job.terms.keyId}` : GATEWAY;
  const said = (event: TimelineEvent["event"], at: number | null, actor: string, amountMicros: number | null = null) =>
    at === null ? [] : [{ event, at, actor, amountMicros }];
  const isEnd =
    job.state === "completed" || job.state === "failed" || job.state === "cancelled" || job.state === "expired";
  const byUpstream = job.state === "completed" || (job.upstreamId !== null && !endedHere(job));
  const settled = job.settled === "capture" ? "captured" : "released";
  const events = [
    ...(job.terms?.quote ? said("quoted", job.createdAt, GATEWAY) : []),
    ...said("held", job.createdAt, caller, job.priceMicros),
    ...said("queued", job.queuedAt, GATEWAY),
    ...said("submitted", job.sentAt, GATEWAY),
    ...said("unknown", job.unknownAt, GATEWAY),
    ...said("running", job.runningAt, UPSTREAM),
    ...(isEnd ? said(job.state as TimelineEvent["event"], job.endedAt, byUpstream ? UPSTREAM : GATEWAY) : []),
    ...(job.settled === null ? [] : said(settled, job.settledAt, GATEWAY, job.priceMicros)),
    // In one entry with the release: WaveSpeed may charge what it made, and nobody will pay it.
    ...(job.outcome === "expired" && job.settled === "release"
      ? said("written_off", job.settledAt, GATEWAY, job.costMicros)
      : []),
    // Without what the bill says: that is the operator's cost, and not the tenant's price.
    ...said("reconciled", comparedAt(job, mark), UPSTREAM),
  ];
  return inOrder(events);
}
