import { sampleVideo } from "./mp4/sample-video.ts";
import type { Task } from "./task.ts";

/** The video as bare base64 when the task asked for that; undefined when it is to be a URL. */
export const outputOf = (task: Task): string | undefined =>
  task.base64 === 1 ? sampleVideo(task.seconds, task.aspect).toBase64() : undefined;
