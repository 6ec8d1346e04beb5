import { fileName } from "./output.ts";
import { type Task, statusAt } from "./task.ts";

/** A task as the edge sees it: the row, and what time it is for the account. */
export type Snapshot = { task: Task; now: number };

export interface Prediction {
  id: string;
  model: string;
  outputs: string[];
  urls: { get: string };
  has_nsfw_contents: boolean[];
  status: string;
  created_at: string;
  error: string;
  code: number;
  executionTime: number;
  timings: { inference: number };
  input?: unknown;
}

/** Time that a task spends outside inference, as the difference of the two figures shows, in ms. */
const OVERHEAD_MS = 80;

/** WaveSpeed's prediction object. `output`: the video itself when the task asked for base64. */
export function predictionOf({ task, now }: Snapshot, base: string, output?: string): Prediction {
  const status = statusAt(task, now);
  const completed = status === "completed";
  const took = now >= task.ends_at ? task.ends_at - task.created_at : 0;
  return {
    id: task.id,
    model: task.model,
    outputs: completed ? [output ?? `${base}${mediaPath(task)}`] : [],
    urls: { get: `${base}/api/v3/predictions/${task.id}/result` },
    has_nsfw_contents: completed ? [task.nsfw === 1] : [],
    status,
    created_at: new Date(task.created_at).toISOString(),
    error: now >= task.ends_at ? task.error : "",
    code: now >= task.ends_at ? task.code : 0,
    executionTime: took,
    timings: { inference: Math.max(0, took - OVERHEAD_MS) },
  };
}

/** The prediction as a submit answers it: just created, however short its life. */
export const freshPrediction = ({ task }: Snapshot, base: string): Prediction => ({
  ...predictionOf({ task, now: Math.min(task.created_at, task.ends_at - 1) }, base),
  status: "created",
});

export const withInput = (prediction: Prediction, task: Task): Prediction => ({
  ...prediction,
  input: JSON.parse(task.input) as unknown,
});

const mediaPath = (task: Task): string => `/media/${task.account}/${fileName(task)}`;
