import type { Job } from "../../../src/jobs/job.ts";
import { Patience } from "./patience.ts";
import type { Post } from "./post.ts";
import { allTrackers, isDone, type Tracker } from "./rows.ts";
import { count, type Sea } from "./sea.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** More than the polls of any fate go wrong. */
const LATE_LOOKS = 5;

/** For what only days end, those days pass; the rest must have ended by itself. */
export async function passDays(sea: Sea, post: Post): Promise<void> {
  await waitUntil(sea, post, "all but what waits for days has ended", (job) => isDone(job) || isStuck(sea, job));
  for (const tracker of await allTrackers(sea)) await passIn(sea, tracker);
  await waitUntil(sea, post, "what waited for days has ended", (job) => isDone(job) || job.needsOperator);
  for (const upstream of sea.upstreams) await upstream.call("POST", "/control/clock", { advance: "11h" });
  await waitUntil(sea, post, "webhooks that were late have come", () => true);
  // What was given up is looked at once more, late enough for its task to have ended, and past what its polls meet.
  for (let look = 0; look < LATE_LOOKS; look++) {
    for (const tracker of await allTrackers(sea)) await lookLate(tracker);
  }
  await waitUntil(
    sea,
    post,
    "losses are written down",
    (job) => (isDone(job) && job.nextAt === null) || job.needsOperator,
  );
}

async function lookLate(tracker: Tracker): Promise<void> {
  await tracker.write(`UPDATE jobs SET next_at = next_at % 1000 + 1 WHERE next_at IS NOT NULL AND settlement IS NULL
    AND (state = 'expired' OR outcome = 'never_sent')`);
  await tracker.ring();
}

/** Waits for every row to be as wanted, and for the post to have come; rows that still move are waited for longer. */
export async function waitUntil(sea: Sea, post: Post, what: string, wanted: (job: Job) => boolean): Promise<void> {
  const patience = new Patience(what);
  const began = Date.now();
  for (;;) {
    const letters = await post.deliver();
    const open = (await allTrackers(sea)).flatMap(({ rows }) => rows).filter((job) => !wanted(job));
    if (open.length === 0 && letters === 0) {
      console.log(`storm: ${what}, after ${Math.round((Date.now() - began) / 1_000)} s`);
      return;
    }
    const progress = open.map(({ id, state, attempts, walks }) => [id, state, attempts, walks].join()).join(" ");
    await patience.wait(progress, () => open.slice(0, 5).map((job) => `${promptOf(sea, job)}: ${JSON.stringify(job)}`));
  }
}

const promptOf = (sea: Sea, job: Job): string => sea.bodies.get(job.inputHash)?.prompt ?? "?";

/** By its fate: nothing else is let off. */
function isStuck(sea: Sea, job: Job): boolean {
  const prompt = promptOf(sea, job);
  switch (job.state) {
    case "queued":
      return job.attempts > 2 && /http=429(?!.*times)/.test(prompt.replace(/poll\.[^,\]]*/g, ""));
    case "running":
      return (job.oddSince !== null && /vanish|end_status/.test(prompt)) || /delay=10h/.test(prompt);
    case "unknown":
      return job.needsOperator;
    default:
      return false;
  }
}

/** One that is odd for good ends by that; one whose polls only went wrong for a while goes on after it. */
const needsDays = (prompt: string, { oddSince }: Job): boolean =>
  oddSince === null || !/vanish|end_status/.test(prompt);

async function passIn(sea: Sea, tracker: Tracker): Promise<void> {
  const open = tracker.rows.filter((job) => !isDone(job) && job.state !== "unknown");
  for (const job of open) {
    count(sea, `days passed for ${job.state}`);
    await tracker.write("UPDATE jobs SET odd_since = odd_since - ? WHERE id = ?", 2 * DAY, job.id);
    const days = job.state === "queued" ? 1 : needsDays(promptOf(sea, job), job) ? 8 : 0;
    await tracker.write(
      "UPDATE jobs SET created_at = created_at - ?, next_at = next_at % 1000 + 1 WHERE id = ?",
      days * DAY + HOUR,
      job.id,
    );
  }
  if (open.length > 0) await tracker.ring();
}
