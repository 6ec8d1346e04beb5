import { sampleVideo } from "./mp4/sample-video.ts";
import { otherModel } from "./other-models.ts";
import { sampleImage } from "./sample-image.ts";
import type { Task } from "./task.ts";

/** What a finished task has made. */
export function mediaOf(task: Task): { bytes: Uint8Array<ArrayBuffer>; type: "image/png" | "video/mp4" } {
  return isImage(task)
    ? { bytes: sampleImage(), type: "image/png" }
    : { bytes: sampleVideo(task.seconds, task.aspect), type: "video/mp4" };
}

export const fileName = (task: Task): string => `${task.id}.${isImage(task) ? "png" : "mp4"}`;

/** The media as bare base64 when the task asked for that; undefined when it is to be a URL. */
export const outputOf = (task: Task): string | undefined =>
  task.base64 === 1 ? mediaOf(task).bytes.toBase64() : undefined;

const isImage = (task: Task): boolean => otherModel(task.model)?.output === "image";
