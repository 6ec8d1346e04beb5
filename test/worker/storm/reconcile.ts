import type { Books } from "./books.ts";
import type { Decisions } from "./operator.ts";
import { count, type Sea } from "./sea.ts";

/**
 * The gateway's money against WaveSpeed's bill, job by job and as a whole, to the micro-dollar. What nobody could
 * have told has terms of its own, reckoned from the bill: tasks of equal bodies that a person decided about, and
 * tasks that WaveSpeed made, charged for and showed to nobody while the reply was lost.
 */
export function reconcile(sea: Sea, books: Books, decisions: Decisions): string[] {
  const wrongs: string[] = [];
  const paid = paidByJob(books);
  const terms = { captured: 0, losses: 0, decidedTwins: 0, capturedByPeople: 0, hidden: 0 };
  for (const { captured, loss } of paid.values()) {
    terms.captured += captured;
    terms.losses += loss;
  }
  const owned = new Set<string>();
  const prompts = new Map(books.tasks.map(({ id, input }) => [id, input.prompt ?? ""]));
  let hidden = 0;
  for (const item of books.items) {
    const net = item.deduct_micros - item.refund_micros;
    const owner = books.owners.get(item.prediction_id);
    const prompt = prompts.get(item.prediction_id);
    if (owner !== undefined) {
      owned.add(owner);
      const { captured, loss } = paid.get(owner) ?? { captured: 0, loss: 0 };
      const row = books.rows.get(owner);
      const what = `${owner}, ${sea.bodies.get(row?.inputHash ?? "")?.prompt}`;
      const wrong = `${captured} and ${loss} for ${JSON.stringify(item)}, row ${JSON.stringify(row)}`;
      if (captured + loss !== net) wrongs.push(`${what}: ${wrong}`);
    } else if (prompt === undefined) {
      hidden += 1;
      terms.hidden += net;
    } else if (net !== 0) {
      if (!prompt.startsWith("twin")) wrongs.push(`nobody's, and charged: ${prompt} ${JSON.stringify(item)}`);
      terms.decidedTwins += net;
    }
  }
  for (const [jobId, { captured, loss }] of paid) {
    if (owned.has(jobId) || captured + loss === 0) continue;
    if (decisions.get(jobId) === "captured") terms.capturedByPeople += captured + loss;
    else wrongs.push(`${jobId} was charged without a task: ${captured} and ${loss}`);
  }
  const { captured, losses, decidedTwins, capturedByPeople, hidden: hiddenMicros } = terms;
  const reckoned = captured + losses + decidedTwins - capturedByPeople + hiddenMicros;
  if (reckoned !== books.netMicros) wrongs.push(`the bill says ${books.netMicros}, the books ${JSON.stringify(terms)}`);
  wrongs.push(...hiddenWrong(sea, books, hidden));
  for (const [name, value] of Object.entries({ ...terms, bill: books.netMicros })) count(sea, `micros ${name}`, value);
  return wrongs;
}

/** No more tasks are nobody's and out of sight than there are jobs whose fate was that, given up as never sent. */
function hiddenWrong(sea: Sea, { rows }: Books, hidden: number): string[] {
  const lost = [...rows.values()].filter((job) => {
    const vanishes = sea.bodies.get(job.inputHash)?.fate.faults.some((fault) => fault.startsWith("vanish"));
    return vanishes && job.upstreamId === null && job.outcome === "never_sent" && job.sentAt !== null;
  });
  return hidden > lost.length ? [`${hidden} hidden tasks are nobody's, and ${lost.length} jobs lost theirs`] : [];
}

function paidByJob({ journals }: Books): Map<string, { captured: number; loss: number }> {
  const paid = new Map<string, { captured: number; loss: number }>();
  const of = (jobId: string) => paid.get(jobId) ?? { captured: 0, loss: 0 };
  for (const body of [...journals.values()].flat()) {
    if (body.kind === "capture") {
      const { jobId, costMicros } = body.job;
      paid.set(jobId, { ...of(jobId), captured: of(jobId).captured + costMicros });
    }
    if (body.kind === "loss") paid.set(body.jobId, { ...of(body.jobId), loss: of(body.jobId).loss + body.costMicros });
  }
  return paid;
}
