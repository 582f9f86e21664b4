import type { TaskAnswer, TaskRequest } from "./common.ts";

export interface ImagesRequest extends TaskRequest {
  prompt: string;
  /** What must not be seen. */
  negativePrompt?: string;
  /** How many pictures. */
  count?: number;
  /** In pixels; absent: the model's own choice. */
  size?: { width: number; height: number };
  quality?: "standard" | "high";
  format?: "png" | "jpeg" | "webp";
  /** 0 to 100. */
  compression?: number;
  seed?: number;
  /** Fields of the client's that this form does not know, by name. */
  unknown: string[];
}

export interface ImagesAnswer extends TaskAnswer {
  /** Pictures in base64. */
  images: { base64: string; revisedPrompt?: string }[];
}
