import { setNow } from "./virtual-time.ts";
import type { Env } from "../../src/config.ts";
import gateway, * as objects from "../../src/index.ts";
import { armedAlarms, disarm } from "./count-storage.ts";
import { counting, type Rung } from "./counting-object.ts";
import { countingEnv } from "./counting-env.ts";
import { ends, followWaitUntil, holding, rest } from "./in-hand.ts";
import { COMMAND_URL, type ArmedAlarm, type Command } from "./protocol.ts";
import { allLines, count, doingThis } from "./tally.ts";

export const TenantLedger = counting(objects.TenantLedger, "ledger");
export const JobTracker = counting(objects.JobTracker, "tracker");
export const UpstreamAccount = counting(objects.UpstreamAccount, "account");
export const WebhookDesk = counting(objects.WebhookDesk, "desk");

type Usage = Parameters<typeof gateway.queue>[0]["messages"][number]["body"];

const network = globalThis.fetch;
globalThis.fetch = (input, init) => {
  count({ upstreamCalls: 1 });
  return network(input, init);
};

/** The gateway as it is, counted, and an entry for the driver. Only the bench has it: nothing of src/ names it. */
export default {
  async fetch(request, env, context): Promise<Response> {
    if (request.url === COMMAND_URL) return Response.json(await obey(await request.json<Command>(), env));
    followWaitUntil(context);
    return doingThis({ place: "worker", operation: nameOf(request), object: null }, () => {
      count({ requests: 1 });
      return holding(Promise.resolve(gateway.fetch(request, countingEnv(env), context)));
    });
  },

  async queue(batch, env): Promise<void> {
    await doingThis({ place: "worker", operation: "queue batch", object: null }, async () => {
      count({ requests: 1 });
      await gateway.queue(batch, countingEnv(env));
    });
    ends(batch.messages.length);
  },
} satisfies ExportedHandler<Env, Usage>;

async function obey(command: Command, env: Env): Promise<unknown> {
  if (command.kind === "lines") return allLines();
  if (command.kind === "clock" || command.kind === "ring") setNow(command.now);
  if (command.kind === "ring") await ring(command.alarm, env);
  if (command.kind !== "rest") return null;
  await rest();
  return armedAlarms();
}

async function ring(alarm: ArmedAlarm, env: Env): Promise<void> {
  if (!disarm(alarm)) throw new Error(`the alarm of ${alarm.place} is not armed`);
  const namespaces: Record<string, DurableObjectNamespace> = {
    ledger: env.TENANT_LEDGER,
    tracker: env.JOB_TRACKER,
    account: env.UPSTREAM_ACCOUNT,
    desk: env.WEBHOOK_DESK,
  };
  const namespace = namespaces[alarm.place];
  const stub = namespace?.get(namespace.idFromString(alarm.id)) as unknown as Rung | undefined;
  await stub?.ringByDriver();
}

/** What a request is for; ids would make each one its own. */
function nameOf({ method, url }: Request): string {
  const { pathname } = new URL(url);
  if (pathname.startsWith("/hooks/")) return "WaveSpeed's webhook";
  if (pathname.endsWith("/result")) return "poll";
  return method === "POST" && pathname.startsWith("/api/v3/") ? "submit" : "other";
}
