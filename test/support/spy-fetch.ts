import { vi } from "vitest";

type Fetch = (request: Request) => Promise<Response>;

/** Every `fetch` of this Worker goes to `answer`, as the request that it makes; `real` makes it. Until mocks are restored. */
export function spyFetch(answer: (request: Request, real: Fetch) => Promise<Response>): void {
  const real = globalThis.fetch;
  vi.spyOn(globalThis, "fetch").mockImplementation((input, init) => answer(new Request(input, init), real));
}
