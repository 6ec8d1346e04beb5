import { DurableObject } from "cloudflare:workers";

interface Env {
  LEDGER: DurableObjectNamespace<FloorLedger>;
  TRACKER: DurableObjectNamespace<FloorTracker>;
  ACCOUNT: DurableObjectNamespace<FloorAccount>;
  UPSTREAM: string;
  EGRESS: Fetcher;
}

/** As many as one tracker of the gateway follows. */
const JOBS_PER_TRACKER = 64;

const FACTS = "f".repeat(400);

/** One commit: a journal entry, a hold. */
export class FloorLedger extends DurableObject<Env> {
  readonly #sql = this.ctx.storage.sql;
  #open = 0;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#sql.exec(`
      CREATE TABLE IF NOT EXISTS journal (seq INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS holds (id TEXT PRIMARY KEY, facts TEXT NOT NULL) STRICT, WITHOUT ROWID;`);
  }

  async reserve(): Promise<{ id: string; shard: number }> {
    const id = crypto.randomUUID();
    this.ctx.storage.transactionSync(() => {
      this.#sql.exec("INSERT INTO journal (body) VALUES (?)", FACTS);
      this.#sql.exec("INSERT INTO holds VALUES (?, ?)", id, FACTS);
    });
    return { id, shard: Math.floor(this.#open++ / JOBS_PER_TRACKER) };
  }

  /** Between two rounds: all jobs have ended. */
  async clear(): Promise<void> {
    this.#open = 0;
    this.#sql.exec("DELETE FROM holds");
  }
}

/** Two commits around one POST: the job with its body in its row; what was answered. The claim follows the reply. */
export class FloorTracker extends DurableObject<Env> {
  readonly #sql = this.ctx.storage.sql;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#sql.exec(`
      CREATE TABLE IF NOT EXISTS jobs (
        id TEXT PRIMARY KEY, facts TEXT NOT NULL, state TEXT NOT NULL, next_at INTEGER, upstream_id TEXT,
        open INTEGER NOT NULL DEFAULT 1, body TEXT
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS jobs_open ON jobs (open) WHERE open = 1;`);
  }

  async start(id: string, path: string, body: string): Promise<unknown> {
    this.#sql.exec("INSERT INTO jobs VALUES (?, ?, 'submitting', ?, NULL, 1, ?)", id, FACTS, Date.now(), body);
    const headers = { "content-type": "application/json", authorization: "Bearer fake_account_key" };
    const response = await this.env.EGRESS.fetch(this.env.UPSTREAM + path, { method: "POST", headers, body });
    const answer = await response.json<{ data: { id: string } }>();
    const set = "UPDATE jobs SET state = 'running', next_at = ?, upstream_id = ?, body = NULL WHERE id = ?";
    this.#sql.exec(set, Date.now() + 1, answer.data.id, id);
    this.ctx.waitUntil(this.env.ACCOUNT.getByName("floor").claim(answer.data.id, id));
    return answer;
  }
}

/** One commit: whose the task is. */
export class FloorAccount extends DurableObject<Env> {
  readonly #sql = this.ctx.storage.sql;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#sql.exec(
      "CREATE TABLE IF NOT EXISTS claims (upstream_id TEXT PRIMARY KEY, job_id TEXT NOT NULL) STRICT, WITHOUT ROWID",
    );
  }

  async claim(upstreamId: string, jobId: string): Promise<void> {
    this.#sql.exec("INSERT INTO claims VALUES (?, ?)", upstreamId, jobId);
  }
}

/** The least that writes down as much of a submit, in as many objects, as the gateway does before it answers. */
export default {
  async fetch(request, env): Promise<Response> {
    const ledger = env.LEDGER.getByName("floor");
    if (request.method === "DELETE") return Response.json((await ledger.clear()) ?? null);
    const body = await request.text();
    const { id, shard } = await ledger.reserve();
    const { pathname } = new URL(request.url);
    return Response.json(await env.TRACKER.getByName(`shard:${shard}`).start(id, pathname, body));
  },
} satisfies ExportedHandler<Env>;
