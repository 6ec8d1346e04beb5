/** A delivery that waits for the test to carry it on. */
export interface Letter {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/**
 * A service that keeps what the simulator posts to the gateway's webhook address, since a test's own Worker
 * has no address; GET takes everything out.
 */
export function makeMailbox(): (request: Request) => Promise<Response> {
  let letters: Letter[] = [];
  return async (request) => {
    if (request.method === "GET") {
      const taken = letters;
      letters = [];
      return Response.json(taken);
    }
    letters.push({ url: request.url, headers: Object.fromEntries(request.headers), body: await request.text() });
    return new Response(null, { status: 204 });
  };
}
