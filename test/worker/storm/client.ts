import type { Answer, Json } from "../management/api.ts";
import type { Dice } from "./dice.ts";
import { anyFate, LOST_BEFORE, promptOf, twinFate } from "./fate.ts";
import { count, newBody, type Body, type Sea, type Tenant } from "./sea.ts";
import { scriptFault } from "./upstream.ts";

/** How often the old official client repeats a POST that was not answered. */
const REPEATS = 3;

/** Sends a job of its own, or now and then the very body that others send at the same time. Answers how many were taken. */
export async function sendSome(sea: Sea, dice: Dice, name: string): Promise<number> {
  if (!dice.chance(0.02)) {
    return send(sea, dice, dice.pick(sea.tenants), bodyNamed(sea, dice, `clip ${name}`, false));
  }
  const body = bodyNamed(sea, dice, `twin ${name}`, true);
  const [first, second = dice.pick(sea.tenants)] = [dice.pick(sea.tenants), dice.pick(sea.tenants)];
  if (body.fate.faults.includes(LOST_BEFORE) && dice.chance(0.7)) {
    // All replies are lost, and one of the jobs has a task all the same.
    for (const upstream of sea.upstreams) {
      await scriptFault(upstream, { operation: "submit", prompt_contains: body.prompt }, { drop: "after" }, 1);
    }
    count(sea, "twins of one task");
  }
  const taken = await Promise.all([send(sea, dice, first, body), send(sea, dice, second, body)]);
  return taken[0] + taken[1];
}

function bodyNamed(sea: Sea, dice: Dice, name: string, isTwin: boolean): Body {
  const fate = isTwin ? twinFate(dice) : anyFate(dice);
  const body = newBody(dice, promptOf(name, fate), fate, isTwin);
  sea.bodies.set(body.hash, body);
  for (const kind of fate.kinds) count(sea, `fault ${kind}`);
  return body;
}

async function send(sea: Sea, dice: Dice, tenant: Tenant, body: Body): Promise<number> {
  const key = dice.chance(0.25) ? { "idempotency-key": `k${dice.below(2 ** 32)}` } : null;
  const headers: Record<string, string> = { ...key };
  if (dice.chance(0.1)) headers["x-wavegate-priority"] = dice.pick(["high", "low"]);
  const input: Json = dice.chance(0.03) ? { ...body.input, enable_sync_mode: true } : body.input;
  const post = async (): Promise<Answer | null> => {
    try {
      return await tenant.call("POST", `/api/v3/${body.model}`, input, headers);
    } catch {
      return null;
    }
  };
  // Who repeats under one key may do so at once, or after an answer that was none.
  const answers = key && dice.chance(0.3) ? await Promise.all([post(), post()]) : [await post()];
  for (let again = 0; key && again < REPEATS && answers.every((answer) => (answer?.status ?? 500) >= 500); again++) {
    count(sea, "repeats");
    answers.push(await post());
  }
  count(sea, "submits");
  for (const answer of answers) note(sea, tenant, body, answer);
  const ids = new Set(answers.flatMap((answer) => idOf(answer) ?? []));
  return ids.size;
}

function note(sea: Sea, tenant: Tenant, body: Body, answer: Answer | null): void {
  count(sea, `submit ${answer === null ? "threw" : answer.status}`);
  const id = idOf(answer);
  if (id === null) return;
  const known = tenant.jobs.get(id);
  if (known && known !== body) sea.wrongs.push(`job ${id} was given to two bodies`);
  tenant.jobs.set(id, body);
}

function idOf(answer: Answer | null): string | null {
  const data = answer?.body["data"] as { id?: string } | null | undefined;
  return answer?.status === 200 && data?.id !== undefined ? data.id : null;
}
