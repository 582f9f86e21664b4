import type { DocumentPart } from "../../conversation/conversation.ts";
import { present } from "../../lib/present.ts";
import { Field } from "../field.ts";
import type { JsonBody } from "../request-body.ts";

/** Members of a document that hold what it says. */
const TEXTS = ["text", "snippet", "content"];

/** What the model shall answer from, and cite unless that is switched off. */
export function decodeDocuments(root: Field): DocumentPart[] {
  const citing =
    root
      .get("citation_options")
      .optional((options) => options.get("mode").optional((mode) => mode.string())) !== "OFF";
  return (root.get("documents").optional((list) => list.items()) ?? []).map((item) => {
    const data = typeof item.value === "string" ? item : item.get("data");
    if (typeof item.value !== "string") item.get("id");
    const { title, text } = textOf(data);
    return {
      type: "document",
      source: { kind: "text", text },
      citations: citing,
      ...present({ title }),
    };
  });
}

/** A document as title and text; members beside these are told as the JSON that they are. */
export function textOf(data: Field): { title: string | undefined; text: string } {
  if (typeof data.value === "string") return { title: undefined, text: data.value };
  const { title, ...members } = data.record();
  const name = typeof title === "string" && title !== "" ? title : undefined;
  const [key, ...others] = Object.keys(members);
  const sole = others.length === 0 && key !== undefined && TEXTS.includes(key);
  const text = sole ? members[key] : undefined;
  return { title: name, text: typeof text === "string" ? text : JSON.stringify(members) };
}

/** By the order in which providers count documents: the ids by which the client knows them. */
export const documentIds = (body: JsonBody): string[] =>
  (new Field(body).get("documents").optional((list) => list.items()) ?? []).map((item, index) => {
    const id = typeof item.value === "string" ? undefined : item.get("id").value;
    return typeof id === "string" ? id : `doc:${index}`;
  });
