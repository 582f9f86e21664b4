/** Google's models by name; tuned ones and those of others by their resource. */
export const modelResource = (model: string): string =>
  /^(publishers|endpoints)\//.test(model)
    ? model.split("/").map(encodeURIComponent).join("/")
    : `publishers/google/models/${encodeURIComponent(model)}`;

/** Of generateContent and its stream. */
export const contentPath = (prefix: string, model: string, stream: boolean): string =>
  `${prefix === "" ? "" : `/${prefix}`}/${modelResource(model)}:${stream ? "streamGenerateContent" : "generateContent"}`;
