import { Hono } from "hono";
import { parseConfig, type Env } from "./config.ts";
import { gatewayApp } from "./gateway/gateway-app.ts";
import { requestPath } from "./gateway/request-path.ts";
import { ledgerOf } from "./ledger/ledger-of.ts";
import { describeApi, managementApp, type ManagementEnv, type Services } from "./management/index.ts";
import { loadSettings } from "./settings/index.ts";

interface AppEnv {
  Bindings: Env;
  Variables: ManagementEnv["Variables"];
}

/** The whole Worker's HTTP surface: one mount line per room. */
export function makeApp(): Hono<AppEnv> {
  const app = new Hono<AppEnv>({ getPath: (request) => requestPath(request.url) });
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.get("/openapi.json", (c) => c.json(describeApi()));
  app.use("/v1/*", async (c, next) => {
    c.set("services", servicesOf(c.env));
    await next();
  });
  app.route("/v1", managementApp());
  app.route("/", gatewayApp());
  return app;
}

function servicesOf(env: Env): Services {
  const { secrets, settingsLeadMs } = parseConfig(env);
  return {
    control: env.CONTROL,
    report: env.REPORT,
    ledger: (tenant) => ledgerOf(env, tenant),
    secrets,
    settings: () => loadSettings(env.CONTROL, Date.now()),
    settingsLeadMs,
    now: () => Date.now(),
    random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
  };
}
