import { accountObjectOf, waveSpeedOf } from "./accounts/account-of.ts";
import { Hono } from "hono";
import { parseConfig, type Env } from "./config.ts";
import { listModels, type ModelEntry } from "./catalog/index.ts";
import { describeSubmits, SUBMIT_SCHEMAS } from "./gateway/describe-submits.ts";
import { drainRefused } from "./gateway/drain-refused.ts";
import { gatewayApp } from "./gateway/gateway-app.ts";
import { requestPath } from "./gateway/request-path.ts";
import { trackerOf } from "./jobs/tracker-of.ts";
import type { JobTrackerApi } from "./jobs/types.ts";
import { parseJobId } from "./keys/job-id.ts";
import { ledgerOf } from "./ledger/ledger-of.ts";
import type { ConsoleEnv, OpenApi } from "./console/index.ts";
import type { ManagementEnv, Services } from "./management/index.ts";
import { sessionLookup, type SessionLookup } from "./people/session-lookup.ts";
import { loadSettings, modelsOf } from "./settings/index.ts";
import { deskOf } from "./webhooks/desk-of.ts";

interface AppEnv {
  Bindings: Env;
  Variables: ManagementEnv["Variables"];
}

/** The whole Worker's HTTP surface: one mount line per room. */
export function makeApp(): Hono<AppEnv> {
  const app = new Hono<AppEnv>({ getPath: (request) => requestPath(request.url) });
  app.use(drainRefused);
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.get("/openapi.json", async (c) => c.json(await wholeApi(await offeredModels(c.env))));
  app.all("/v1/*", async (c) => (await managementAtV1()).fetch(c.req.raw, c.env, c.executionCtx));
  for (const path of ["/console", "/console/*", "/docs"]) {
    app.all(path, async (c) => (await consoleAtRoot()).fetch(c.req.raw, c.env, c.executionCtx));
  }
  app.route("/", gatewayApp());
  // The rooms answer for themselves: this is for what fails around them, such as a wrong variable.
  app.onError(async (error, c) => (await managementRoom()).refuseError(c, error));
  return app;
}

/**
 * Its schemas take longer to build than all the rest of the Worker, and tenants' calls need none of them: whoever asks first
 * waits for them, not every isolate that starts.
 */
const managementRoom = () => import("./management/index.ts");

/** For people who run jobs from the console: what a client would call from outside. */
const tenantSide = new Hono<AppEnv>({ getPath: (request) => requestPath(request.url) }).route("/", gatewayApp());

/** Of calls that a page makes: what its request has found of sessions. */
const pageSessions = new WeakMap<Request, SessionLookup>();

let managementMade: Promise<Hono<AppEnv>> | undefined;

/** Once per isolate. */
function managementAtV1(): Promise<Hono<AppEnv>> {
  managementMade ??= managementRoom().then(({ managementApp }) => {
    const app = new Hono<AppEnv>({ getPath: (request) => requestPath(request.url) });
    app.use(async (c, next) => {
      const tenantApi = async (request: Request) => tenantSide.fetch(request, c.env, c.executionCtx);
      const waitUntil = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
      const sessions = pageSessions.get(c.req.raw) ?? sessionLookup(c.env.CONTROL, Date.now);
      c.set("services", { ...servicesOf(c.env), sessions, tenantApi, waitUntil });
      await next();
    });
    app.route("/v1", managementApp());
    return app;
  });
  return managementMade;
}

let consoleMade: Promise<Hono<ConsoleShell>> | undefined;

interface ConsoleShell {
  Bindings: Env;
  Variables: ConsoleEnv["Variables"];
}

/** Once per isolate, when somebody looks at it. Its pages call the management API as a browser would. */
function consoleAtRoot(): Promise<Hono<ConsoleShell>> {
  consoleMade ??= import("./console/index.ts").then(({ consoleApp }) => {
    const app = new Hono<ConsoleShell>();
    app.use(async (c, next) => {
      const management = await managementAtV1();
      const sessions = sessionLookup(c.env.CONTROL, Date.now);
      c.set("sessions", sessions);
      c.set("api", async (request) => {
        pageSessions.set(request, sessions);
        const answer = await management.fetch(request, c.env, c.executionCtx);
        if (request.method !== "GET") sessions.forget();
        return answer;
      });
      c.set("describe", async () => (await wholeApi(await offeredModels(c.env))) as unknown as OpenApi);
      await next();
    });
    app.route("/", consoleApp());
    return app;
  });
  return consoleMade;
}

/** The management API and the tenant API in one description. */
async function wholeApi(models: readonly ModelEntry[]): Promise<Record<string, unknown>> {
  const api = (await managementRoom()).describeApi();
  const schemas = { ...api.components?.schemas, ...SUBMIT_SCHEMAS };
  return { ...api, paths: { ...api.paths, ...describeSubmits(models) }, components: { ...api.components, schemas } };
}

/** Without the settings, what is known without them: a description is no reason to fail. */
async function offeredModels(env: Env): Promise<readonly ModelEntry[]> {
  const settings = await loadSettings(env.CONTROL, Date.now());
  return settings.ok ? modelsOf(settings.value) : listModels();
}

function trackerOfJob(env: Env, jobId: string): JobTrackerApi | null {
  const address = parseJobId(jobId);
  return address && trackerOf(env, address);
}

function servicesOf(env: Env): Omit<Services, "sessions" | "tenantApi" | "waitUntil"> {
  const { secrets, settingsLeadMs, localClientIp, accounts, webhookAllowLoopback, publicUrl, mail, access } =
    parseConfig(env);
  return {
    control: env.CONTROL,
    report: env.REPORT,
    ledger: (tenant) => ledgerOf(env, tenant),
    tracker: (jobId) => trackerOfJob(env, jobId),
    accounts,
    account: (name) => accountObjectOf(env, { mode: "live", tenant: "", name }),
    catalogue: waveSpeedOf(env, { mode: "live", tenant: "", name: null }),
    desk: (tenant) => deskOf(env, tenant),
    webhookAllowLoopback,
    publicUrl,
    mail,
    access,
    secrets,
    settings: () => loadSettings(env.CONTROL, Date.now()),
    settingsLeadMs,
    localClientIp,
    now: () => Date.now(),
    random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
  };
}
