import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGateway, type StartedGateway } from "../../support/started-gateway.ts";
import { Books } from "../books.ts";
import { ClientMachine } from "./client-process.ts";

/** WaveSpeed's own CLI (`npm install --global @wavespeed/cli`), as its users run it. */
const PACKAGE = join(import.meta.dirname, "../../../node_modules/@wavespeed/cli");
const CLI = join(PACKAGE, "dist/cli.js");

const MODEL = "kwaivgi/kling-v2.1-i2v-standard";
const IMAGE = "image=https://example.com/first-frame.jpg";
const PRICE = 0.25;

/** What the CLI's own help tells a newcomer to run, and what its tests run. */
const FIRST_MODEL = "wavespeed-ai/z-image/turbo";
const FIRST_PRICE = 0.005;

let gateway: StartedGateway;
let books: Books;
let machine: ClientMachine;
/** Predictions that were run, and an address of an output. */
const ids: string[] = [];
let output = "";
const used = new Set<string>();

beforeAll(async () => {
  gateway = await startGateway({ env: { SIMULATOR_TASK_MS: "300", POLL_MS_MIN: "100", POLL_MS_MAX: "300" } });
  books = new Books(gateway.info);
  machine = new ClientMachine({});
});
afterAll(() => gateway?.kill9());

/** What the command says on stdout; throws what it says at all where it fails. */
async function wavespeed(command: string, ...args: string[]): Promise<string> {
  used.add(command);
  const { code, stdout, stderr } = await machine.run(CLI, command, ...args);
  if (code !== 0) throw new Error(`wavespeed ${command}: ${stdout}${stderr}`);
  return stdout;
}

const json = async <T = Record<string, unknown>>(command: string, ...args: string[]): Promise<T> =>
  JSON.parse(await wavespeed(command, ...args, "--json")) as T;

interface Run {
  outputs: string[];
  saved: string[];
}

const run = (...args: string[]): Promise<Run> => json<Run>("run", MODEL, "-i", IMAGE, ...args);

/** Every command that the package defines, hidden ones too; `install` is one of `skill`. */
function commands(): string[] {
  const files = readdirSync(join(PACKAGE, "dist"), { recursive: true, encoding: "utf8" });
  const texts = files
    .filter((file) => file.endsWith(".js"))
    .map((file) => readFileSync(join(PACKAGE, "dist", file), "utf8"));
  const names = texts.flatMap((text) => [...text.matchAll(/\.command\('([a-z-]+)'/g)].map(([, name]) => name ?? ""));
  return names.filter((name) => name !== "install").sort();
}

describe("each command of WaveSpeed's CLI, with only its base URL and key changed", () => {
  test("config points it at the gateway; login checks the key there; status shows both", async () => {
    await wavespeed("config", "--base-url", gateway.info.gateway);
    await expect(wavespeed("login", "--api-key", `${gateway.info.tenantKey.slice(0, -4)}AAAA`)).rejects.toThrow(
      "rejected",
    );
    expect(await wavespeed("login", "--api-key", gateway.info.tenantKey)).toContain("Key:");
    expect(await wavespeed("status")).toContain(gateway.info.gateway);
  });

  test("balance is what the tenant may still spend", async () => {
    expect(await json("balance")).toMatchObject({
      balance: Number((await books.budget())?.remaining),
      currency: "USD",
    });
    expect(await wavespeed("balance")).toContain("Balance:");
  });

  test("models and schema show what the tenant may run", async () => {
    const all = await json<{ model_id: string; base_price: number }[]>("models", "--refresh");
    expect(all).toContainEqual(expect.objectContaining({ model_id: MODEL, base_price: PRICE }));
    expect(await json("models", "v2.1-i2v-standard", "--type", "image-to-video", "--no-cache")).toHaveLength(1);
    expect(await wavespeed("models", "--popular")).toContain(MODEL);
    expect(await json("schema", MODEL)).toMatchObject({ type: "object", properties: { image: { type: "string" } } });
    expect(await wavespeed("schema", MODEL, "--refresh")).toContain("duration");
  });

  test("price quotes without a charge", async () => {
    expect(await json("price", MODEL, "-p", "x", "-i", "duration=10")).toMatchObject({
      unit_price: 0.5,
      currency: "USD",
    });
    expect(await wavespeed("price", MODEL)).toContain(`$${PRICE}`);
  });

  test("upload puts files where models can read them", async () => {
    for (const name of ["a.png", "b.png"]) writeFileSync(join(machine.home, name), name);
    const { url } = await json<{ url: string }>("upload", "a.png");
    expect(await (await fetch(url)).text()).toBe("a.png");
    const { urls } = await json<{ urls: string[] }>("upload", "a.png", "b.png");
    expect(urls).toHaveLength(2);
  });

  test("run runs a model, saves its output, and waits in one request where it is asked to", async () => {
    const ran = await run("-p", "a chase at night", "--download", "out/{index}.{ext}");
    expect(ran.outputs).toHaveLength(1);
    output = ran.outputs[0] ?? "";
    expect(readFileSync(join(machine.home, "out/1.mp4")).toString("latin1", 4, 8)).toBe("ftyp");
    writeFileSync(join(machine.home, "input.json"), JSON.stringify({ prompt: "in sync", duration: 5 }));
    expect((await run("--input-file", "input.json", "--sync")).outputs).toHaveLength(1);
    expect(await wavespeed("run", FIRST_MODEL, "--help")).toContain("prompt");
    const first = await json<Run>("run", FIRST_MODEL, "-p", "a cyberpunk skyline", "--download");
    expect(first.saved).toHaveLength(1);
  });

  test("init and aliases name a project's model, which run then takes", async () => {
    await wavespeed("init", "--yes");
    const project = { defaultModel: "hero", aliases: { hero: { model: MODEL, input: { prompt: "a hero" } } } };
    writeFileSync(join(machine.home, "wavespeed.json"), JSON.stringify(project));
    expect(await json("aliases")).toHaveProperty("hero");
    expect((await json<Run>("run", "-i", IMAGE)).outputs).toHaveLength(1);
    expect(await json("price", "hero")).toMatchObject({ unit_price: PRICE });
  });

  test("run says why a task failed or was refused, and exits with 1", async () => {
    await expect(run("-p", "[[sim: fail=1405, fail_message=the dancer left]]")).rejects.toThrow("the dancer left");
    await expect(run("-p", "x", "-i", "duration=7")).rejects.toThrow("must be 5 or 10");
  });

  test("history lists the tenant's predictions of the last day", async () => {
    const { items } = await json<{ items: { id: string; model: string; status: string }[] }>("history");
    expect(items.map(({ status }) => status).sort()).toEqual([...Array<string>(4).fill("completed"), "failed"]);
    ids.push(...items.map(({ id }) => id));
    expect(await json("history", "--status", "failed", "--limit", "1")).toMatchObject({
      page: 1,
      items: [{ model: MODEL }],
    });
    expect(await wavespeed("history", "--model", MODEL)).toContain("4 predictions");
  });

  test("show and download fetch one again", async () => {
    const shown = await json<Run & { id: string }>("show", ids.at(-1) ?? "", "--download", "again.mp4");
    expect(shown).toMatchObject({ id: ids.at(-1), outputs: [output] });
    expect(shown.saved).toHaveLength(1);
    expect(await json("download", output, "-o", "third.mp4")).toMatchObject({
      saved: [join(machine.home, "third.mp4")],
    });
  });

  test("delete takes them off the list, and what they cost stays", async () => {
    await books.expectAgreement();
    expect(await json("delete", ...ids)).toEqual({ deleted: ids });
    expect(await json("history")).toMatchObject({ items: [] });
    await expect(wavespeed("show", ids[0] ?? "")).rejects.toThrow("404");
    expect((await books.expectAgreement()).captured).toBe((3 * PRICE + FIRST_PRICE).toFixed(6));
  });

  test("what has nothing to do with the API works as ever", async () => {
    expect(await wavespeed("open", "models", "--print")).toContain("https://");
    expect(await wavespeed("top-up", "--print")).toContain("https://");
    expect(await wavespeed("skill", "install", "--print")).toContain("wavespeed");
    await wavespeed("hello");
    expect(await wavespeed("logout")).toContain("Signed out");
    await expect(wavespeed("balance")).rejects.toThrow("No API key");
  });

  test("and there is no other command, and no other host was asked", () => {
    expect([...used].sort()).toEqual(commands());
    expect(machine.strangers()).toEqual([]);
  });
});
