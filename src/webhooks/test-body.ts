/** What a test event carries: a prediction in shape, of a job that never was. */
export const testBody = (eventId: string, origin: string, now: number): string =>
  JSON.stringify({
    id: eventId,
    model: "wavegate/test",
    outputs: [],
    urls: { get: `${origin}/api/v3/predictions/${eventId}/result` },
    has_nsfw_contents: [],
    status: "completed",
    created_at: new Date(now).toISOString(),
    error: "",
    executionTime: 0,
    timings: { inference: 0 },
  });
