import { OpenAPIHono } from "@hono/zod-openapi";
import { parseConfig, type Env } from "../../../src/config.ts";
import { ledgerOf } from "../../../src/ledger/ledger-of.ts";
import { describeApi, managementApp, type ManagementEnv } from "../../../src/management/index.ts";
import { loadSettings } from "../../../src/settings/index.ts";

export { TenantLedger } from "../../../src/ledger/tenant-ledger.ts";

/** The management API alone, on real ledgers and databases. */
const app = new OpenAPIHono<ManagementEnv & { Bindings: Env }>();

app.use("*", async (c, next) => {
  const { env } = c;
  const config = parseConfig(env);
  c.set("services", {
    control: env.CONTROL,
    report: env.REPORT,
    ledger: (tenant) => ledgerOf(env, tenant),
    secrets: config.secrets,
    settings: () => loadSettings(env.CONTROL, Date.now()),
    settingsLeadMs: config.settingsLeadMs,
    now: () => Date.now(),
    random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
  });
  await next();
});
app.route("/v1", managementApp());
app.get("/openapi.json", (c) => c.json(describeApi()));

export default app;
