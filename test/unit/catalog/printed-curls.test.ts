import { expect, it } from "vitest";
import { describeIssues, validateInput } from "../../../src/catalog/index.ts";
import { modelOf } from "./given.ts";

/** The bodies of the curl calls that the five pages print; long prompts are shortened. */
const complete = [
  [
    "v2.0-i2v-master",
    {
      image: "https://d3gnftk2yhz9lr.wavespeed.ai/media/images/1747713619037325077_BGFFEAws.jpeg",
      prompt: "Capture a dynamic, high-speed chase scene featuring two motorcycles",
      guidance_scale: 0.5,
      duration: "5",
    },
  ],
  [
    "v2.1-i2v-pro",
    {
      prompt: "FPV cockpit view, hands grip the controls",
      negative_prompt: "blur, distort, and low quality",
      image: "https://d3gnftk2yhz9lr.wavespeed.ai/media/images/1750647347282425568_rAJFCyuq.jpg",
      guidance_scale: 0.5,
      duration: "5",
    },
  ],
] as const;

it.each(complete)("the body printed for %s is sent as it is", (id, body) => {
  const result = validateInput(modelOf(id), body);
  expect(result.ok ? result.value.input : describeIssues(result.error)).toEqual(body);
});

it.each([
  ["v2.0-t2v-master", { aspect_ratio: "16:9", duration: 5 }, ["prompt"]],
  ["v2.1-i2v-master", { guidance_scale: 0.5, duration: 5 }, ["prompt", "image"]],
  ["v2.1-i2v-standard", { guidance_scale: 0.5, duration: 5 }, ["prompt", "image"]],
] as const)("the body printed for %s lacks required fields, and the refusal names them", (id, body, missing) => {
  const result = validateInput(modelOf(id), body);
  if (result.ok) throw new Error("accepted");
  expect(result.error.map(({ field }) => field)).toEqual(missing);
  for (const field of missing) expect(describeIssues(result.error)).toContain(`"${field}" is required`);
});
