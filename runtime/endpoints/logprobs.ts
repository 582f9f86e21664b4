import type { LikelyToken, TokenLogprob } from "../conversation/events.ts";

/** `logprobs` in OpenAI's words: of a choice, or of a piece of it. */
export const logprobsJson = (
  tokens: readonly TokenLogprob[],
): { content: object[]; refusal: null } => ({
  content: tokens.map(({ top = [], ...token }) => ({
    ...withBytes(token),
    top_logprobs: top.map(withBytes),
  })),
  refusal: null,
});

const withBytes = ({ token, logprob }: LikelyToken) => ({
  token,
  logprob,
  bytes: [...Buffer.from(token)],
});
