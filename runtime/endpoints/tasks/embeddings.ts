import { unsupported } from "../../lib/errors.ts";
import { present } from "../../lib/present.ts";
import {
  EMBEDDING_PURPOSES,
  type EmbeddingInput,
  type EmbeddingPurpose,
  type EmbeddingsRequest,
} from "../../tasks/embeddings.ts";
import type { TaskEndpoint } from "../../tasks/task.ts";
import { Field } from "../field.ts";
import type { JsonBody } from "../request-body.ts";
import { unknownFields } from "./unknown.ts";

/** `task_type`, `title` and `auto_truncate` are Vertex's, which clients send in OpenAI's shape too. */
const KNOWN = ["model", "input", "dimensions", "encoding_format"];
const VERTEX = ["task_type", "title", "auto_truncate"];

export const embeddingsTask: TaskEndpoint<JsonBody, "embeddings"> = {
  name: "embeddings",
  decode({ model, body }): EmbeddingsRequest {
    const root = new Field(body);
    const input = root.get("input");
    if (input.absent) throw input.wrong("a text, or a list of texts,");
    const shared = purposeAndTitle(root);
    const inputs = inputsOf(input).map((item) => ({ ...item, ...shared }));
    if (inputs.length === 0) throw input.wrong("at least one text");
    const truncates = root.get("auto_truncate").optional((field) => field.boolean());
    return {
      model,
      inputs,
      encoding:
        root.get("encoding_format").optional((field) => field.oneOf(["float", "base64"])) ??
        "float",
      ...present({
        dimensions: root.get("dimensions").optional((field) => field.integer(1)),
        truncate: truncates === undefined ? undefined : truncates ? "end" : "none",
      } as const),
      unknown: unknownFields(body, [...KNOWN, ...VERTEX]),
    };
  },
  encode({ vectors, model, usage }, { encoding }) {
    const tokens = usage?.inputTokens ?? 0;
    return {
      object: "list",
      data: vectors.map((vector, index) => ({
        object: "embedding",
        index,
        embedding: encoding === "base64" ? base64(vector) : vector,
      })),
      model,
      usage: { prompt_tokens: tokens, total_tokens: usage?.totalTokens ?? tokens },
    };
  },
};

/** A text, a list of them, or `{content, task_type, title}` for either. */
function inputsOf(input: Field): EmbeddingInput[] {
  if (typeof input.value === "string") return [{ text: input.nonEmptyString() }];
  if (Array.isArray(input.value)) {
    if (input.value.some((item) => typeof item === "number" || Array.isArray(item))) {
      throw unsupported("token ids mean nothing to this provider: send texts", input.path);
    }
    return input.items().flatMap(inputsOf);
  }
  const own = purposeAndTitle(input);
  return inputsOf(input.get("content")).map((item) => ({ ...item, ...own }));
}

const purposeAndTitle = (from: Field): { purpose?: EmbeddingPurpose; title?: string } =>
  present({
    purpose: from.get("task_type").optional((field) => field.oneOf(EMBEDDING_PURPOSES)),
    title: from.get("title").optional((field) => field.string()),
  });

function base64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString("base64");
}
