/** Google's models by name; tuned ones and those of others by their resource. */
export const modelResource = (model: string): string =>
  /^(publishers|endpoints)\//.test(model)
    ? model.split("/").map(encodeURIComponent).join("/")
    : `publishers/google/models/${encodeURIComponent(model)}`;
