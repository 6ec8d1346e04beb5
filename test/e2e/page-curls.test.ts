import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGateway, type StartedGateway } from "../support/started-gateway.ts";
import { Books } from "./books.ts";

/** The request bodies as WaveSpeed's pages print them, letter by letter. */
const COMPLETE = {
  "kwaivgi/kling-v2.0-i2v-master": `{
    "image": "https://d3gnftk2yhz9lr.wavespeed.ai/media/images/1747713619037325077_BGFFEAws.jpeg",
    "prompt": "Capture a dynamic, high-speed chase scene featuring two motorcycles navigating through a bustling cityscape at night. The camera alternates between close-up shots of the riders' intense expressions, the glowing neon signs of the city, and the sleek lines of the motorcycles as they weave through traffic. The sound of revving engines and the hum of the city create an exhilarating atmosphere.",
    "guidance_scale": 0.5,
    "duration": "5"
}`,
  "kwaivgi/kling-v2.1-i2v-pro": `{
    "prompt": "FPV cockpit view, hands grip the controls as the ship dives through laser fire and exploding debris. Enemy fighters streak past the glass, HUD elements flash red. Distant explosions light up the void.Intense, fast-paced, immersive sci-fi action",
    "negative_prompt": "blur, distort, and low quality",
    "image": "https://d3gnftk2yhz9lr.wavespeed.ai/media/images/1750647347282425568_rAJFCyuq.jpg",
    "guidance_scale": 0.5,
    "duration": "5"
}`,
} as const;

/** These lack fields that their own pages call required. */
const INCOMPLETE = [
  ["kwaivgi/kling-v2.0-t2v-master", `{\n"aspect_ratio": "16:9",\n"duration": 5\n}`, ["prompt"]],
  ["kwaivgi/kling-v2.1-i2v-master", `{\n    "guidance_scale": 0.5,\n    "duration": 5\n}`, ["prompt", "image"]],
  ["kwaivgi/kling-v2.1-i2v-standard", `{\n    "guidance_scale": 0.5,\n    "duration": 5\n}`, ["prompt", "image"]],
] as const;

let gateway: StartedGateway;
beforeAll(async () => {
  gateway = await startGateway({ env: { SIMULATOR_TASK_MS: "300", POLL_MS_MIN: "100", POLL_MS_MAX: "300" } });
});
afterAll(() => gateway?.kill9());

interface Answer {
  status: number;
  body: { code: number; message: string; data?: { id: string; status: string; outputs: string[] } };
}

/** curl itself, with the arguments that a shell makes of the printed call. */
async function curl(...args: string[]): Promise<Answer> {
  const { stdout } = await promisify(execFile)("curl", [...args, "--silent", "--write-out", "\n%{http_code}"]);
  const at = stdout.lastIndexOf("\n");
  return { status: Number(stdout.slice(at + 1)), body: JSON.parse(stdout.slice(0, at)) as Answer["body"] };
}

const authorization = (): string => `Authorization: Bearer ${gateway.info.tenantKey}`;

const submit = (model: string, body: string): Promise<Answer> => {
  const url = `${gateway.info.gateway}/api/v3/${model}`;
  const headers = ["--header", "Content-Type: application/json", "--header", authorization()];
  return curl("--location", "--request", "POST", url, ...headers, "--data-raw", body);
};

const result = (id: string): Promise<Answer> => {
  const url = `${gateway.info.gateway}/api/v3/predictions/${id}/result`;
  return curl("--location", "--request", "GET", url, "--header", authorization());
};

describe("the curl calls of the models' pages, with only host and key changed", () => {
  test.each(Object.entries(COMPLETE))("%s: the job is taken and its result fetched", async (model, body) => {
    const submitted = await submit(model, body);
    expect(submitted).toMatchObject({
      status: 200,
      body: { code: 200, message: "success", data: { model, status: "created", outputs: [] } },
    });

    const id = submitted.body.data?.id ?? "";
    await expect
      .poll(() => result(id), { timeout: 10_000, interval: 200 })
      .toMatchObject({ status: 200, body: { code: 200, data: { id, model, status: "completed", error: "" } } });
    const outputs = (await result(id)).body.data?.outputs ?? [];
    expect(outputs).toHaveLength(1);
    expect((await fetch(outputs[0] ?? "")).headers.get("content-type")).toBe("video/mp4");
  });

  test.each(INCOMPLETE)(
    "%s: what the printed body lacks is named, and nothing is held or sent",
    async (model, body, lacks) => {
      const books = new Books(gateway.info);
      const before = [await books.budget(), await books.bill()];
      const refused = await submit(model, body);
      expect(refused).toMatchObject({ status: 400, body: { code: 400 } });
      expect(refused.body.data).toBeUndefined();
      for (const field of lacks) expect(refused.body.message).toMatch(new RegExp(`"${field}" is required`));
      for (const field of ["aspect_ratio", "guidance_scale", "duration"])
        expect(refused.body.message).not.toContain(field);
      expect([await books.budget(), await books.bill()]).toEqual(before);
    },
  );

  test("the two jobs cost 1.30 and 0.45 in every book", async () => {
    expect(await new Books(gateway.info).expectAgreement()).toEqual({ captured: "1.750000" });
  });
});
