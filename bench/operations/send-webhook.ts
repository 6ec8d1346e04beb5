import { createHmac } from "node:crypto";

/** WaveSpeed's word, signed as it signs, that a task has ended. `now`: epoch ms. */
export async function sendWebhook(to: string, taskId: string, secret: string, now: number): Promise<void> {
  const body = JSON.stringify({ id: taskId, status: "completed" });
  const [id, timestamp] = [`msg_${taskId}`, String(Math.floor(now / 1_000))];
  const mac = createHmac("sha256", secret.replace(/^whsec_/, ""))
    .update(`${id}.${timestamp}.${body}`)
    .digest("hex");
  const response = await fetch(to, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": `v3,${mac}`,
    },
    body,
  });
  if (response.status !== 200) throw new Error(`the webhook was answered ${response.status}: ${await response.text()}`);
}
