/** What Gemini's generations differ in, as far as a request has to heed it; read from the name. */
export interface ModelTraits {
  /** How it is told how much to think: in levels (Gemini 3), in tokens (2.5), or not at all. */
  thinks: "levels" | "budget" | "never";
  /** The fewest tokens it thinks with; above 0 where thinking cannot be switched off. */
  minBudget: number;
  /** Refuses calls of its own that come back without their signature. */
  demandsSignatures: boolean;
  /** Reads JSON schemas of answers as they are; others have a dialect of Google's. */
  readsJsonSchemas: boolean;
}

export function modelTraits(model: string): ModelTraits {
  const name = model.toLowerCase();
  const version = Number(/gemini-(\d+(?:\.\d+)?)/.exec(name)?.[1] ?? Number.NaN);
  const readsJsonSchemas = version >= 2.5;
  if (version >= 3) {
    return { thinks: "levels", minBudget: 0, demandsSignatures: true, readsJsonSchemas };
  }
  // Aliases (`gemini-flash-latest`) and tuned models are of the generation that is common.
  const old = version < 2.5;
  return {
    thinks: old ? "never" : "budget",
    minBudget: name.includes("pro") ? 128 : 0,
    demandsSignatures: false,
    readsJsonSchemas,
  };
}
