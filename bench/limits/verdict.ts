import type { Reply } from "../load/order.ts";
import type { Books } from "./books.ts";

/** What was seen of one storm and of the time after it. */
export interface Evidence {
  brokeAt: number | null;
  replies: readonly Reply[];
  replyMsMax: number;
  /** Whether every job ended by itself, in time. */
  drained: boolean;
  caughtUp: boolean;
  books: Books;
  /** Milliseconds of a submit, one after the other: before the storm and after it. */
  beforeP50: number;
  afterP50: number;
}

export interface Check {
  promise: string;
  kept: boolean;
  /** What was found, for people. */
  found: string;
}

/** After the load a submit may take so much longer than before it: a busy machine is no broken gateway. */
const RECOVERED_FACTOR = 3;
const RECOVERED_MS = 20;

const EXAMPLES = 3;

/** Whether what happened past the breaking point was orderly. Pure. */
export function verdict(evidence: Evidence): Check[] {
  const { books, replies, beforeP50, afterP50 } = evidence;
  const sum = books.jobs.reduce((total, { micros }) => total + micros, 0);
  const completed = books.jobs.filter(({ status }) => status === "completed").length;
  const recovered = afterP50 <= Math.max(beforeP50 * RECOVERED_FACTOR, beforeP50 + RECOVERED_MS);
  return [
    check("the load broke it", evidence.brokeAt !== null, `broke at ${evidence.brokeAt ?? "no rate: raise --max"}`),
    orderlyReplies(replies),
    timelyReplies(replies, evidence.replyMsMax),
    jobsKept(replies, books),
    refusedMadeNone(replies, books),
    check("every job ended without help", evidence.drained, `${books.held} micro-dollars held at the end`),
    check("the ledger's audit is consistent", books.audit.consistent, books.audit.differences.join("; ") || "it is"),
    check(
      "captured and held are the sum of the jobs",
      books.captured + books.held === sum,
      `${books.captured} + ${books.held}, jobs ${sum}`,
    ),
    check(
      "the upstream's bill is what was captured",
      books.bill.micros === books.captured && books.bill.tasks === completed,
      `bill ${books.bill.micros} for ${books.bill.tasks} tasks, captured ${books.captured} for ${completed} jobs`,
    ),
    check(
      "usage in D1 is what was captured",
      evidence.caughtUp && books.usage === books.captured,
      `usage ${books.usage}, captured ${books.captured}`,
    ),
    check(
      "a submit is as fast as before",
      recovered,
      `p50 ${beforeP50.toFixed(1)} ms before, ${afterP50.toFixed(1)} ms after`,
    ),
  ];
}

const check = (promise: string, kept: boolean, found: string): Check => ({ promise, kept, found });

/** Calls that never got a connection were not the gateway's to answer. */
const arrived = (replies: readonly Reply[]): Reply[] => replies.filter(({ sent }) => sent);

function orderlyReplies(replies: readonly Reply[]): Check {
  const isOrderly = ({ status, retryAfter }: Reply): boolean =>
    status === 200 || ((status === 429 || status === 503) && retryAfter !== null);
  const odd = arrived(replies).filter((reply) => !isOrderly(reply));
  const counts = tally(arrived(replies).map(({ status }) => String(status || "none")));
  const said = odd.slice(0, EXAMPLES).map(({ status, text }) => `${status} ${text.slice(0, 200)}`);
  const found = [`replies: ${counts}`, ...said].join("; ");
  return check("each reply is 200, or 429 or 503 with retry-after", odd.length === 0, found);
}

function timelyReplies(replies: readonly Reply[], msMax: number): Check {
  const times = arrived(replies).map(({ serviceMs }) => serviceMs);
  const slowest = times.reduce((most, ms) => Math.max(most, ms), 0);
  const late = times.filter((ms) => ms > msMax).length;
  const found = `${late} of ${times.length} took longer, the slowest ${slowest.toFixed(0)} ms`;
  return check(`each reply came within ${msMax} ms`, late === 0, found);
}

/** A job that a client was told of must be in the books, once. The books may have more: replies can be lost. */
function jobsKept(replies: readonly Reply[], { jobs }: Books): Check {
  const told = replies.flatMap(({ status, text }) => (status === 200 ? [jobIdOf(text)] : []));
  const known = new Set(jobs.map(({ id }) => id));
  const lost = told.filter((id) => !known.has(id));
  const doubled = told.length - new Set(told).size + jobs.length - known.size;
  const found = `${told.length} told, ${jobs.length} in the books, ${lost.length} lost, ${doubled} twice`;
  return check("every job that was told is in the books once", lost.length === 0 && doubled === 0, found);
}

/** Of a call that broke off nobody knows; but a limit's 429 and `overloaded` say that there is no job. */
function refusedMadeNone(replies: readonly Reply[], { jobs }: Books): Check {
  const says = ({ status, text }: Reply): boolean => status === 429 || text.includes('"code":"overloaded"');
  const refused = arrived(replies).filter(says).length;
  const most = arrived(replies).length - refused;
  const found = `${refused} refused, ${jobs.length} jobs of ${most} other calls`;
  return check("no refused submit made a job", jobs.length <= most, found);
}

function jobIdOf(text: string): string {
  const { data } = JSON.parse(text) as { data?: { id?: string } };
  return data?.id ?? "";
}

function tally(names: readonly string[]): string {
  const counts = Map.groupBy(names, (name) => name);
  return [...counts].map(([name, all]) => `${all.length} x ${name}`).join(", ");
}
