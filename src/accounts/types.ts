import type { Health } from "./account-health.ts";
import type { JobAddress } from "../keys/job-id.ts";

/** Which of one tenant's jobs goes first. */
export const PRIORITIES = { low: 0, normal: 1, high: 2 } as const;
export type Priority = keyof typeof PRIORITIES;

/** A job that may be sent when the account has room for it. */
export interface PermitRequest {
  jobId: string;
  /** As in `PRIORITIES`. */
  priority: number;
  /** Epoch ms; older jobs go first. */
  queuedAt: number;
  /** The permit that its tracker has for it, unused; null: none. */
  holds: number | null;
}

/** What a tracker asks for its jobs. */
export interface PermitCall {
  account: string;
  tracker: JobAddress;
  /** The tenant's share of turns. */
  weight: number;
  jobs: PermitRequest[];
  /** Whether jobs that cannot go now wait here. If not, they are only looked at. */
  queue: boolean;
  /** Permits without a job that the tracker could keep. */
  spares: number;
}

/** Trackers' clocks may be this much off the account's: so much later is a lease looked into. */
export const LEASE_SLACK_MS = 5_000;

/**
 * `leaseUntil`, epoch ms: after it the tracker may not use the permit any more. `extends`: the lease of one that the
 * tracker said it has; if it has given that up meanwhile, this says nothing.
 */
export interface Permit {
  id: number;
  jobId: string | null;
  leaseUntil: number;
  extends: boolean;
}

/** A job's place in the account's queue (1: next), and when it may start, as far as can be told (epoch ms). */
export interface QueuePlace {
  position: number;
  expectedStart: number | null;
}

export interface PermitReply {
  /** With jobs, and perhaps some without that the tracker may use for its next. */
  granted: Permit[];
  places: Record<string, QueuePlace>;
  /** The account is not used at the moment: whoever can should go elsewhere. */
  closed: boolean;
}

/** `used`: a POST was made with it. */
export interface ReturnedPermit {
  id: number;
  used: boolean;
}

/** What a tracker says of a permit whose lease has ended; `free`: it has none of it any more. */
export type PermitUse =
  | { id: number; use: "free"; used: boolean }
  | { id: number; use: "sent" }
  /** Since when nobody knows whether there is a task, epoch ms. */
  | { id: number; use: "unknown"; since: number };

/** What the account answers to a job that looks for its lost task. */
export type Adoption =
  | { kind: "adopted"; upstreamId: string }
  | { kind: "ambiguous"; unclaimed: number }
  | { kind: "none" };

/** Which account a job was sent with, and its permit where that has limits. */
export interface SentWith {
  account: string;
  permit: number | null;
}

/** A job says that a task is its own. `sentWith` null: a sandbox job. */
export interface Claim {
  upstreamId: string;
  jobId: string;
  /** The answer to its POST was lost, so that its tracker may have to ask which task it has. Absent: a tracker of the release before. */
  isLost?: boolean;
  sentWith: SentWith | null;
}

/** A POST that failed by no fault of the job. `tenant`: whose job the account refused. */
export type Failure = { kind: "fault"; reason: string; tenant: string } | { kind: "lost" };

/** How an account does, for operators. Times are epoch ms. */
export interface AccountStatus {
  account: string;
  inUse: number;
  sentLastMinute: number;
  waiting: number;
  waitingTenants: number;
  blockedUntil: number | null;
  circuit: { state: "closed" | "open"; reason: string; since: number | null };
  health: Health;
}

/** RPC surface of UpstreamAccount. */
export interface UpstreamAccountApi {
  /** Of each, in their order: true if the task is that job's, now or already; false if another job has it. */
  claim(claims: Claim[]): Promise<boolean[]>;
  /** Answers the task that the lost job had claimed already, if it had. */
  enterUnknown(jobId: string, inputHash: string): Promise<string | null>;
  leaveUnknown(jobId: string): Promise<void>;
  /**
   * The lost job's task, if it has one; if not, it never will. By `proof` that it has none it stops being a rival of others
   * with its input; where `people` decided it may have one yet, so those are for people as well.
   */
  abandon(jobId: string, by: "proof" | "people"): Promise<string | null>;
  /** As `claim`, for a job that was given up. */
  claimLate(upstreamId: string, jobId: string): Promise<boolean>;
  /** Those of these tasks (all of one list walk, so bounded there) that no other job has. */
  unclaimed(jobId: string, candidates: string[]): Promise<string[]>;
  /** The job that has this task; null: none has. */
  ownerOf(upstreamId: string): Promise<string | null>;
  /** Gives a lost job its task only if it is its own already, or there is one candidate and no other job it could belong to. */
  adopt(jobId: string, inputHash: string, candidates: string[]): Promise<Adoption>;
  /** Permits for these jobs, or their places. The same again changes nothing. */
  request(call: PermitCall): Promise<PermitReply>;
  returnPermits(account: string, permits: ReturnedPermit[]): Promise<void>;
  /** These jobs do not wait here any more. */
  leave(account: string, jobIds: string[]): Promise<void>;
  /** The lost job has a task, which takes its place among those that run. */
  found(sentWith: SentWith, jobId: string, tracker: JobAddress): Promise<void>;
  /** WaveSpeed answered 429. */
  pushedBack(sentWith: SentWith, retryAfterMs: number | null): Promise<void>;
  /** A POST that failed by no fault of the job. */
  failed(account: string, how: Failure): Promise<void>;
  status(account: string): Promise<AccountStatus>;
  /** Reads the balance now, and opens or closes the circuit by it. */
  check(account: string): Promise<AccountStatus>;
}
