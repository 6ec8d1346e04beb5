import type { Window } from "../ledger/windows.ts";

/** A job as a budget counts it. Times: epoch ms; money: micro-dollars. */
export interface CountedJob {
  id: string;
  model: string;
  admittedAt: number;
  priceMicros: number;
  /** When its hold was given back; null: it was charged, or is held. */
  givenBackAt: number | null;
}

export interface Replay {
  limitMicros: number;
  /** The window of a budget that an instant is in. */
  windowOf: (at: number) => Window;
  /** From here on all jobs are there; what the window of this instant had used before it. */
  from: number;
  usedMicros: number;
}

/** What a limit would have done in one window, as far as the window is replayed. */
export interface ReplayedWindow {
  window: Window;
  jobs: number;
  priceMicros: number;
  refused: CountedJob[];
  refusedMicros: number;
}

/** A window with what it has used at the point that the replay has come to. */
interface Running extends ReplayedWindow {
  usedMicros: number;
  /** Admitted jobs whose hold is given back later. */
  open: CountedJob[];
}

/**
 * Admits jobs once more, in the order of their admission, under another limit: a job that does not fit is refused and uses nothing, so
 * that a smaller one after it may fit. Windows in their order, those without a job left out. A limit that is at least what was used at
 * every moment refuses nothing.
 */
export function replayBudget(jobs: readonly CountedJob[], replay: Replay): ReplayedWindow[] {
  const windows = new Map<string, Running>();
  const begun = replay.windowOf(replay.from).id;
  for (const job of jobs.toSorted(byAdmission)) {
    const window = replay.windowOf(job.admittedAt);
    const running = windows.get(window.id) ?? newWindow(window, window.id === begun ? replay.usedMicros : 0);
    windows.set(window.id, running);
    admit(running, job, replay.limitMicros);
  }
  return [...windows.values()].map(({ usedMicros: _used, open: _open, ...window }) => window);
}

const byAdmission = (a: CountedJob, b: CountedJob): number => a.admittedAt - b.admittedAt || (a.id < b.id ? -1 : 1);

const newWindow = (window: Window, usedMicros: number): Running => ({
  window,
  jobs: 0,
  priceMicros: 0,
  refused: [],
  refusedMicros: 0,
  usedMicros,
  open: [],
});

function admit(running: Running, job: CountedJob, limitMicros: number): void {
  giveBack(running, job.admittedAt);
  running.jobs++;
  running.priceMicros += job.priceMicros;
  if (running.usedMicros + job.priceMicros > limitMicros) {
    running.refused.push(job);
    running.refusedMicros += job.priceMicros;
    return;
  }
  running.usedMicros += job.priceMicros;
  if (job.givenBackAt !== null) running.open.push(job);
}

/** Holds that had been given back by then. At the same millisecond nobody knows which came first: the kinder order. */
function giveBack(running: Running, at: number): void {
  const isOver = ({ givenBackAt }: CountedJob) => givenBackAt !== null && givenBackAt <= at;
  for (const job of running.open) if (isOver(job)) running.usedMicros -= job.priceMicros;
  running.open = running.open.filter((job) => !isOver(job));
}
