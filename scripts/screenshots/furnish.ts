import { setTimeout as sleep } from "node:timers/promises";

const MODELS = [
  "kwaivgi/kling-v2.0-t2v-master",
  "kwaivgi/kling-v2.1-i2v-master",
  "kwaivgi/kling-v2.1-i2v-pro",
] as const;
const PROMPTS = ["a lighthouse at dusk", "a tram in the rain", "paper boats on a canal", "a fox at the edge of a wood"];
const IMAGE = "https://example.com/frame.png";
const SETTLE_MS_MAX = 60_000;

export type Manage = (method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>;

/** A tenant that has been at work: teams, keys, budgets, limits, credit, people, and jobs that ran. Answers what pages are about. */
export async function furnish(
  gateway: string,
  manage: Manage,
): Promise<{ tenant: string; job: string; month: string; person: string }> {
  const { id } = await manage("POST", "/v1/tenants", { name: "Studio North", time_zone: "Europe/Berlin" });
  const tenant = String(id);
  const at = `/v1/tenants/${tenant}`;
  await manage("PUT", `${at}/budgets/month`, { scope: { tenant: true }, limit: "120.00", window: "month" });
  await manage("PUT", `${at}/budgets/trailer`, { scope: { team: "trailer" }, limit: "40.00", window: "week" });
  await manage("PUT", `${at}/budgets/posters`, { scope: { team: "posters" }, limit: "12.00", window: "day" });
  await manage("PUT", `${at}/limits/fair`, { scope: { tenant: true }, requests_per_minute: 600, concurrent_jobs: 50 });
  await manage("PUT", `${at}/pricing`, { markup_bps: 1_500 });
  await manage("POST", `${at}/credit/top-ups`, { amount: "200.00", reason: "invoice 117" });
  for (const team of ["trailer", "posters"]) await manage("PUT", `${at}/teams/${team}`, { description: `The ${team}` });
  const invited = { email: "ada@example.com", name: "Ada Admin", role: "admin" };
  await manage("POST", `${at}/invitations`, invited);
  const keys = [];
  for (const [name, team] of [
    ["render farm", "trailer"],
    ["night batch", "posters"],
    ["website", null],
  ] as const) {
    const made = await manage("POST", `${at}/keys`, { name, ...(team && { team }) });
    keys.push(String(made["key"]));
  }
  await manage("POST", `${at}/webhooks`, { url: "http://localhost:9/hooks", events: ["job.completed"] }).catch(
    () => null,
  );
  let job = "";
  for (let number = 0; number < 24; number++) {
    const model = MODELS[number % MODELS.length] ?? MODELS[0];
    const prompt = `${PROMPTS[number % PROMPTS.length]}${number % 9 === 8 ? " [[sim: fail]]" : ""}`;
    const input = model.includes("i2v") ? { prompt, image: IMAGE } : { prompt };
    job = (await submit(gateway, keys[number % keys.length] ?? "", model, input)) ?? job;
  }
  await settled(manage, tenant);
  const month = new Date().toISOString().slice(0, 7);
  return { tenant, job, month, person: await joins(gateway, manage, at) };
}

/** Somebody who accepts an invitation, after a link that was none. Answers their id. */
async function joins(gateway: string, manage: Manage, at: string): Promise<string> {
  const invited = { email: "lena@example.com", name: "Lena Lang", role: "viewer" };
  const { url } = await manage("POST", `${at}/invitations`, invited);
  const code = new URL(String(url)).searchParams.get("code");
  const signIn = (sent: string | null) =>
    fetch(`${gateway}/v1/sign-in`, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/141.0" },
      body: JSON.stringify({ code: sent }),
    });
  await signIn("no-code-of-this-gateway");
  const { person } = (await (await signIn(code)).json()) as { person: { id: string } };
  return person.id;
}

async function submit(gateway: string, key: string, model: string, input: object): Promise<string | null> {
  const response = await fetch(`${gateway}/api/v3/${model}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(input),
  });
  const { data } = (await response.json()) as { data?: { id?: string } };
  return data?.id ?? null;
}

/** Until nothing is held any more: then every page shows the same money. */
async function settled(manage: Manage, tenant: string): Promise<void> {
  const deadline = Date.now() + SETTLE_MS_MAX;
  while (Date.now() < deadline) {
    const { budgets } = await manage("GET", `/v1/tenants/${tenant}/balance`);
    if ((budgets as { held_jobs: number }[]).every(({ held_jobs }) => held_jobs === 0)) break;
    await sleep(500);
  }
  // D1 follows the ledger by a moment.
  await sleep(2_000);
}
