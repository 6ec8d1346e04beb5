import type { Answer } from "../management/api.ts";
import type { Dice } from "./dice.ts";
import { count, type Sea, type Tenant } from "./sea.ts";

const OPERATIONS: readonly (readonly [number, readonly [method: string, what: string]])[] = [
  [6, ["GET", "/result"]],
  [2, ["GET", ""]],
  [1, ["GET", "/timeline"]],
  [1, ["GET", "/events"]],
  [1, ["POST", "/cancel"]],
];

/** A stream of another's job would go on for as long as the job. */
const ANSWER_MS_MAX = 30_000;

/** Somebody looks at a job, their own or another tenant's, cancels or deletes it. */
export async function readSome(sea: Sea, dice: Dice): Promise<void> {
  const owner = dice.pick(sea.tenants);
  const ids = [...owner.jobs.keys()];
  if (ids.length === 0) return;
  // Mostly the newest, which move.
  const id = ids[Math.max(0, ids.length - 1 - (dice.chance(0.7) ? dice.below(40) : dice.below(ids.length)))] ?? "";
  const caller = dice.pick(sea.tenants);
  try {
    if (caller === owner) await readOwn(sea, dice, owner, id);
    else await readOthers(sea, dice, caller, id);
  } catch {
    count(sea, "read threw");
  }
}

async function readOwn(sea: Sea, dice: Dice, owner: Tenant, id: string): Promise<void> {
  const what = dice.weigh([
    [30, "read"],
    [2, "cancel"],
    [1, "delete"],
  ]);
  count(sea, what);
  if (what === "cancel") await owner.call("POST", `/api/v3/predictions/${id}/cancel`);
  else if (what === "delete") await owner.call("POST", "/api/v3/predictions/delete", { ids: [id] });
  else {
    const { status, body } = await owner.call("GET", `/api/v3/predictions/${id}/result`);
    const data = body["data"] as { id: string; outputs: unknown[] | null } | null;
    if (status !== 200 || !data) return;
    if (data.id !== id) sea.wrongs.push(`${id} was read as ${data.id}`);
    for (const output of data.outputs ?? []) {
      sea.shown.set(id, (sea.shown.get(id) ?? new Set()).add(String(output)));
    }
  }
}

/** Must be refused exactly as a job that does not exist, whatever state it is in. */
async function readOthers(sea: Sea, dice: Dice, caller: Tenant, id: string): Promise<void> {
  count(sea, "read another's");
  const [method, what] = dice.weigh(OPERATIONS);
  const nobodys = `${caller.id}${id.slice(12, 16)}${"0123456789abcdef".repeat(2).slice(dice.below(15)).slice(0, 16)}`;
  const ask = (job: string): Promise<Answer> => caller.call(method, `/api/v3/predictions/${job}${what}`);
  const others = await Promise.race([ask(id), scheduler.wait(ANSWER_MS_MAX)]);
  if (!others) return void sea.wrongs.push(`${method} ${what} of another's job was not answered`);
  const none = await ask(nobodys);
  if (others.status >= 500 || none.status >= 500) return;
  if (others.status !== 404 || others.text !== none.text) {
    sea.wrongs.push(`${method} ${what} of another's job: ${others.status} ${others.text}, of none: ${none.text}`);
  }
  const { body, status } = await caller.call("POST", "/api/v3/predictions/delete", { ids: [id] });
  const deleted = (body["data"] as { deleted_count?: number } | null)?.deleted_count;
  if (status === 200 && deleted !== 0) sea.wrongs.push(`another's job ${id} was deleted`);
}
