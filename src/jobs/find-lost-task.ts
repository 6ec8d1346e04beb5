import type { UpstreamAccountApi } from "../accounts/types.ts";
import { findModel } from "../catalog/index.ts";
import { compareInput } from "../upstream/compare-input.ts";
import type { WaveSpeed } from "../upstream/wavespeed.ts";
import type { Job } from "./job.ts";
import type { Slots } from "./slots.ts";

/** A task may have been created this long before or after our clock says. */
const CLOCK_SLACK_MS = 60_000;

/** Whom to ask, and the connections that may be used for it. */
interface Readers {
  upstream: WaveSpeed;
  account: UpstreamAccountApi;
  reads: Slots;
}

/** Unclaimed tasks that may be this job's, from the time of its POST; null if the list was not whole. */
export async function findLostTask(
  job: Job,
  body: Uint8Array,
  { upstream, account, reads }: Readers,
  submitMsMax: number,
): Promise<{ id: string; certain: boolean }[] | null> {
  // Without the body that was sent nothing can be recognised, so no walk proves anything. Nor does one for a job
  // that was told of a task, which then was another's: people decide that.
  if (body.byteLength === 0 || job.runningAt !== null) return null;
  const sentAt = job.sentAt ?? job.createdAt;
  const until = sentAt + submitMsMax + CLOCK_SLACK_MS;
  const query = { model: job.model, from: sentAt - CLOCK_SLACK_MS, to: until };
  const listed = await upstream.list(query, (read) => reads.run(read));
  if (listed === null) return null;
  const sent = JSON.parse(new TextDecoder().decode(body)) as Record<string, unknown>;
  const model = findModel(job.model);
  const fields = model ? Object.keys(model.fields) : null;
  const alike = new Map<string, boolean>();
  for (const task of listed) {
    const verdict = compareInput(task.input, sent, fields);
    if (verdict !== "different") alike.set(task.id, verdict === "same");
  }
  const unclaimed = await account.unclaimed(job.id, [...alike.keys()]);
  return unclaimed.map((id) => ({ id, certain: alike.get(id) === true }));
}
