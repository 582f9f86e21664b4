import type { ConversationEvent } from "../../conversation/events.ts";

export type BlockEvent = Extract<ConversationEvent, { index: number }>;

interface Held {
  index: number;
  events: BlockEvent[];
  stopped: boolean;
}

/**
 * Puts the events of blocks that interleave one block after the other, in the order in which the
 * blocks began, and numbers these from 0. The first block that has not ended goes through at once;
 * those behind it are held until their turn comes. Refusals are no blocks to Anthropic's clients,
 * and left out, as are blocks that never began.
 */
export class Sequencer {
  readonly #queue: Held[] = [];
  readonly #byIndex = new Map<number, Held>();
  #count = 0;

  push(event: BlockEvent): { event: BlockEvent; index: number }[] {
    if (event.type === "block-start") {
      if (event.block.type === "refusal") return [];
      const begun = { index: this.#count, events: [], stopped: false };
      this.#count += 1;
      this.#queue.push(begun);
      this.#byIndex.set(event.index, begun);
    }
    const held = this.#byIndex.get(event.index);
    if (held === undefined || held.stopped) return [];
    held.stopped = event.type === "block-stop";
    // A piece of the block whose turn it is: nearly every one.
    if (held === this.#queue[0] && !held.stopped) return [{ event, index: held.index }];
    held.events.push(event);
    return this.#release();
  }

  #release(): { event: BlockEvent; index: number }[] {
    const out: { event: BlockEvent; index: number }[] = [];
    for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
      const { index, events } = first;
      for (const event of events.splice(0)) out.push({ event, index });
      if (!first.stopped) break;
      this.#queue.shift();
    }
    return out;
  }
}
