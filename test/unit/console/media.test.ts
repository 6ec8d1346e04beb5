import { expect, test } from "vitest";
import { Media } from "../../../src/console/view/media.tsx";

const shown = (url: string): string => String(Media({ url }));

test("an output leads to web addresses only", () => {
  for (const url of [
    "javascript:alert(1)",
    " JAVASCRIPT:alert(1)",
    "data:text/html,<script>1</script>",
    "no address",
  ]) {
    expect(shown(url)).not.toMatch(/href|src=|<script/);
  }
  expect(shown("https://cdn.example/film.mp4")).toContain('<video src="https://cdn.example/film.mp4"');
  expect(shown("https://cdn.example/a.png")).toContain('<img src="https://cdn.example/a.png"');
});
