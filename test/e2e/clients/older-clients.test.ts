import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WaveSpeed } from "wavespeed-0-0";
import { Client } from "wavespeed-0-2";
import { makeStateDir, startGateway, type StartedGateway } from "../../support/started-gateway.ts";
import { Books } from "../books.ts";

const MODEL = "kwaivgi/kling-v2.1-i2v-standard";
const IMAGE = "https://example.com/first-frame.jpg";
const QUICK = { pollInterval: 0.1 };

/** What the gateway answers a submit within, whatever WaveSpeed does. */
const SUBMIT_ANSWER_MS_MAX = 5_000;

let gateway: StartedGateway;
let books: Books;

beforeAll(async () => {
  // Its own waits: how soon a submit is answered is what is proved here.
  gateway = await startGateway({ env: { SIMULATOR_TASK_MS: "300", POLL_MS_MIN: "100", POLL_MS_MAX: "300" } });
  books = new Books(gateway.info);
});
afterAll(() => gateway?.kill9());

const tasksFor = async (mark: string) =>
  (await books.tasks()).filter(({ input }) => String(input["prompt"]).includes(mark));

function sampleFile(): string {
  const file = join(makeStateDir(), "frame.png");
  writeFileSync(file, "not looked at");
  return file;
}

/** Submits and waits with a version of the JavaScript client. */
interface Version {
  run(prompt: string): Promise<{ outputs: unknown[] }>;
  upload(file: string): Promise<string>;
}

const VERSIONS: Record<"0.2.3" | "0.0.15", () => Version> = {
  "0.2.3": () => {
    const client = new Client(gateway.info.tenantKey, { baseUrl: gateway.info.gateway });
    return {
      run: async (prompt) => ({ outputs: (await client.run(MODEL, { image: IMAGE, prompt }, QUICK))["outputs"] }),
      upload: (file) => client.upload(file),
    };
  },
  "0.0.15": () => {
    // This one joins its paths to the whole prefix, and uploads by the /api/v2 twin.
    const client = new WaveSpeed(gateway.info.tenantKey, { baseUrl: `${gateway.info.gateway}/api/v3/`, ...QUICK });
    return {
      run: async (prompt) => {
        const { outputs, error } = await client.run(MODEL, { image: IMAGE, prompt });
        // It leaves it to its user to look.
        if (error) throw new Error(error);
        return { outputs };
      },
      upload: (file) => client.upload(new Blob([file]), { filename: "frame.png" }),
    };
  },
};

describe.each(Object.entries(VERSIONS))(
  "JavaScript client %s, with only its base URL and key changed",
  (_name, made) => {
    test("runs a model to completion, and uploads by multipart", async () => {
      const { run, upload } = made();
      const { outputs } = await run("a chase at night");
      expect((await fetch(String(outputs[0]))).headers.get("content-type")).toBe("video/mp4");
      expect((await fetch(await upload(sampleFile()))).status).toBe(200);
    });

    test("is told why a task failed or a submit was refused", async () => {
      const { run } = made();
      await expect(run("[[sim: fail=1405, fail_message=gone]]")).rejects.toThrow("gone");
      await expect(run("")).rejects.toThrow(/400.*prompt/);
    });
  },
);

describe("a client that submits again after 10 seconds without an answer", () => {
  test("makes two tasks where it speaks with WaveSpeed itself", async () => {
    const { simulator } = gateway.info;
    const hasty = new Client("sim_local", { baseUrl: simulator ?? "", connectionTimeout: 0.5, retryInterval: 0.1 });
    await hasty.run(MODEL, { image: IMAGE, prompt: "direct [[sim: slow_after=1s, times=1]]" }, QUICK);
    expect(await tasksFor("direct")).toHaveLength(2);
  });

  test("makes one by the gateway, which answers in 5 seconds however slow WaveSpeed is", async () => {
    const { run } = VERSIONS["0.2.3"]();
    const { fetch: real } = globalThis;
    const submits: number[] = [];
    globalThis.fetch = async (url, init) => {
      const begun = Date.now();
      const response = await real(url, init);
      if (init?.method === "POST") submits.push(Date.now() - begun);
      return response;
    };
    const slow = ["slow=12s", "slow_after=12s"].map((fault) => run(`by the gateway [[sim: ${fault}]]`));
    const ran = await Promise.all(slow).finally(() => (globalThis.fetch = real));
    for (const { outputs } of ran) expect(outputs).toHaveLength(1);
    expect(submits).toHaveLength(2);
    expect(Math.max(...submits)).toBeLessThan(SUBMIT_ANSWER_MS_MAX);
    const completed = async () => (await books.jobs()).filter(({ status }) => status === "completed").length;
    await expect.poll(completed, { timeout: 10_000 }).toBe(Object.keys(VERSIONS).length + slow.length);
    expect(await tasksFor("by the gateway")).toHaveLength(2);
  });
});
