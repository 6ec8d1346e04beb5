import type { Job } from "../../../src/jobs/job.ts";
import { isUnclear } from "../../../src/jobs/machine.ts";
import type { Json } from "../management/api.ts";
import { ownersOf } from "./books.ts";
import type { Dice } from "./dice.ts";
import { waitUntil } from "./days.ts";
import { Patience } from "./patience.ts";
import type { Post } from "./post.ts";
import { allTrackers, isDone } from "./rows.ts";
import { count, type Sea } from "./sea.ts";
import { billOf, tasksOf } from "./upstream.ts";

/** Jobs that a person decided, and how. */
export type Decisions = Map<string, "captured" | "released">;

/** Decides what the gateway left to people, by what WaveSpeed shows them; now and then kindly. */
export async function decide(sea: Sea, dice: Dice, post: Post): Promise<Decisions> {
  const unclear = (await allTrackers(sea)).flatMap(({ rows }) => rows).filter((job) => !isDone(job));
  await awaitList(sea, unclear);
  const free = await unclaimedTasks(sea);
  const decisions: Decisions = new Map();
  for (const job of unclear) {
    const prompt = sea.bodies.get(job.inputHash)?.prompt ?? "";
    const left = free.get(prompt) ?? 0;
    const outcome = left > 0 && !dice.chance(0.2) ? "captured" : "released";
    if (outcome === "captured") free.set(prompt, left - 1);
    const answer = await sea.operator("POST", `/v1/jobs/${job.id}/resolve`, { outcome, reason: "storm" });
    if (answer.status === 409 && !(await waitsForPeople(sea, job.id))) {
      // A walk was faster: of two equal jobs one may have been told its task, which leaves no doubt about the other.
      count(sea, "an operator was too late");
      continue;
    }
    if (answer.status !== 200) sea.wrongs.push(`${prompt} was not resolved: ${answer.status} ${answer.text}`);
    decisions.set(job.id, outcome);
    count(sea, `an operator ${outcome}`);
  }
  await waitUntil(sea, post, "what people decided is settled", (job) => isDone(job) && job.nextAt === null);
  return decisions;
}

async function waitsForPeople(sea: Sea, jobId: string): Promise<boolean> {
  const rows = (await allTrackers(sea)).flatMap((tracker) => tracker.rows);
  return rows.some((job) => job.id === jobId && isUnclear(job));
}

/** The list that operators work from must name exactly these. */
async function awaitList(sea: Sea, unclear: Job[]): Promise<void> {
  const wanted = unclear.map(({ id }) => id).toSorted();
  const patience = new Patience("operators see what waits for them");
  for (;;) {
    const listed = await listedJobs(sea);
    if (listed.join() === wanted.join()) return;
    await patience.wait(listed.join(), () => [`listed ${listed.length}: ${listed.join()}, wanted ${wanted.join()}`]);
  }
}

async function listedJobs(sea: Sea): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const { body } = await sea.operator("GET", `/v1/jobs?limit=100${cursor && `&cursor=${cursor}`}`);
    const page = body as { data: Json[]; next_cursor: string | null };
    ids.push(...page.data.map((job) => String(job["id"])));
    cursor = page.next_cursor;
  }
  return ids.toSorted();
}

/** How many tasks of each prompt no job has, and WaveSpeed charges for. */
async function unclaimedTasks(sea: Sea): Promise<Map<string, number>> {
  const owners = await ownersOf(sea);
  const free = new Map<string, number>();
  for (const upstream of sea.upstreams) {
    const { items } = await billOf(upstream);
    const charged = new Set(items.filter((item) => item.refund_micros === 0).map((item) => item.prediction_id));
    for (const { id, input } of await tasksOf(upstream)) {
      if (owners.has(id) || !charged.has(id)) continue;
      free.set(input.prompt ?? "", (free.get(input.prompt ?? "") ?? 0) + 1);
    }
  }
  return free;
}
