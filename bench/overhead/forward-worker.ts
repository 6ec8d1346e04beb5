interface Env {
  UPSTREAM: string;
  EGRESS: Fetcher;
}

/** The least that a gateway on this runtime does: it sends on what comes in. */
export default {
  fetch(request, env): Promise<Response> {
    const { pathname } = new URL(request.url);
    return env.EGRESS.fetch(env.UPSTREAM + pathname, {
      method: request.method,
      headers: request.headers,
      body: request.body,
    });
  },
} satisfies ExportedHandler<Env>;
