import { difference } from "./lines.ts";
import { live, type Life } from "./live.ts";
import type { Line } from "./protocol.ts";

/** What a job takes, line by line. */
export interface CountedOperations {
  webhook: Line[];
  polling: Line[];
  /** What it takes more for each further budget. */
  furtherBudget: Line[];
}

/** Jobs before the one that is counted: tables, the hour's and the day's rows and the model's usual time are there then. */
const JOBS_BEFORE = 2;

export async function countOperations(progress: (text: string) => void): Promise<CountedOperations> {
  const count = async (name: string, life: Pick<Life, "ends" | "furtherBudget">): Promise<Line[]> => {
    progress(name);
    return countJob(life);
  };
  const webhook = await count("a job by webhook", { ends: "webhook", furtherBudget: false });
  const polling = await count("a job by polling", { ends: "polling", furtherBudget: false });
  const more = await count("a job with a further budget", { ends: "webhook", furtherBudget: true });
  return { webhook, polling, furtherBudget: difference(more, webhook) };
}

/** The same life twice, once with one more job: the difference is that job's, from its submit to silence. */
async function countJob(life: Pick<Life, "ends" | "furtherBudget">): Promise<Line[]> {
  const without = await live({ ...life, jobs: JOBS_BEFORE });
  return difference(await live({ ...life, jobs: JOBS_BEFORE + 1 }), without);
}
